"""Who gets a notice, what counts as received, and whom it is told that one came back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from onboarding import tasks
from onboarding.jobs import policies as job
from onboarding.models import (
    Event,
    Mail,
    Membership,
    Notice,
    NoticeText,
    PolicyVersion,
    User,
)
from onboarding.services import people, policies, policy_progress
from tests import policy_ledger as ledger
from tests.factories import make_installation, make_organization, make_user
from tests.policy_ledger import edition, lead
from tests.services.policy_scene import (
    NARROWER,
    WIDER,
    announce,
    arrive,
    give_notice,
    propose,
)

State = PolicyVersion.State
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", ["propose", "approve", "activate", "withdraw", "send_again"])
def test_who_may_not_is_refused(verb: str) -> None:
    version, nobody = ledger.proposed(), lead("nothing")
    acts: dict[str, Callable[[], object]] = {
        "propose": lambda: propose(edition(more="eks:CreateFargateProfile", number=9), nobody),
        "approve": lambda: policies.approve(version, by=nobody),
        "activate": lambda: policies.activate(version, by=nobody),
        "withdraw": lambda: policies.withdraw(version, by=nobody),
        "send_again": lambda: policies.send_again(version, by=nobody),
    }
    with pytest.raises(PermissionError):
        acts[verb]()


def test_whoever_proposed_it_does_not_approve_it() -> None:
    by = lead()
    version = propose(WIDER, by)
    with pytest.raises(PermissionError):
        policies.approve(version, by=by)
    version.refresh_from_db()
    assert version.state == State.PROPOSED


def test_an_approved_version_is_told_to_every_owner_in_a_mail_each() -> None:
    one, two = make_organization(), make_organization()
    both = one.owners().get().user
    Membership.objects.create(organization=two, user=both, role=Membership.Role.OWNER)
    version = announce()
    notices = give_notice()
    assert len(notices) == 3
    mails = Mail.objects.filter(name="policy_notice")
    assert sorted(mails.values_list("to", flat=True)) == sorted(
        {notice.owner.email for notice in notices}
    )
    wording = NoticeText.objects.get()
    for text in (version.what, version.why, version.differences[0]["sentence"], "UTC"):
        assert text in wording.text
    assert Event.objects.filter(kind="policy_announced").count() == 2
    assert job.tell_owners() == []


def test_batches_go_on_until_everybody_has_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    for _ in range(5):
        ledger.owner()
    announce()
    sent: list[str] = []
    monkeypatch.setattr(tasks, "publish", lambda task, pk, **_: sent.append(pk))
    tasks.tell_of_policies()
    assert len(sent) == len(set(sent)) == Notice.objects.count() == 5


@pytest.mark.parametrize("days", [15, 400])
def test_a_clock_set_forward_opens_nothing(days: int) -> None:
    make_organization()
    version, by = announce(), lead()
    give_notice()
    arrive(timedelta(0))
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        with pytest.raises(policies.Refused):
            policies.activate(version, by=by)
        assert not policy_progress.progress(version).is_open


def test_a_new_owner_gets_a_notice_and_moves_the_day() -> None:
    make_organization()
    version, by = announce(), lead()
    give_notice()
    arrive()
    assert policy_progress.progress(version).is_open
    new = make_organization().owners().get()
    assert policy_progress.progress(version).earliest is None
    with pytest.raises(policies.Refused):
        policies.activate(version, by=by)
    job.tell_owners()
    assert Notice.objects.get(owner=new.user).mail is not None
    arrive(timedelta(days=3))
    found = policy_progress.progress(version)
    assert found.earliest is not None
    assert found.earliest - found.now > timedelta(days=10, hours=23)


def test_a_notice_that_came_back_is_told_to_support_and_to_the_other_owners() -> None:
    organization = make_organization()
    lost = organization.owners().get().user
    other = Membership.objects.create(
        organization=organization, user=make_user(), role=Membership.Role.OWNER
    )
    version = announce()
    give_notice()
    arrive()
    ledger.settle(Notice.objects.get(owner=lost), Mail.State.BOUNCED)
    mails = job.tell_of_bounces()
    assert sorted((mail.name, mail.to) for mail in mails) == [
        ("policy_bounced", other.user.email),
        ("policy_bounced_to_support", "support@astronomer.io"),
    ]
    assert job.tell_of_bounces() == []
    found = policy_progress.progress(version)
    assert (found.told, found.failed, found.earliest) == (1, 1, None)
    # Not by itself to the address that does not work; to a new one it is.
    assert job.tell_owners() == []
    User.objects.filter(pk=lost.pk).update(email="moved@ledger.example")
    assert [mail.to for mail in job.tell_owners()] == ["moved@ledger.example"]


def test_an_acknowledgement_counts_as_received_when_it_was_given() -> None:
    owner = make_organization().owners().get().user
    version = announce()
    (notice,) = give_notice()
    ledger.settle(notice, Mail.State.REFUSED)
    for somebody in (make_user(), lead()):
        with pytest.raises(PermissionError):
            policies.acknowledge(notice, by=somebody)
    policies.acknowledge(notice, by=owner)
    policies.acknowledge(notice, by=owner)
    assert Event.objects.filter(kind="policy_acknowledged").count() == 1
    found = policy_progress.progress(version)
    assert found.earliest is not None
    assert not found.is_open


def test_support_may_send_again_what_came_back() -> None:
    make_organization()
    version = announce()
    (notice,) = give_notice()
    ledger.settle(notice, Mail.State.REFUSED)
    assert policies.send_again(version, by=lead()) == 1
    assert policies.send_again(version, by=lead()) == 0
    assert Notice.objects.count() == 2


def test_who_deletes_their_account_is_taken_out_of_the_notices_and_holds_nothing_up() -> None:
    organization = make_organization()
    gone = Membership.objects.create(
        organization=organization, user=make_user(), role=Membership.Role.OWNER
    )
    version = announce()
    give_notice()
    arrive()
    ledger.settle(Notice.objects.get(owner=gone.user), Mail.State.BOUNCED)
    email = gone.user.email
    people.delete(gone.user)
    stored = Notice.objects.get(owner=gone.user)
    assert stored.address == f"former-{gone.user.pk}@deleted.invalid"
    assert not Mail.objects.filter(to=email).exists()
    policies.activate(version, by=lead())


def test_when_it_is_in_effect_owners_with_an_older_role_are_told_once() -> None:
    old, new = make_installation(policy_version=1), make_installation()
    version = propose(NARROWER)
    policies.activate(version, by=lead())
    mails = job.tell_of_effect()
    assert [mail.to for mail in mails] == [old.organization.owners().get().user.email]
    assert Event.objects.get(kind="policy_effective").organization == old.organization
    assert job.tell_of_effect() == []
    assert new.organization.events.filter(kind="policy_effective").count() == 0


def test_the_date_is_the_database_s_own(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_organization()
    version = announce()
    give_notice()
    arrive(timedelta(days=1))
    with django_assert_num_queries(3):
        found = policy_progress.progress(version)
    assert found.earliest == Notice.objects.get().accepted_at + ledger.FORTNIGHT  # type: ignore[operator]

from typing import Any

import pytest

from onboarding.models import Event, IllegalMove, Installation, Mail, Operation, Status, User
from onboarding.services import installations, review
from onboarding.wizard import STEPS, StepForm
from tests.factories import make_answered, make_installation, make_member, make_user

pytestmark = pytest.mark.django_db

ACCOUNT = STEPS[0]
POSTED = {
    "aws_account_id": "210987654321",
    "account_is_dedicated": "on",
    "status_page_subscribed": "on",
    "domains_allowed": "on",
}


def owner_of(installation: Installation) -> User:
    return installation.organization.owners().get().user


def account_form(installation: Installation, **posted: Any) -> StepForm:
    assert ACCOUNT.form is not None
    form = ACCOUNT.form(installation, POSTED | posted)
    assert form.is_valid(), form.errors
    return form


def save(installation: Installation, version: int, **posted: Any) -> Installation:
    return installations.save_step(
        installation,
        ACCOUNT,
        account_form(installation, **posted),
        by=owner_of(installation),
        version=version,
    )


def test_a_saved_account_starts_the_look_for_a_role() -> None:
    installation = make_installation()

    saved = save(installation, 0)

    assert saved.aws_account_id == "210987654321"
    assert saved.version == 1
    assert saved.operations.get().kind == Operation.Kind.VERIFY_ROLE


def test_of_two_people_the_later_one_is_told_and_overwrites_nothing() -> None:
    installation = make_installation()
    save(installation, 0)

    with pytest.raises(installations.EditedMeanwhile):
        save(installation, 0, aws_account_id="320987654321")

    assert Installation.objects.get().aws_account_id == "210987654321"


def test_a_proof_made_for_another_account_no_longer_counts() -> None:
    installation = make_answered()
    assert STEPS[3].is_complete(installation)

    changed = save(installation, 0, aws_account_id="320987654321")

    assert not STEPS[3].is_complete(changed)
    assert changed.check_results.count() == installation.check_results.count()


def test_a_wanted_change_is_resolved_when_its_field_changes() -> None:
    installation = make_answered(status=Status.CHANGES_REQUESTED)
    for field in ("aws_account_id", "cluster_name"):
        installation.change_requests.create(field=field, text="Why?", by=make_user())

    save(installation, 0, aws_account_id="320987654321")

    open_fields = installation.change_requests.open().values_list("field", flat=True)
    assert list(open_fields) == ["cluster_name"]


def test_nothing_is_saved_once_support_has_it() -> None:
    installation = make_answered(status=Status.SUBMITTED)

    with pytest.raises(installations.EditedMeanwhile):
        save(installation, 0, aws_account_id="320987654321")


def test_submit_tells_the_customer_and_support() -> None:
    installation = make_answered()

    installations.submit(installation, by=owner_of(installation))

    assert Installation.objects.get().status == Status.SUBMITTED
    assert sorted(Mail.objects.values_list("name", flat=True)) == [
        "submitted",
        "submitted_to_support",
    ]
    assert installation.events.filter(kind=Event.Kind.SUBMITTED).exists()


def test_submit_says_what_is_missing_and_changes_nothing() -> None:
    installation = make_installation(aws_account_id="210987654321")

    with pytest.raises(installations.NotAnswered) as missing:
        installations.submit(installation, by=owner_of(installation))

    assert [page.step.slug for page in missing.value.missing] == [
        "account",
        "cluster",
        "network",
        "access",
        "checks",
    ]
    assert Installation.objects.get().status == Status.DRAFT
    assert not Mail.objects.exists()


def test_a_member_cannot_submit() -> None:
    installation = make_answered()

    with pytest.raises(PermissionError):
        installations.submit(installation, by=make_member(installation.organization))


def test_the_way_to_ready_writes_an_event_and_a_mail_at_each_turn() -> None:
    installation, agent = make_answered(), make_user(is_staff=True)
    installations.submit(installation, by=owner_of(installation))

    installations.claim(installation, by=agent)
    installations.ask_for_changes(
        installation, wanted={"region": "Please choose eu-west-1."}, note="", by=agent
    )
    installations.submit(Installation.objects.with_everything().get(), by=owner_of(installation))
    installations.claim(installation, by=agent)
    installations.start_building(installation, by=agent)
    review.report_cluster(installation, facts={"cluster_id": "c-1"}, connections={}, by=agent)
    installations.report_ready(installation, by=agent)
    installations.confirm(installation, by=owner_of(installation))

    kinds = list(installation.events.values_list("kind", flat=True))
    assert kinds[1:] == [
        "submitted",
        "claimed",
        "changes_requested",
        "submitted",
        "claimed",
        "building",
        "cluster_reported",
        "ready",
        "confirmed",
    ]
    to_customer = Mail.objects.filter(to=owner_of(installation).email).order_by("created_at", "pk")
    assert set(to_customer.values_list("name", flat=True)) == {
        "submitted",
        "claimed",
        "changes_requested",
        "building",
        "ready",
    }


def test_an_illegal_move_writes_neither_event_nor_mail() -> None:
    installation = make_answered()

    with pytest.raises(IllegalMove):
        installations.start_building(installation, by=make_user(is_staff=True))

    assert not Mail.objects.exists()
    assert installation.events.count() == 1

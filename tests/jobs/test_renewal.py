"""Two external IDs are valid until every role has the new one; then the former one is retired."""

import pytest

from onboarding.models import (
    Event,
    Installation,
    Operation,
    Organization,
    Status,
)
from onboarding.services import external_id
from onboarding.wizard.steps.access import has_former, is_complete
from tests.factories import make_installation
from tests.jobs.renewal_scene import (
    fresh,
    mails,
    now,
    opens,
    owner,
    renew,
    role,
    update,
)
from tests.jobs.role_scene import AS_PUBLISHED, LACKS, UNKNOWN

pytestmark = pytest.mark.django_db


def test_a_renewal_keeps_the_former_one_and_looks_at_every_role() -> None:
    scene = role()
    before = now(scene).reveal_external_id()

    renew(scene)

    organization = now(scene)
    assert organization.reveal_former_external_id() == before
    assert organization.reveal_external_id() != before
    assert scene.installation.operations.unfinished().get().kind == Operation.Kind.VERIFY_ROLE
    event = Event.objects.get(kind="external_id_rotated")
    assert (event.by, event.installation) == (owner(scene), None)
    assert mails("external_id_renewed") == [owner(scene).email]


def test_only_an_owner_renews_and_not_twice_at_once() -> None:
    scene = role()
    with pytest.raises(PermissionError):
        external_id.renew(now(scene), by=owner(role(number=2)))
    renew(scene)
    before = Organization.objects.values().get(pk=now(scene).pk)
    with pytest.raises(external_id.RenewalUnderWay):
        renew(scene)
    assert Organization.objects.values().get(pk=now(scene).pk) == before


def test_a_role_with_the_former_one_is_to_be_updated_and_neither_drifts_nor_is_unsafe() -> None:
    scene = role()
    renew(scene)

    scene.looks_for(300)

    assert opens(scene).status == "warning"
    assert "still opens with the former external ID: update it" in opens(scene).saw
    assert is_complete(fresh(scene))
    assert has_former(fresh(scene))
    assert scene.kinds() == ["role_proved"]
    assert now(scene).is_renewing_external_id
    assert mails("role_drifted") == []


def test_the_job_sends_its_organizations_own_two_and_no_other() -> None:
    scene, other = role(), role(number=2)
    renew(scene)
    organization = now(scene)
    scene.sent.clear()
    other.sent.clear()

    scene.look()
    other.look()

    ours = (organization.reveal_external_id(), organization.reveal_former_external_id())
    assert set(scene.sent) == {ours}
    assert set(other.sent) == {(now(other).reveal_external_id(), "")}


def test_the_last_role_that_is_updated_ends_it() -> None:
    first = role()
    second = role(first.installation.organization, number=2)
    renew(first)
    first.look()
    second.look()

    update(first)
    first.look()
    assert now(first).is_renewing_external_id, "The second role still has the former one."
    assert mails("external_id_retired") == []
    update(second)
    second.look()

    assert not now(first).is_renewing_external_id
    retired = Event.objects.get(kind="external_id_retired")
    assert (retired.by, retired.installation) == (None, None)
    assert mails("external_id_retired") == [owner(first).email]
    assert opens(second).status == "passed"


def test_a_role_that_opens_with_both_does_not_end_it() -> None:
    scene = role()
    renew(scene)
    update(scene, keeping_former=True)

    scene.look()
    assert opens(scene).status == "warning"
    assert now(scene).is_renewing_external_id

    update(scene)
    scene.look()
    assert not now(scene).is_renewing_external_id


def test_a_role_that_goes_back_to_the_former_one_does_not_let_it_end() -> None:
    first = role()
    second = role(first.installation.organization, number=2)
    renew(first)
    update(first)
    first.look()
    first.ids = (now(first).reveal_former_external_id(),)
    first.look()
    update(second)
    second.look()
    assert now(first).is_renewing_external_id
    update(first)
    first.look()
    assert not now(first).is_renewing_external_id


def test_no_clear_answer_ends_nothing() -> None:
    scene = role()
    renew(scene)
    update(scene)
    scene.opens = UNKNOWN

    scene.looks_for(120)

    assert now(scene).is_renewing_external_id


def test_a_role_that_drifted_in_another_way_does_not_hold_the_others_up() -> None:
    """It refuses the former one: what it may do besides is another matter."""
    scene = role()
    scene.permissions = LACKS
    scene.looks_for(200)
    assert "role_drifted" in scene.kinds()
    renew(scene)
    update(scene)

    scene.look()

    assert not now(scene).is_renewing_external_id
    scene.permissions = AS_PUBLISHED


def test_cancelled_ones_and_those_without_an_account_are_not_waited_for() -> None:
    scene = role()
    organization = scene.installation.organization
    cancelled = role(organization, number=2)
    Installation.objects.filter(pk=cancelled.installation.pk).update(status=Status.CANCELLED)
    make_installation(organization)
    renew(scene)
    update(scene)

    scene.look()

    assert not now(scene).is_renewing_external_id


def test_where_no_role_can_be_the_former_one_goes_at_once() -> None:
    installation = make_installation()
    organization = installation.organization

    external_id.renew(organization, by=organization.owners().get().user)

    kept = Organization.objects.get(pk=organization.pk)
    assert not kept.is_renewing_external_id
    assert kept.external_id_rotated_at

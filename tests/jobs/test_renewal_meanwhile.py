"""What crosses a renewal: looks under way, an Owner's own word, hand-overs, another renewal."""

import json

import pytest

from onboarding.facts import ROLE_NAME
from onboarding.jobs import operations
from onboarding.jobs.renewal import in_use, is_left
from onboarding.models import (
    CheckResult,
    Event,
    Handover,
    Installation,
    Mail,
    Operation,
    Organization,
)
from onboarding.services import external_id, handover
from tests.factories import make_installation
from tests.harness.simulator import Simulator
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
from tests.jobs.role_scene import AS_PUBLISHED, LACKS, Scene
from tests.jobs.test_verify_role import HEALTHY, create_role_as_the_guide_says, trust

pytestmark = pytest.mark.django_db


def test_a_look_that_began_before_the_renewal_proves_nothing_about_it() -> None:
    scene = role()

    operation = scene.look(between=lambda: renew(scene))

    assert now(scene).is_renewing_external_id
    assert operation.state == Operation.State.QUEUED, "It looks again, with both."
    assert is_left(in_use(now(scene)).get())


def test_a_look_that_saw_the_former_one_is_made_again_after_it_was_retired() -> None:
    scene = role()
    renew(scene)

    operation = scene.look(between=lambda: external_id.retire_former(now(scene), by=owner(scene)))

    assert operation.state == Operation.State.QUEUED
    scene.looks_for(200)
    assert scene.kinds()[-1] == "role_drifted", "Told as any role that no longer opens."


def test_an_owner_retires_it_by_hand_and_is_told_what_follows() -> None:
    scene = role()
    renew(scene)
    scene.look()

    external_id.retire_former(now(scene), by=owner(scene))
    external_id.retire_former(now(scene), by=owner(scene))

    assert not now(scene).is_renewing_external_id
    event = Event.objects.get(kind="external_id_retired")
    assert event.by == owner(scene)
    (mail,) = Mail.objects.filter(name="external_id_retired")
    assert "no longer opens" in mail.text
    assert scene.installation.operations.unfinished().exists()


def test_renewed_again_the_roles_are_to_be_updated_again() -> None:
    scene = role()
    renew(scene)
    update(scene)
    scene.look()
    scene.installation.organization = now(scene)
    renew(scene)

    assert is_left(in_use(now(scene)).get())
    scene.look()
    assert opens(scene).status == "warning"
    update(scene)
    scene.look()

    assert not now(scene).is_renewing_external_id
    assert Event.objects.filter(kind="external_id_retired").count() == 2


def test_links_of_colleagues_are_withdrawn_and_new_ones_end_with_the_update() -> None:
    scene = role()
    CheckResult.objects.filter(code="role_exists").update(status="waiting")
    handover.hand_over(fresh(scene), email="a@acme.example", by=owner(scene))
    renew(scene)
    assert Handover.objects.get().state == "withdrawn"
    scene.look()
    handover.hand_over(fresh(scene), email="a@acme.example", by=owner(scene))

    scene.look()
    assert Handover.objects.open().exists(), "The role still has the former one."
    update(scene)
    scene.look()

    assert [each.state for each in Handover.objects.all()] == ["done", "withdrawn"]


def test_a_proved_role_ends_the_hand_overs_and_both_sides_get_a_mail() -> None:
    installation = make_installation(aws_account_id="740000000077")
    scene = Scene(installation, permissions=LACKS)
    by = installation.organization.owners().get().user
    handover.hand_over(installation, email="a@acme.example", by=by)
    scene.look()
    assert Handover.objects.open().exists(), "The role cannot do its work yet."

    scene.now(permissions=AS_PUBLISHED).look()

    assert Handover.objects.get().state == "done"
    assert mails("handover_thanks") == ["a@acme.example"]
    assert mails("handover_done") == [by.email]
    assert Event.objects.get(kind="handover_done").installation == installation
    scene.now(permissions=AS_PUBLISHED).look()
    assert len(mails("handover_done")) == 1


def test_no_mail_and_no_event_holds_an_id() -> None:
    scene = role()
    renew(scene)
    known = [now(scene).reveal_external_id(), now(scene).reveal_former_external_id()]
    scene.look()
    update(scene)
    scene.look()
    rows = [*Mail.objects.values(), *Event.objects.values(), *Operation.objects.values()]
    rows += CheckResult.objects.values()
    assert [row for row in rows if any(each in str(row) for each in known)] == []


def run(installation: Installation, kind: Operation.Kind) -> Operation:
    operation = Operation.request(installation, kind)
    operations.run(str(operation.pk))
    operation.refresh_from_db()
    return operation


def test_in_aws_the_jobs_work_with_either_and_the_proof_ends_it(simulator: Simulator) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    organization = installation.organization
    create_role_as_the_guide_says(simulator, trust(organization.reveal_external_id()))
    run(installation, Operation.Kind.VERIFY_ROLE)
    external_id.renew(organization, by=organization.owners().get().user)

    run(installation, Operation.Kind.VERIFY_ROLE)
    checked = run(installation, Operation.Kind.CHECK_ACCOUNT)

    opens = installation.check_results.get(code="role_opens")
    assert opens.status == "warning"
    assert checked.state == Operation.State.DONE
    assert installation.check_results.get(code="on_demand_quota").status == "passed"
    new = Organization.objects.get(pk=organization.pk).reveal_external_id()
    simulator.session(HEALTHY).client("iam").update_assume_role_policy(
        RoleName=ROLE_NAME, PolicyDocument=json.dumps(trust(new))
    )

    run(installation, Operation.Kind.VERIFY_ROLE)

    opens.refresh_from_db()
    assert opens.status == "passed"
    kept = Organization.objects.get(pk=organization.pk)
    assert not kept.is_renewing_external_id
    assert run(installation, Operation.Kind.CHECK_ACCOUNT).state == Operation.State.DONE

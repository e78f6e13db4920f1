import json
from typing import Any

import pytest

from onboarding.facts import ROLE_NAME, TRUST_PRINCIPAL
from onboarding.jobs import operations
from onboarding.models import CheckResult, Installation, Operation
from onboarding.policy import document
from onboarding.wizard.steps.access import ROLE_CODES, is_complete, is_proved
from tests.factories import make_installation
from tests.harness.simulator import Simulator

EDITION = document.shipped()

pytestmark = pytest.mark.django_db

HEALTHY, UNSAFE = "210987654321", "650987654321"


def trust(external_id: str | None) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def create_role_as_the_guide_says(simulator: Simulator, trusted: dict[str, Any]) -> None:
    iam = simulator.session(HEALTHY).client("iam")
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=json.dumps(trusted))
    for each in EDITION.policies:
        text = json.dumps(each.document)
        made = iam.create_policy(PolicyName=each.name, PolicyDocument=text)
        iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])


def verify(account_id: str, installation: Installation | None = None) -> Installation:
    installation = installation or make_installation(aws_account_id=account_id)
    operation = Operation.request(installation, Operation.Kind.VERIFY_ROLE)
    operations.run(str(operation.pk))
    return Installation.objects.with_everything().get(pk=installation.pk)


def statuses(installation: Installation) -> dict[str, str]:
    return dict(installation.check_results.of_role().values_list("code", "status"))


def test_a_role_made_as_the_guide_says_is_found_and_proved(simulator: Simulator) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    create_role_as_the_guide_says(simulator, trust(installation.organization.reveal_external_id()))

    installation = verify(HEALTHY, installation)

    assert is_proved(installation)
    assert is_complete(installation)
    proved = installation.events.get(kind="role_proved")
    assert proved.data["account_id"] == HEALTHY
    assert (proved.data["version"], proved.data["permissions"]) == (EDITION.number, "passed")
    for look in proved.data["looks"]:
        assert set(look) == {"at", "opens", "without", "wrong", "identity", "trust"}
    assert len(proved.data["looks"]) == 2


def test_the_same_role_without_the_condition_is_refused_with_the_reason(
    simulator: Simulator,
) -> None:
    create_role_as_the_guide_says(simulator, trust(None))

    installation = verify(HEALTHY)

    assert not is_proved(installation)
    failed = installation.check_results.get(code="role_refuses_without")
    assert failed.status == CheckResult.Status.FAILED
    assert "condition" in (failed.saw + failed.cause).lower()
    assert installation.events.filter(kind="role_unsafe").exists()


def test_the_unsafe_sample_account_is_refused(simulator: Simulator) -> None:
    installation = verify(UNSAFE)

    assert not is_proved(installation)
    assert "failed" in statuses(installation).values()


def test_an_unsafe_role_is_looked_at_again_until_it_is_mended(simulator: Simulator) -> None:
    create_role_as_the_guide_says(simulator, trust(None))
    installation = verify(HEALTHY)
    assert installation.operations.get().state == Operation.State.QUEUED
    mended = json.dumps(trust(installation.organization.reveal_external_id()))
    iam = simulator.session(HEALTHY).client("iam")
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=mended)

    installation = verify(HEALTHY, installation)

    assert is_proved(installation)
    kinds = installation.events.filter(kind__startswith="role_").values_list("kind", flat=True)
    assert list(kinds) == ["role_unsafe", "role_proved"]


def test_while_there_is_no_role_the_look_goes_on(simulator: Simulator) -> None:
    installation = verify(HEALTHY)

    waiting = installation.operations.get()
    assert waiting.state == Operation.State.QUEUED
    assert waiting.attempt == 0
    assert set(statuses(installation)) == set(ROLE_CODES)
    assert "failed" not in statuses(installation).values()


def test_throttling_proves_nothing(simulator: Simulator) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    create_role_as_the_guide_says(simulator, trust(installation.organization.reveal_external_id()))
    simulator.knobs(throttle={"sts:AssumeRole": 200})

    installation = verify(HEALTHY, installation)

    assert not is_proved(installation)
    assert "passed" not in {
        statuses(installation).get("role_refuses_without"),
        statuses(installation).get("role_refuses_wrong"),
    }


def test_every_call_is_written_down_for_the_customer(simulator: Simulator) -> None:
    installation = verify(UNSAFE)

    calls = installation.aws_calls.all()
    assert {"AssumeRole"} <= {call.action for call in calls}
    assert all(call.request_id for call in calls)


def test_the_external_id_that_reaches_aws_is_the_organizations_own(simulator: Simulator) -> None:
    """Another Organization's role does not open, although the account id is known."""
    theirs = make_installation(aws_account_id=HEALTHY)
    create_role_as_the_guide_says(simulator, trust(theirs.organization.reveal_external_id()))

    mine = verify(HEALTHY)

    assert not is_proved(mine)
    assert statuses(mine)["role_opens"] != "passed"


def test_a_first_proof_starts_the_checks_of_the_account(simulator: Simulator) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    create_role_as_the_guide_says(simulator, trust(installation.organization.reveal_external_id()))

    installation = verify(HEALTHY, installation)

    waiting = installation.operations.unfinished().values_list("kind", flat=True)
    assert list(waiting) == [Operation.Kind.CHECK_ACCOUNT]

from collections.abc import Callable
from typing import Any

import pytest

from onboarding.aws.check import Finding, Status, Turn
from onboarding.aws.checks.organization_policies import CHECK, TELLING
from onboarding.aws.run import run_checks
from onboarding.policy import document
from tests.aws.simulated import SimulatedAws
from tests.aws.trust_documents import OURS
from tests.aws.wishes import wish

EDITION = document.shipped()

MANAGER = "444455556666"
Look = Callable[[], Finding]


@pytest.fixture
def look(aws: SimulatedAws, account_id: str) -> Look:
    """Make the role, and look as an administrator of the account."""
    aws.make_role(account_id, document.trust_policy(OURS))
    wanted = wish(aws_account_id=account_id)

    def run() -> Finding:
        ((_, finding),) = run_checks(aws.account(account_id), wanted, (CHECK,))
        return finding

    return run


def join(aws: SimulatedAws, account_id: str, manager: str = MANAGER) -> None:
    one = {"account": account_id, "member": True, "management_account": manager}
    aws.simulator.knobs(organizations=[one])


def control(aws: SimulatedAws, account_id: str, *actions: str) -> None:
    statement: dict[str, Any] = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    aws.simulator.knobs(scps=[{"account": account_id, "documents": [policy]}])


def test_an_account_in_no_organization_passes_with_a_hint(look: Look) -> None:
    finding = look()

    assert finding.status is Status.PASSED
    assert "in no AWS Organization" in finding.saw
    assert "one bill" in finding.saw


def test_a_member_whose_organization_denies_nothing_passes_and_the_limits_are_said(
    aws: SimulatedAws, account_id: str, look: Look
) -> None:
    join(aws, account_id)

    finding = look()

    assert finding.status is Status.PASSED
    assert f"denies none of the {len(TELLING)} actions" in finding.saw
    assert "conditions" in finding.saw


def test_what_a_service_control_policy_denies_is_named_with_whom_to_ask(
    aws: SimulatedAws, account_id: str, look: Look
) -> None:
    join(aws, account_id)
    control(aws, account_id, "ec2:CreateVpc", "rds:*")

    finding = look()

    assert (finding.status, finding.turn) == (Status.WARNING, Turn.CUSTOMER)
    assert finding.saw.endswith("denies ec2:CreateVpc, rds:CreateDBInstance.")
    assert f"its management account is {MANAGER}" in finding.fix.steps[0]
    assert f"the role astronomer-remote-management in account {account_id}" in finding.fix.steps[1]
    assert "AllowedByOrganizations==`false`" in finding.fix.command
    assert not CHECK.blocking


def test_the_management_account_is_under_no_policy(
    aws: SimulatedAws, account_id: str, look: Look
) -> None:
    join(aws, account_id, account_id)

    finding = look()

    assert finding.status is Status.PASSED
    assert "management account" in finding.saw


@pytest.mark.parametrize(
    "action", ["organizations:DescribeOrganization", "iam:SimulatePrincipalPolicy"]
)
def test_what_may_not_be_asked_leaves_it_open(
    aws: SimulatedAws, account_id: str, look: Look, action: str
) -> None:
    join(aws, account_id)
    aws.fail(action, "AccessDenied")

    finding = look()

    assert finding.status is Status.COULD_NOT_CHECK
    assert "simulate-principal-policy" in finding.fix.command


def test_only_actions_that_the_role_has_are_tried() -> None:
    granted = {action for group in EDITION.groups for action in group.actions}

    assert set(TELLING) - granted == set()

import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.region_enabled import CHECK
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish


def test_a_region_that_needs_no_opt_in_passes_without_a_question(
    aws: SimulatedAws, account_id: str
) -> None:
    log = Log()

    finding = CHECK.run(aws.account(account_id, record=log), wish())

    assert finding.status is Status.PASSED
    assert "always on" in finding.saw
    assert log.calls == []


@pytest.mark.parametrize(
    ("opted", "status", "turn"),
    [
        ("ENABLED", Status.PASSED, Turn.NOBODY),
        ("ENABLING", Status.WAITING, Turn.AWS),
        ("DISABLED", Status.FAILED, Turn.CUSTOMER),
        ("DISABLING", Status.FAILED, Turn.CUSTOMER),
    ],
)
def test_an_opt_in_region_passes_only_when_it_is_on(
    aws: SimulatedAws, account_id: str, opted: str, status: Status, turn: Turn
) -> None:
    aws.set_region(account_id, "ap-east-1", opted)

    finding = CHECK.run(aws.account(account_id, "ap-east-1"), wish(region="ap-east-1"))

    assert (finding.status, finding.turn) == (status, turn)


def test_a_region_that_is_off_comes_with_the_command_that_turns_it_on(
    aws: SimulatedAws, account_id: str
) -> None:
    finding = CHECK.run(aws.account(account_id, "me-south-1"), wish(region="me-south-1"))

    assert finding.fix.command == "aws account enable-region --region-name me-south-1"
    assert finding.fix.link


@pytest.mark.parametrize(
    ("opted", "status"), [("ENABLED", Status.PASSED), ("DISABLED", Status.FAILED)]
)
def test_ec2_is_asked_where_account_management_may_not_be(
    aws: SimulatedAws, account_id: str, opted: str, status: Status
) -> None:
    aws.set_region(account_id, "ap-east-1", opted)
    aws.fail("account:GetRegionOptStatus", "AccessDeniedException")

    finding = CHECK.run(aws.account(account_id, "ap-east-1"), wish(region="ap-east-1"))

    assert finding.status is status

import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.sts_tokens import CHECK
from onboarding.aws.run import run_checks
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish

HONG_KONG = wish(region="ap-east-1")


def test_where_no_opt_in_is_needed_nothing_is_asked(aws: SimulatedAws, account_id: str) -> None:
    log = Log()

    finding = CHECK.run(aws.account(account_id, record=log), wish())

    assert finding.status is Status.PASSED
    assert "takes the tokens of every account" in finding.saw
    assert log.calls == []


@pytest.mark.parametrize(
    ("preference", "status", "turn"),
    [
        (None, Status.FAILED, Turn.CUSTOMER),
        ("v1Token", Status.FAILED, Turn.CUSTOMER),
        ("v2Token", Status.PASSED, Turn.NOBODY),
    ],
)
def test_an_opt_in_region_takes_tokens_of_version_2_alone(
    aws: SimulatedAws, account_id: str, preference: str | None, status: Status, turn: Turn
) -> None:
    if preference:
        iam = aws.admin(account_id, "iam")
        iam.set_security_token_service_preferences(GlobalEndpointTokenVersion=preference)

    finding = CHECK.run(aws.account(account_id), HONG_KONG)

    assert (finding.status, finding.turn) == (status, turn)


def test_the_command_given_is_the_one_that_mends_it(aws: SimulatedAws, account_id: str) -> None:
    finding = CHECK.run(aws.account(account_id), HONG_KONG)

    assert finding.fix.command == (
        "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token"
    )
    assert finding.fix.link.endswith("/iam/home#/account_settings")
    assert CHECK.blocking


def test_a_summary_that_may_not_be_read_is_no_failure(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("iam:GetAccountSummary", "AccessDenied")

    ((_, finding),) = run_checks(aws.account(account_id), HONG_KONG, (CHECK,))

    assert finding.status is Status.COULD_NOT_CHECK
    assert "get-account-summary" in finding.fix.command

"""Both quotas against the 40 vCPU that Astro needs."""

import pytest

from onboarding.aws.check import Check, Status, Turn
from onboarding.aws.checks import on_demand_quota, spot_quota
from onboarding.aws.run import run_checks
from onboarding.facts import ON_DEMAND_QUOTA, SPOT_QUOTA
from tests.aws.simulated import SimulatedAws
from tests.aws.wishes import wish

BOTH = pytest.mark.parametrize(
    ("check", "code"),
    [(on_demand_quota.CHECK, ON_DEMAND_QUOTA), (spot_quota.CHECK, SPOT_QUOTA)],
    ids=["on-demand", "spot"],
)


@BOTH
@pytest.mark.parametrize(
    ("value", "status"),
    [(0, "failed"), (5, "failed"), (39, "failed"), (40, "passed"), (41, "passed"), (256, "passed")],
)
def test_forty_vcpu_pass_and_less_fails(
    aws: SimulatedAws, account_id: str, check: Check, code: str, value: int, status: str
) -> None:
    aws.set_quota(account_id, code, value, "eu-west-1")

    finding = check.run(aws.account(account_id, "eu-west-1"), wish(region="eu-west-1"))

    assert finding.status == status
    assert finding.saw == f"{value} vCPU in eu-west-1"
    assert finding.needed == "40 vCPU or more in eu-west-1"


@BOTH
def test_the_quota_of_another_region_does_not_count(
    aws: SimulatedAws, account_id: str, check: Check, code: str
) -> None:
    aws.set_quota(account_id, code, 5, "eu-west-1")

    assert check.run(aws.account(account_id), wish()).status is Status.PASSED


@BOTH
def test_a_quota_aws_holds_no_value_for_is_its_default(
    aws: SimulatedAws, account_id: str, check: Check, code: str
) -> None:
    aws.set_quota(account_id, code, None, "us-east-1")

    finding = check.run(aws.account(account_id), wish())

    assert (finding.status, finding.saw) == (Status.FAILED, "5 vCPU in us-east-1")


@BOTH
def test_a_quota_too_low_comes_with_a_command_and_a_link_that_name_it(
    aws: SimulatedAws, account_id: str, check: Check, code: str
) -> None:
    aws.set_quota(account_id, code, 5, "us-east-1")

    finding = check.run(aws.account(account_id), wish())

    assert finding.turn is Turn.CUSTOMER
    assert f"--quota-code {code} --desired-value 40 --region us-east-1" in finding.fix.command
    assert finding.fix.link.startswith(
        f"https://us-east-1.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/{code}"
    )
    assert "us-east-1" in finding.fix.link_label


def test_the_increase_advised_is_enough_for_the_largest_cluster(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.set_quota(account_id, ON_DEMAND_QUOTA, 5, "us-east-1")

    finding = on_demand_quota.CHECK.run(aws.account(account_id), wish(max_nodes=20))

    assert "--desired-value 80" in finding.fix.command


@BOTH
def test_an_increase_that_aws_is_deciding_on_is_awss_turn(
    aws: SimulatedAws, account_id: str, check: Check, code: str
) -> None:
    aws.set_quota(account_id, code, 5, "us-east-1")
    ask_aws(aws, account_id, code, 80)

    finding = check.run(aws.account(account_id), wish())

    assert (finding.status, finding.turn) == (Status.WAITING, Turn.AWS)
    assert "an increase to 80 has been asked" in finding.saw


def ask_aws(aws: SimulatedAws, account_id: str, code: str, value: float) -> None:
    quotas = aws.admin(account_id, "service-quotas")
    quotas.request_service_quota_increase(
        ServiceCode="ec2", QuotaCode=code, DesiredValue=float(value)
    )


@pytest.mark.parametrize(("asked", "decided"), [(20, "PENDING"), (80, "DENIED")])
def test_an_increase_too_small_or_refused_is_the_customers_turn(
    aws: SimulatedAws, account_id: str, asked: int, decided: str
) -> None:
    aws.set_quota(account_id, SPOT_QUOTA, 5, "us-east-1")
    ask_aws(aws, account_id, SPOT_QUOTA, asked)
    where = {"account": account_id, "region": "us-east-1", "code": SPOT_QUOTA}
    aws.simulator.knobs(quota_requests=[{**where, "status": decided}])

    finding = spot_quota.CHECK.run(aws.account(account_id), wish())

    assert (finding.status, finding.turn) == (Status.FAILED, Turn.CUSTOMER)


@BOTH
@pytest.mark.parametrize(
    ("refusal", "turn"),
    [("AccessDenied", Turn.CUSTOMER), ("ServiceUnavailable", Turn.AWS)],
)
def test_a_quota_that_cannot_be_read_is_not_called_low(
    aws: SimulatedAws,
    account_id: str,
    check: Check,
    code: str,
    refusal: str,
    turn: Turn,
) -> None:
    aws.fail("servicequotas:GetServiceQuota", refusal)

    ((_, finding),) = run_checks(aws.account(account_id), wish(), (check,))

    assert (finding.status, finding.turn) == (Status.COULD_NOT_CHECK, turn)
    assert code in finding.fix.command
    assert code in finding.fix.link

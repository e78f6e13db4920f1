import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.cluster_name_free import CHECK
from onboarding.aws.run import run_checks
from tests.aws.simulated import SimulatedAws
from tests.aws.wishes import wish


def make_cluster(aws: SimulatedAws, account_id: str, name: str, region: str = "us-east-1") -> None:
    aws.admin(account_id, "eks", region).create_cluster(
        name=name,
        roleArn=f"arn:aws:iam::{account_id}:role/eks",
        resourcesVpcConfig={"subnetIds": []},
    )


@pytest.mark.parametrize(
    ("name", "region", "status"),
    [
        ("analytics", "us-east-1", Status.FAILED),
        ("analytics-2", "us-east-1", Status.PASSED),
        ("analytics", "eu-west-1", Status.PASSED),
    ],
)
def test_a_name_is_taken_once_an_account_and_region(
    aws: SimulatedAws, account_id: str, name: str, region: str, status: Status
) -> None:
    make_cluster(aws, account_id, name, region)

    assert CHECK.run(aws.account(account_id), wish()).status is status


def test_a_name_that_is_taken_is_the_customers_to_change(
    aws: SimulatedAws, account_id: str
) -> None:
    make_cluster(aws, account_id, "analytics")

    finding = CHECK.run(aws.account(account_id), wish())

    assert finding.saw == "An EKS cluster called analytics is in us-east-1 already."
    assert finding.turn is Turn.CUSTOMER
    assert "choose another name" in finding.fix.steps[0]
    assert CHECK.blocking


def test_without_a_name_there_is_nothing_to_compare(aws: SimulatedAws, account_id: str) -> None:
    assert CHECK.run(aws.account(account_id), wish(cluster_name="")).status is Status.PASSED


def test_clusters_that_may_not_be_listed_leave_it_open(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("eks:ListClusters", "AccessDeniedException")

    ((_, finding),) = run_checks(aws.account(account_id), wish(), (CHECK,))

    assert finding.status is Status.COULD_NOT_CHECK
    assert "aws eks list-clusters" in finding.fix.command

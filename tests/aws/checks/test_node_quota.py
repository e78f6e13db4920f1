import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.node_quota import CHECK, STANDARD
from onboarding.facts import ON_DEMAND_QUOTA
from onboarding.facts.node_types import node_types
from tests.aws.simulated import SimulatedAws
from tests.aws.wishes import wish


@pytest.mark.parametrize(
    ("quota", "node_type", "nodes", "status"),
    [
        (80, "m5.xlarge", 20, Status.PASSED),
        (79, "m5.xlarge", 20, Status.WARNING),
        (40, "m5.xlarge", 10, Status.PASSED),
        (40, "m5.2xlarge", 10, Status.WARNING),
        (400, "m5.xlarge", 100, Status.PASSED),
    ],
)
def test_nodes_times_vcpu_is_held_against_the_quota(
    aws: SimulatedAws, account_id: str, quota: int, node_type: str, nodes: int, status: Status
) -> None:
    aws.set_quota(account_id, ON_DEMAND_QUOTA, quota, "us-east-1")

    finding = CHECK.run(aws.account(account_id), wish(node_type=node_type, max_nodes=nodes))

    assert finding.status is status
    assert finding.saw == f"{quota} vCPU in us-east-1, 0 in use"


def run_instances(aws: SimulatedAws, account_id: str, instance_type: str, number: int) -> None:
    ec2 = aws.admin(account_id, "ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, InstanceType=instance_type, MinCount=number, MaxCount=number)


def test_what_runs_already_counts(aws: SimulatedAws, account_id: str) -> None:
    aws.set_quota(account_id, ON_DEMAND_QUOTA, 43, "us-east-1")
    run_instances(aws, account_id, "m5.xlarge", 1)

    finding = CHECK.run(aws.account(account_id), wish(max_nodes=10))

    assert (finding.status, finding.turn) == (Status.WARNING, Turn.CUSTOMER)
    assert finding.saw == "43 vCPU in us-east-1, 4 in use"
    assert finding.needed == "40 vCPU: 10 m5.xlarge of 4, and 4 already in use"
    assert "1 vCPU short" in finding.cause
    assert "--desired-value 44 " in finding.fix.command


def test_instances_of_other_families_do_not_count(aws: SimulatedAws, account_id: str) -> None:
    run_instances(aws, account_id, "p3.2xlarge", 1)

    assert ", 0 in use" in CHECK.run(aws.account(account_id), wish()).saw


def test_a_use_that_cannot_be_read_leaves_the_rest_of_the_answer(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.fail("ec2:DescribeInstances", "AccessDenied")

    finding = CHECK.run(aws.account(account_id), wish())

    assert finding.status is Status.PASSED
    assert "could not read what is running" in finding.saw


def test_it_warns_and_never_blocks() -> None:
    assert not CHECK.blocking


def test_every_node_type_counts_against_the_standard_quota() -> None:
    assert all(STANDARD.match(name) for name in node_types())


@pytest.mark.parametrize(
    "other",
    [
        "p3.2xlarge",
        "g5.xlarge",
        "inf1.xlarge",
        "trn1.2xlarge",
        "x1.16xlarge",
        "hpc6a.48xlarge",
        "mac1.metal",
        "dl1.24xlarge",
        "u-6tb1.metal",
        "vt1.3xlarge",
    ],
)
def test_families_with_quotas_of_their_own_are_told_apart(other: str) -> None:
    assert not STANDARD.match(other)

import json
from typing import Any

import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.account_is_clean import CHECK
from onboarding.aws.run import run_checks
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish

NOTHING = json.dumps(
    {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    }
)


def instances(aws: SimulatedAws, account_id: str, region: str, number: int = 1) -> list[str]:
    ec2 = aws.admin(account_id, "ec2", region)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, InstanceType="m5.large", MinCount=number, MaxCount=number
    )
    return [one["InstanceId"] for one in made["Instances"]]


def stack(aws: SimulatedAws, account_id: str, name: str) -> None:
    aws.admin(account_id, "cloudformation").create_stack(StackName=name, TemplateBody=NOTHING)


def look(aws: SimulatedAws, account_id: str, region: str = "us-east-1") -> Any:
    return CHECK.run(aws.account(account_id, region), wish(region=region))


def test_a_new_account_is_clean_and_its_default_vpc_counts_for_nothing(
    aws: SimulatedAws, account_id: str
) -> None:
    finding = look(aws, account_id)

    assert finding.status is Status.PASSED
    assert "in us-east-1" in finding.saw


def test_it_warns_with_what_and_where(aws: SimulatedAws, account_id: str) -> None:
    (instance,) = instances(aws, account_id, "us-east-1")

    finding = look(aws, account_id)

    assert (finding.status, finding.turn) == (Status.WARNING, Turn.CUSTOMER)
    assert finding.saw == f"1 EC2 instance in us-east-1 ({instance})."
    assert "describe-instances" in finding.fix.command
    assert finding.fix.command.endswith("--region us-east-1")
    assert not CHECK.blocking


def test_the_clusters_region_and_us_east_1_are_looked_at(
    aws: SimulatedAws, account_id: str
) -> None:
    vpc = aws.admin(account_id, "ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    (instance,) = instances(aws, account_id, "eu-west-1")
    instances(aws, account_id, "ap-south-1")

    finding = look(aws, account_id, "eu-west-1")

    assert finding.saw == f"1 EC2 instance in eu-west-1 ({instance}); 1 VPC in us-east-1 ({vpc})."


def test_the_first_few_are_named_and_how_many_more(aws: SimulatedAws, account_id: str) -> None:
    made = instances(aws, account_id, "us-east-1", 5)

    finding = look(aws, account_id)

    assert finding.saw.startswith("5 EC2 instances in us-east-1 (")
    assert finding.saw.endswith(" and 2 more).")
    assert sum(one in finding.saw for one in made) == 3


def test_an_instance_that_is_gone_counts_no_more(aws: SimulatedAws, account_id: str) -> None:
    made = instances(aws, account_id, "us-east-1")
    aws.admin(account_id, "ec2").terminate_instances(InstanceIds=made)

    assert look(aws, account_id).status is Status.PASSED


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("AstroCrossAccountRole", Status.PASSED),
        ("AstroPreReleaseCrossAcccount", Status.PASSED),
        ("AstroRoleMonitoring", Status.PASSED),
        ("warehouse", Status.WARNING),
        ("MyAstroCrossAccountRole", Status.WARNING),
    ],
)
def test_the_stack_of_our_own_role_does_not_count(
    aws: SimulatedAws, account_id: str, name: str, status: Status
) -> None:
    stack(aws, account_id, name)

    finding = look(aws, account_id)

    assert finding.status is status
    assert (name in finding.saw) == (status is Status.WARNING)


def test_clusters_and_databases_count(aws: SimulatedAws, account_id: str) -> None:
    aws.admin(account_id, "eks").create_cluster(
        name="old",
        roleArn=f"arn:aws:iam::{account_id}:role/eks",
        resourcesVpcConfig={"subnetIds": []},
    )
    aws.admin(account_id, "rds").create_db_instance(
        DBInstanceIdentifier="sales", DBInstanceClass="db.r5.large", Engine="postgres"
    )

    finding = look(aws, account_id)

    assert "1 EKS cluster in us-east-1 (old)" in finding.saw
    assert "1 RDS database in us-east-1 (sales)" in finding.saw


def test_what_cannot_be_read_is_said_beside_what_was_found(
    aws: SimulatedAws, account_id: str
) -> None:
    instances(aws, account_id, "us-east-1")
    aws.fail("rds:DescribeDBInstances", "AccessDenied")

    finding = look(aws, account_id)

    assert finding.status is Status.WARNING
    assert "We could not read: RDS databases in us-east-1." in finding.saw


def test_what_cannot_be_read_is_not_called_empty(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("rds:DescribeDBInstances", "AccessDenied")

    ((_, finding),) = run_checks(aws.account(account_id), wish(), (CHECK,))

    assert finding.status is Status.COULD_NOT_CHECK


def test_all_its_calls_go_out_at_once(aws: SimulatedAws, account_id: str) -> None:
    log = Log()
    account = aws.account(account_id, "eu-west-1", record=log)
    CHECK.run(account, wish(region="eu-west-1"))
    log.calls.clear()
    aws.simulator.knobs(latency_ms=400)

    CHECK.run(account, wish(region="eu-west-1"))

    starts = [call.at for call in log.calls]
    assert len(starts) == 10
    assert (max(starts) - min(starts)).total_seconds() < 0.35

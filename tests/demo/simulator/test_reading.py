"""What the checks and proofs read: correct for each account and Region, through our own front."""

import json
from typing import Any

import pytest

from onboarding.facts import POLICY_NAME, ROLE_NAME
from portal.demo.simulator.samples import HEALTHY, UNSAFE_ROLE
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.policy_words import allow, document
from tests.demo.simulator.roles import assume, make_role, policy


def token_version(world: World, account_id: str) -> int:
    summary = world.admin("iam", account_id).get_account_summary()["SummaryMap"]
    return int(summary["GlobalEndpointTokenVersion"])


def test_the_global_endpoint_gives_version_1_tokens_until_told(world: World) -> None:
    """IAM API Reference: SetSecurityTokenServicePreferences."""
    other = token_version(world, UNSAFE_ROLE)
    assert other == 1
    world.admin("iam", UNSAFE_ROLE).set_security_token_service_preferences(
        GlobalEndpointTokenVersion="v2Token"
    )
    assert token_version(world, UNSAFE_ROLE) == 2
    world.control("accounts", {"account_id": "770000000001"})
    assert token_version(world, "770000000001") == 1
    set_to = world.admin("iam", HEALTHY).set_security_token_service_preferences
    assert refused(set_to, GlobalEndpointTokenVersion="v3Token") == "ValidationError"


def make_cluster(world: World, account_id: str, region: str, name: str) -> None:
    world.admin("eks", account_id, region).create_cluster(
        name=name, roleArn=f"arn:aws:iam::{account_id}:role/any", resourcesVpcConfig={}
    )


def test_clusters_stand_in_one_account_and_region(world: World) -> None:
    make_cluster(world, HEALTHY, "eu-west-1", "analytics")
    eks = world.admin("eks", HEALTHY, "eu-west-1")
    assert eks.list_clusters()["clusters"] == ["analytics"]
    assert eks.describe_cluster(name="analytics")["cluster"]["status"] == "ACTIVE"
    assert refused(eks.describe_cluster, name="none") == "ResourceNotFoundException"
    assert world.admin("eks", HEALTHY).list_clusters()["clusters"] == []
    assert world.admin("eks", UNSAFE_ROLE, "eu-west-1").list_clusters()["clusters"] == []


def test_databases_stand_in_one_account_and_region(world: World) -> None:
    world.admin("rds", HEALTHY, "eu-west-1").create_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass="db.r5.large", Engine="postgres",
        AllocatedStorage=20, MasterUsername="owner", MasterUserPassword="made-up-words",
    )  # fmt: skip
    found = world.admin("rds", HEALTHY, "eu-west-1").describe_db_instances()["DBInstances"]
    assert [one["DBInstanceIdentifier"] for one in found] == ["orders"]
    for account_id, region in ((HEALTHY, "us-east-1"), (UNSAFE_ROLE, "eu-west-1")):
        assert world.admin("rds", account_id, region).describe_db_instances()["DBInstances"] == []
    describe = world.admin("rds", HEALTHY).describe_db_instances
    assert refused(describe, DBInstanceIdentifier="none") == "DBInstanceNotFound"


def test_network_parts_are_counted_in_one_account_and_region(world: World) -> None:
    ec2 = world.admin("ec2", HEALTHY, "eu-west-1")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]

    assert [one["AllocationId"] for one in ec2.describe_addresses()["Addresses"]] == [address]
    found = ec2.describe_internet_gateways()["InternetGateways"]
    assert [one["InternetGatewayId"] for one in found] == [gateway]
    (seen,) = ec2.describe_nat_gateways()["NatGateways"]
    assert (seen["NatGatewayId"], seen["State"]) == (nat["NatGatewayId"], "available")
    assert {one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]} > {vpc}
    for account_id, region in ((HEALTHY, "us-east-1"), (UNSAFE_ROLE, "eu-west-1")):
        other = world.admin("ec2", account_id, region)
        assert other.describe_addresses()["Addresses"] == []
        assert other.describe_internet_gateways()["InternetGateways"] == []
        assert other.describe_nat_gateways()["NatGateways"] == []
        assert [one["IsDefault"] for one in other.describe_vpcs()["Vpcs"]] == [True]
        assert other.describe_instances()["Reservations"] == []


def test_what_changed_is_seen_at_once_by_whoever_looked_before(world: World) -> None:
    ec2, iam = world.admin("ec2", HEALTHY), world.admin("iam", HEALTHY)
    before = len(ec2.describe_vpcs()["Vpcs"]), iam.list_roles()["Roles"]
    ec2.create_vpc(CidrBlock="10.2.0.0/16")
    make_role(world, HEALTHY)
    assert before == (1, [])
    assert len(ec2.describe_vpcs()["Vpcs"]) == 2
    assert [one["RoleName"] for one in iam.list_roles()["Roles"]] == [ROLE_NAME]
    world.control("reset", {})
    assert len(world.admin("ec2", HEALTHY).describe_vpcs()["Vpcs"]) == 1


def test_stacks_are_listed_in_one_account_and_region(world: World) -> None:
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    stacks = world.admin("cloudformation", HEALTHY, "eu-west-1")
    stacks.create_stack(StackName="warehouse", TemplateBody=template)
    assert [one["StackName"] for one in stacks.list_stacks()["StackSummaries"]] == ["warehouse"]
    assert stacks.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert world.admin("cloudformation", HEALTHY).list_stacks()["StackSummaries"] == []
    assert refused(stacks.describe_stacks, StackName="none") == "ValidationError"


@pytest.fixture
def session(world: World) -> Any:
    """The role's own session, allowed to read IAM; and one inline policy more."""
    make_role(world, HEALTHY, allow(["iam:Get*", "iam:List*"]))
    world.admin("iam", HEALTHY).put_role_policy(
        RoleName=ROLE_NAME, PolicyName="more", PolicyDocument=policy(allow("s3:*"))
    )
    return world.client("iam", assume(world, HEALTHY))


def test_the_role_reads_its_own_policies(session: Any) -> None:
    (attached,) = session.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]
    assert attached["PolicyName"] == POLICY_NAME
    version = session.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
    found = session.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
    assert found["PolicyVersion"]["Document"] == document(allow(["iam:Get*", "iam:List*"]))
    assert session.list_role_policies(RoleName=ROLE_NAME)["PolicyNames"] == ["more"]
    inline = session.get_role_policy(RoleName=ROLE_NAME, PolicyName="more")
    assert inline["PolicyDocument"] == document(allow("s3:*"))


def test_what_is_not_there_is_no_such_entity(session: Any) -> None:
    assert refused(session.get_role, RoleName="none") == "NoSuchEntity"
    get = session.get_role_policy
    assert refused(get, RoleName=ROLE_NAME, PolicyName="none") == "NoSuchEntity"
    arn = f"arn:aws:iam::{HEALTHY}:policy/none"
    assert refused(session.get_policy, PolicyArn=arn) == "NoSuchEntity"
    assert refused(session.get_policy_version, PolicyArn=arn, VersionId="v1") == "NoSuchEntity"

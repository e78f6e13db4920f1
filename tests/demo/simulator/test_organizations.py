"""An account in an organization: what it sees of it, and what its policies take from everybody."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding.facts import ROLE_NAME, role_arn
from portal.demo.simulator.samples import HEALTHY
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.policy_words import ANYTHING, allow, deny, document
from tests.demo.simulator.roles import EXTERNAL_ID, assume, make_role

MANAGEMENT = "123456789012"


def limit(world: World, *statements: dict[str, Any], account: str = HEALTHY) -> None:
    documents = [document(one) for one in statements]
    world.control("knobs", {"scps": {"account": account, "documents": documents}})


def join(world: World, **more: Any) -> None:
    world.control("knobs", {"organizations": {"account": HEALTHY, "member": True, **more}})


def said(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Message"])


def test_by_default_no_account_is_in_an_organization(world: World) -> None:
    describe = world.admin("organizations", HEALTHY).describe_organization
    assert refused(describe) == "AWSOrganizationsNotInUseException"


def test_a_member_sees_whose_organization_it_is(world: World) -> None:
    join(world, management_account=MANAGEMENT)
    found = world.admin("organizations", HEALTHY).describe_organization()["Organization"]
    assert found["MasterAccountId"] == MANAGEMENT
    assert found["FeatureSet"] == "ALL"
    assert found["Arn"] == f"arn:aws:organizations::{MANAGEMENT}:organization/{found['Id']}"


def test_leaving_ends_the_membership_and_what_it_denied(world: World) -> None:
    limit(world, deny("*"))
    world.control("knobs", {"organizations": {"account": HEALTHY, "member": False}})
    describe = world.admin("organizations", HEALTHY).describe_organization
    assert refused(describe) == "AWSOrganizationsNotInUseException"


def test_the_role_needs_permission_to_look(world: World) -> None:
    join(world)
    make_role(world, HEALTHY)
    describe = world.client("organizations", assume(world, HEALTHY)).describe_organization
    assert refused(describe) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (deny("ec2:*"), "with an explicit deny in a service control policy"),
        (
            allow("iam:*"),
            "because no service control policy allows the ec2:DescribeVpcs action",
        ),
    ],
)
def test_a_service_control_policy_binds_the_administrator_and_the_role(
    world: World, statement: dict[str, Any], reason: str
) -> None:
    """IAM User Guide: Troubleshoot access denied error messages."""
    make_role(world, HEALTHY, ANYTHING)
    limit(world, statement)
    for keys in (world.keys(HEALTHY), assume(world, HEALTHY)):
        ec2 = world.client("ec2", keys)
        message = said(ec2.describe_vpcs)
        assert message.startswith("You are not authorized to perform this operation. User: arn:aws")
        assert message.endswith(f"is not authorized to perform: ec2:DescribeVpcs {reason}")
        assert world.client("iam", keys).get_role(RoleName=ROLE_NAME)


def test_an_empty_list_takes_the_policies_away(world: World) -> None:
    limit(world, deny("ec2:*"))
    limit(world)
    assert world.admin("ec2", HEALTHY).describe_vpcs()["Vpcs"]


def test_identity_is_told_whatever_the_policies_say(world: World) -> None:
    """STS API Reference: GetCallerIdentity needs no permissions."""
    limit(world, deny("*"))
    assert world.admin("sts", HEALTHY).get_caller_identity()["Account"] == HEALTHY


def test_it_binds_the_account_it_stands_over_alone(world: World) -> None:
    """Organizations User Guide: SCP effects on permissions. The caller's account counts."""
    make_role(world, HEALTHY)
    limit(world, deny("*"))
    assert world.vendor("sts").assume_role(
        RoleArn=role_arn(HEALTHY), RoleSessionName="probe", ExternalId=EXTERNAL_ID
    )
    limit(world)
    limit(world, deny("sts:AssumeRole"), account="406882777402")
    message = said(
        world.vendor("sts").assume_role,
        RoleArn=role_arn(HEALTHY),
        RoleSessionName="probe",
        ExternalId=EXTERNAL_ID,
    )
    assert "is not authorized to perform: sts:AssumeRole" in message


def test_it_does_not_bind_the_management_account(world: World) -> None:
    """Organizations User Guide: SCP effects on permissions."""
    join(world, management_account=HEALTHY)
    limit(world, deny("ec2:*"))
    assert world.admin("ec2", HEALTHY).describe_vpcs()["Vpcs"]


def test_a_policy_may_spare_a_role_by_its_arn(world: World) -> None:
    spared = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{ROLE_NAME}"}}
    make_role(world, HEALTHY, ANYTHING)
    limit(world, deny("ec2:*", condition=spared))
    assert world.client("ec2", assume(world, HEALTHY)).describe_vpcs()["Vpcs"]
    assert refused(world.admin("ec2", HEALTHY).describe_vpcs) == "UnauthorizedOperation"


@pytest.mark.parametrize("documents", [["text"], [{}], [{"Statement": ["x"]}], 5])
def test_what_is_no_policy_is_not_taken(world: World, documents: Any) -> None:
    body = json.dumps({"scps": {"account": HEALTHY, "documents": documents}})
    with pytest.raises(Exception, match="400"):
        world.control("knobs", json.loads(body))

"""What the vendor's session may do in the customer's account: what the role's policies say."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding.facts import ROLE_NAME
from portal.demo.simulator.samples import HEALTHY
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import READ_ROLES, assume, make_role, policy

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def test_what_a_policy_allows_is_answered(world: World) -> None:
    make_role(world, HEALTHY)
    role = world.client("iam", assume(world, HEALTHY)).get_role(RoleName=ROLE_NAME)
    assert role["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow"


def test_what_no_policy_allows_is_denied_in_awss_words(world: World) -> None:
    make_role(world, HEALTHY)
    with pytest.raises(ClientError) as caught:
        world.client("iam", assume(world, HEALTHY)).delete_role(RoleName=ROLE_NAME)
    assert caught.value.response["Error"] == {
        "Type": "Sender",
        "Code": "AccessDenied",
        "Message": f"User: arn:aws:sts::{HEALTHY}:assumed-role/{ROLE_NAME}/probe is not authorized "
        f"to perform: iam:DeleteRole on resource: role {ROLE_NAME} because no identity-based "
        "policy allows the iam:DeleteRole action",
    }


@pytest.mark.parametrize(
    ("service", "action", "parameters", "code"),
    [
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
        (
            "service-quotas",
            "get_service_quota",
            {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"},
            "AccessDeniedException",
        ),
        ("account", "get_region_opt_status", {"RegionName": "ap-east-1"}, "AccessDeniedException"),
        ("eks", "list_clusters", {}, "AccessDeniedException"),
        ("cloudformation", "describe_stacks", {}, "AccessDenied"),
    ],
)
def test_each_service_has_its_own_code_for_denied(
    world: World, service: str, action: str, parameters: dict[str, Any], code: str
) -> None:
    make_role(world, HEALTHY)
    client = world.client(service, assume(world, HEALTHY))
    assert refused(getattr(client, action), **parameters) == code


def test_an_explicit_deny_wins(world: World) -> None:
    make_role(world, HEALTHY, ANYTHING, {**READ_ROLES, "Effect": "Deny"})
    iam = world.client("iam", assume(world, HEALTHY))
    assert iam.list_roles()["Roles"]
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        iam.get_role(RoleName=ROLE_NAME)


def test_an_inline_policy_counts(world: World) -> None:
    make_role(world, HEALTHY)
    world.admin("iam", HEALTHY).put_role_policy(
        RoleName=ROLE_NAME, PolicyName="more", PolicyDocument=policy(ANYTHING)
    )
    assert world.client("ec2", assume(world, HEALTHY)).describe_vpcs()["Vpcs"]


def test_a_resource_pattern_narrows(world: World) -> None:
    make_role(world, HEALTHY, {**READ_ROLES, "Resource": "arn:aws:iam::*:role/other-*"})
    iam = world.client("iam", assume(world, HEALTHY))
    assert refused(iam.get_role, RoleName=ROLE_NAME) == "AccessDenied"


def test_a_permissions_boundary_narrows(world: World) -> None:
    make_role(world, HEALTHY, ANYTHING)
    iam = world.admin("iam", HEALTHY)
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=policy(READ_ROLES))
    arn = made["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=ROLE_NAME, PermissionsBoundary=arn)
    session = assume(world, HEALTHY)
    assert world.client("iam", session).get_role(RoleName=ROLE_NAME)
    with pytest.raises(ClientError, match="no permissions boundary allows"):
        world.client("iam", session).list_roles()


def test_a_session_policy_narrows(world: World) -> None:
    make_role(world, HEALTHY, ANYTHING)
    answer = world.vendor("sts").assume_role(
        RoleArn=f"arn:aws:iam::{HEALTHY}:role/{ROLE_NAME}",
        RoleSessionName="probe",
        ExternalId="astro-example",
        Policy=json.dumps({"Statement": READ_ROLES}),
    )
    keys = answer["Credentials"]
    session = {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }
    assert refused(world.client("iam", session).list_roles) == "AccessDenied"


def test_a_session_ends_with_its_role(world: World) -> None:
    make_role(world, HEALTHY)
    session = assume(world, HEALTHY)
    iam = world.admin("iam", HEALTHY)
    attached = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"][0]
    iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=ROLE_NAME)
    get = world.client("iam", session).get_role
    assert refused(get, RoleName=ROLE_NAME) == "AccessDenied"

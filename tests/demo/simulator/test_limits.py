"""IAM's limits, names and uniqueness."""

import json
from typing import Any

import pytest

from portal.demo.simulator.samples import HEALTHY
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import READ_ROLES, policy, trust


def policy_of(size: int) -> str:
    """A policy document of so many characters, white space not counted."""
    statement = {**READ_ROLES, "Resource": "arn:aws:iam::*:role/"}
    bare = len(json.dumps({"Version": "2012-10-17", "Statement": [statement]}).replace(" ", ""))
    statement["Resource"] += "x" * (size - bare)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=4)


def trust_of(size: int) -> str:
    return trust() + " " * (size - len(trust()))


def test_a_policy_may_have_6144_characters_and_no_more(world: World) -> None:
    create = world.admin("iam", HEALTHY).create_policy
    create(PolicyName="largest", PolicyDocument=policy_of(6144))
    assert refused(create, PolicyName="larger", PolicyDocument=policy_of(6145)) == "LimitExceeded"


def test_a_trust_policy_may_have_2048_characters_and_no_more(world: World) -> None:
    create = world.admin("iam", HEALTHY).create_role
    create(RoleName="largest", AssumeRolePolicyDocument=trust_of(2048))
    larger = {"RoleName": "larger", "AssumeRolePolicyDocument": trust_of(2049)}
    assert refused(create, **larger) == "LimitExceeded"


def test_a_policy_has_five_versions(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    made = iam.create_policy(PolicyName="p", PolicyDocument=policy(READ_ROLES))
    version = {"PolicyArn": made["Policy"]["Arn"], "PolicyDocument": policy(READ_ROLES)}
    for _ in range(4):
        iam.create_policy_version(**version)
    assert refused(iam.create_policy_version, **version) == "LimitExceeded"


def test_a_role_has_ten_policies(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust())
    arns = [
        iam.create_policy(PolicyName=f"p{number}", PolicyDocument=policy(READ_ROLES))["Policy"][
            "Arn"
        ]
        for number in range(11)
    ]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.attach_role_policy(RoleName="r", PolicyArn=arns[0])
    attach = iam.attach_role_policy
    assert refused(attach, RoleName="r", PolicyArn=arns[10]) == "LimitExceeded"


@pytest.mark.parametrize("name", ["", "x" * 65, "with space", "slash/name", "rôle", "line\nbreak"])
def test_a_role_name_is_64_characters_of_few_kinds(world: World, name: str) -> None:
    create = world.admin("iam", HEALTHY).create_role
    assert refused(create, RoleName=name, AssumeRolePolicyDocument=trust()) == "ValidationError"


def test_names_are_unique_whatever_their_case(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    iam.create_role(RoleName="Some-Role", AssumeRolePolicyDocument=trust())
    iam.create_policy(PolicyName="Some-Policy", PolicyDocument=policy(READ_ROLES))
    role = {"RoleName": "some-role", "AssumeRolePolicyDocument": trust()}
    same = {"PolicyName": "some-policy", "PolicyDocument": policy(READ_ROLES)}
    assert refused(iam.create_role, **role) == "EntityAlreadyExists"
    assert refused(iam.create_policy, **same) == "EntityAlreadyExists"


@pytest.mark.parametrize("sid", ["with \U0001f680", "with \u0141"])
def test_a_document_keeps_to_latin_characters(world: World, sid: str) -> None:
    document = json.dumps({"Statement": [{**READ_ROLES, "Sid": sid}]}, ensure_ascii=False)
    create = world.admin("iam", HEALTHY).create_policy
    assert refused(create, PolicyName="p", PolicyDocument=document) == "ValidationError"


def test_an_attached_policy_cannot_be_deleted(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust())
    arn = iam.create_policy(PolicyName="p", PolicyDocument=policy(READ_ROLES))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert refused(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"


@pytest.mark.parametrize("call", ["create_role", "list_roles"])
def test_every_answer_has_one_request_id(world: World, call: str) -> None:
    iam = world.admin("iam", HEALTHY)
    parameters: dict[str, Any] = (
        {"RoleName": "r", "AssumeRolePolicyDocument": trust()} if call == "create_role" else {}
    )
    answer = getattr(iam, call)(**parameters)["ResponseMetadata"]
    assert answer["RequestId"] == answer["HTTPHeaders"]["x-amzn-requestid"]

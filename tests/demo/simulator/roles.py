"""The guide's role, made by an administrator."""

import json
from typing import Any

from onboarding.facts import POLICY_NAME, ROLE_NAME, TRUST_PRINCIPAL, role_arn
from tests.demo.simulator.conftest import World, as_keys

EXTERNAL_ID = "astro-example"


def trust(external_id: str = EXTERNAL_ID) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


READ_ROLES = {"Effect": "Allow", "Action": "iam:Get*", "Resource": "arn:aws:iam::*:role/*"}


def make_role(world: World, account_id: str, *statements: dict[str, Any]) -> None:
    iam = world.admin("iam", account_id)
    made = iam.create_policy(
        PolicyName=POLICY_NAME, PolicyDocument=policy(*(statements or (READ_ROLES,)))
    )
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust())
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])


def assume(world: World, account_id: str, region: str = "us-east-1") -> dict[str, str]:
    """The vendor's session in the role, as boto3 takes it."""
    answer = world.vendor("sts", region).assume_role(
        RoleArn=role_arn(account_id), RoleSessionName="probe", ExternalId=EXTERNAL_ID
    )
    return as_keys(answer["Credentials"])

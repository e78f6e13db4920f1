"""Every row of the simulator's conformance table, asked of an emulator that others wrote."""

import json
import os
from typing import Any

import pytest
from botocore.exceptions import ClientError

from onboarding.aws.actions.create_role import Credentials
from tests.demo.simulator.trust_rows import ROWS
from tests.demo.simulator.trust_words import (
    DENIED,
    HOME,
    HOP,
    MALFORMED,
    NEIGHBOUR,
    OPENS,
    Row,
    allow,
    aws,
)
from tests.harness.second_emulator import EVERYTHING, SecondAws

UNLIKE_AWS = {
    "for any value, if it exists": "takes IfExists before ForAnyValue; the portal refuses both",
    "two operators, both hold": "knows no aws:SecureTransport on a plain loopback connection",
    "role ARN by condition": "has the session's ARN, not the role's, in aws:PrincipalArn",
    "no wildcard over a colon": "lets a * of ArnLike run over colons",
    "variable with a default": "knows no default values of policy variables",
}
"""Rows in which the second emulator does not do what AWS's documentation says, and how."""


@pytest.fixture(scope="module")
def sts() -> dict[str, Any]:
    """The STS client of each caller, made when the first row asks."""
    return {}


def caller(name: str, second: SecondAws, made: dict[str, Any]) -> Any:
    if not made:
        iam = second.root("iam", NEIGHBOUR)
        trust = {"Version": "2012-10-17", "Statement": [allow(principal=aws(NEIGHBOUR))]}
        iam.create_role(RoleName="hop", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName="hop", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
        neighbour = second.client("sts", second.user(NEIGHBOUR, "hopper"))
        hop = neighbour.assume_role(RoleArn=HOP, RoleSessionName="one")["Credentials"]
        vendor = Credentials(
            os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], ""
        )
        made |= {
            "vendor": second.client("sts", vendor),
            "stranger": second.client("sts", second.user("430987654321", "stranger")),
            "hop": second.client(
                "sts",
                Credentials(hop["AccessKeyId"], hop["SecretAccessKey"], hop["SessionToken"]),
            ),
        }
    return made[name]


def answer(second: SecondAws, row: Row, made: dict[str, Any]) -> str:
    role = "row-" + "".join(letter if letter.isalnum() else "-" for letter in row.name)
    document = json.dumps({"Version": row.version, "Statement": row.statements})
    client = caller(row.caller, second, made)
    try:
        second.root("iam", HOME).create_role(RoleName=role[:64], AssumeRolePolicyDocument=document)
    except ClientError as refusal:
        code = str(refusal.response["Error"]["Code"])
        return MALFORMED if code == "MalformedPolicyDocument" else code
    given = {} if row.given is None else {"ExternalId": row.given}
    try:
        client.assume_role(
            RoleArn=f"arn:aws:iam::{HOME}:role/{role[:64]}", RoleSessionName="second", **given
        )
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return OPENS


WHO_GETS_IN = [row for row in ROWS if row.expected in (OPENS, DENIED)]
"""Not the rows about ill-formed input, which the second emulator takes as it comes."""


@pytest.mark.parametrize("row", WHO_GETS_IN, ids=lambda row: row.name)
def test_both_emulators_agree_on_who_gets_in(
    row: Row, second: SecondAws, sts: dict[str, Any]
) -> None:
    found = answer(second, row, sts)
    if row.name in UNLIKE_AWS:
        assert found != row.expected, f"{row.name}: it agrees now, so take it off the list"
    else:
        assert found == row.expected, row.why

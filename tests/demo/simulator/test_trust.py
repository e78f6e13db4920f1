"""AssumeRole as AWS answers it: a green test on a wrong simulator would prove nothing."""

import json
from typing import Any

import pytest

from tests.demo.simulator.conftest import World, as_keys, refused
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

ANYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def sts(served: World) -> dict[str, Any]:
    """An STS client for each caller that the rows name."""
    iam = served.admin("iam", NEIGHBOUR)
    own = allow(principal=aws(NEIGHBOUR))
    iam.create_role(RoleName="hop", AssumeRolePolicyDocument=json.dumps({"Statement": own}))
    iam.put_role_policy(RoleName="hop", PolicyName="all", PolicyDocument=json.dumps(ANYTHING))
    session = served.admin("sts", NEIGHBOUR).assume_role(RoleArn=HOP, RoleSessionName="one")
    return {
        "vendor": served.vendor("sts"),
        "stranger": served.admin("sts", "430987654321"),
        "hop": served.client("sts", as_keys(session["Credentials"])),
    }


def test_there_are_rows_enough_and_each_has_its_own_name() -> None:
    assert len(ROWS) >= 36
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_assume_role_answers_as_aws_does(row: Row, served: World, sts: dict[str, Any]) -> None:
    role = "row-" + "".join(letter if letter.isalnum() else "-" for letter in row.name)
    document = json.dumps({"Version": row.version, "Statement": row.statements})
    creation = {"RoleName": role, "AssumeRolePolicyDocument": document}
    iam = served.admin("iam", HOME)
    if row.expected == MALFORMED:
        assert refused(iam.create_role, **creation) == "MalformedPolicyDocument", row.why
        return

    iam.create_role(**creation)

    client = sts[row.caller]
    call = {"RoleArn": f"arn:aws:iam::{HOME}:role/{role}", "RoleSessionName": "conformance"}
    if row.given is not None:
        call["ExternalId"] = row.given
    if row.expected == OPENS:
        assert client.assume_role(**call)["AssumedRoleUser"]["Arn"].endswith("/conformance"), (
            row.why
        )
    else:
        assert refused(client.assume_role, **call) == row.expected, row.why


def test_an_absent_role_and_a_refusing_role_answer_alike(served: World) -> None:
    texts = []
    served.admin("iam", HOME).create_role(
        RoleName="refuses",
        AssumeRolePolicyDocument=json.dumps(
            {"Statement": allow({"Null": {"sts:ExternalId": "true"}})}
        ),
    )
    for name in ("refuses", "is-absent"):
        arn = f"arn:aws:iam::{HOME}:role/{name}"
        with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole") as caught:
            served.vendor("sts").assume_role(RoleArn=arn, RoleSessionName="probe", ExternalId="xx")
        texts.append(str(caught.value).replace(name, "NAME"))
    assert texts[0] == texts[1]


def test_an_account_that_does_not_exist_denies(served: World) -> None:
    arn = "arn:aws:iam::999900001111:role/astronomer-remote-management"
    assume = served.vendor("sts").assume_role
    assert refused(assume, RoleArn=arn, RoleSessionName="probe") == DENIED


def test_a_trust_policy_of_invalid_json_is_malformed(served: World) -> None:
    create = served.admin("iam", HOME).create_role
    broken = {"RoleName": "broken", "AssumeRolePolicyDocument": "{'Statement': []}"}
    assert refused(create, **broken) == "MalformedPolicyDocument"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"DurationSeconds": 899}, "ValidationError"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"DurationSeconds": 43201}, "ValidationError"),
        ({"RoleSessionName": "x"}, "ValidationError"),
        ({"RoleSessionName": "with space"}, "ValidationError"),
        ({"RoleSessionName": "x" * 65}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::210987654321:user/someone"}, "ValidationError"),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "AccessDenied"),
        ({"SourceIdentity": "someone"}, "AccessDenied"),
    ],
)
def test_what_assume_role_does_not_take(
    served: World, parameters: dict[str, Any], code: str
) -> None:
    iam = served.admin("iam", "650987654321")
    assert iam.get_role(RoleName="astronomer-remote-management")
    arn = "arn:aws:iam::650987654321:role/astronomer-remote-management"
    sts = served.vendor("sts")
    call = {"RoleArn": arn, "RoleSessionName": "probe", **parameters}
    assert refused(sts.assume_role, **call) == code

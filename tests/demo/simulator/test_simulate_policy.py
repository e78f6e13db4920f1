"""SimulatePrincipalPolicy as AWS answers it, and the same rules when the role really calls."""

import json
from itertools import count
from typing import Any

import pytest

from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.policy_rows import ROWS
from tests.demo.simulator.policy_words import (
    ALLOWED,
    ANYTHING,
    DENIED,
    SILENT,
    Row,
    allow,
    deny,
    document,
)
from tests.demo.simulator.roles import assume, make_role, trust

_numbers = count(880000000001)


@pytest.fixture
def account(served: World) -> str:
    account_id = str(next(_numbers))
    served.control("accounts", {"account_id": account_id})
    return account_id


def build(served: World, account: str, row: Row) -> str:
    """The row's role; gives its ARN."""
    iam = served.admin("iam", account)
    arn = iam.create_role(RoleName="row", AssumeRolePolicyDocument=trust())["Role"]["Arn"]
    for number, statement in enumerate(row.policies):
        text = json.dumps(document(statement))
        if number == 0:
            made = iam.create_policy(PolicyName="attached", PolicyDocument=text)
            iam.attach_role_policy(RoleName="row", PolicyArn=made["Policy"]["Arn"])
        else:
            iam.put_role_policy(RoleName="row", PolicyName=f"p{number}", PolicyDocument=text)
    if row.boundary:
        text = json.dumps(document(row.boundary))
        made = iam.create_policy(PolicyName="boundary", PolicyDocument=text)["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName="row", PermissionsBoundary=made)
    return str(arn)


def limit(served: World, account: str, *statements: dict[str, Any]) -> None:
    documents = [document(one) for one in statements]
    served.control("knobs", {"scps": {"account": account, "documents": documents}})


def test_there_are_rows_enough_and_each_has_its_own_name() -> None:
    assert len(ROWS) >= 30
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_simulation_decides_as_aws_does(row: Row, served: World, account: str) -> None:
    iam = served.admin("iam", account)
    arn = build(served, account, row)
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": "string"}
        for key, values in row.context.items()
    ]
    asked: dict[str, Any] = {"ContextEntries": entries} if entries else {}
    if row.resource != "*":
        asked["ResourceArns"] = [row.resource]
    if row.scps:
        # An allow list must let the simulation itself through; IAM is not what the rows ask about.
        listed = any(one["Effect"] == "Allow" for one in row.scps)
        limit(served, account, *row.scps, *([allow("iam:*")] if listed else []))

    answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[row.action], **asked)

    (found,) = answer["EvaluationResults"]
    assert (found["EvalActionName"], found["EvalResourceName"]) == (row.action, row.resource)
    assert found["EvalDecision"] == row.expected, row.why
    boundary = found.get("PermissionsBoundaryDecisionDetail", {})
    assert boundary.get("AllowedByPermissionsBoundary") is row.by_boundary, row.why
    organization = found.get("OrganizationsDecisionDetail", {})
    assert organization.get("AllowedByOrganizations") is row.by_organizations, row.why


def test_several_resources_are_told_one_by_one(served: World, account: str) -> None:
    """IAM API Reference, EvaluationResult: ResourceSpecificResults."""
    row = Row("", (allow("iam:PassRole", "arn:aws:iam::*:role/astro-*"),), ALLOWED, "")
    ours, theirs = (f"arn:aws:iam::{account}:role/{name}" for name in ("astro-a", "other"))

    answer = served.admin("iam", account).simulate_principal_policy(
        PolicySourceArn=build(served, account, row),
        ActionNames=["iam:PassRole"],
        ResourceArns=[ours, theirs],
    )

    (found,) = answer["EvaluationResults"]
    assert [
        (one["EvalResourceName"], one["EvalResourceDecision"])
        for one in found["ResourceSpecificResults"]
    ] == [(ours, ALLOWED), (theirs, SILENT)]
    assert "${" in found["EvalResourceName"]


def test_the_result_names_the_policy_that_decided_and_the_missing_key(
    served: World, account: str
) -> None:
    when = {"StringEquals": {"aws:RequestedRegion": "ca-central-1"}}
    row = Row("", (ANYTHING, deny("ec2:*"), allow("s3:*", condition=when)), DENIED, "")

    answer = served.admin("iam", account).simulate_principal_policy(
        PolicySourceArn=build(served, account, row), ActionNames=["ec2:CreateVpc"]
    )

    (found,) = answer["EvaluationResults"]
    assert [one["SourcePolicyId"] for one in found["MatchedStatements"]] == ["p1"]
    assert found["MissingContextValues"] == ["aws:RequestedRegion"]


def test_a_long_answer_comes_in_pages(served: World, account: str) -> None:
    arn = build(served, account, Row("", (ANYTHING,), ALLOWED, ""))
    iam = served.admin("iam", account)
    asked = {"PolicySourceArn": arn, "ActionNames": ["ec2:A", "ec2:B", "ec2:C"]}

    first = iam.simulate_principal_policy(**asked, MaxItems=2)
    last = iam.simulate_principal_policy(**asked, MaxItems=2, Marker=first["Marker"])
    pages = iam.get_paginator("simulate_principal_policy").paginate(**asked)

    assert [first["IsTruncated"], last["IsTruncated"]] == [True, False]
    names = [one["EvalActionName"] for one in first["EvaluationResults"]]
    names += [one["EvalActionName"] for one in last["EvaluationResults"]]
    assert names == asked["ActionNames"]
    assert [one["EvalActionName"] for page in pages for one in page["EvaluationResults"]] == asked[
        "ActionNames"
    ]


def test_a_role_that_is_not_there_and_an_operation_without_service(
    served: World, account: str
) -> None:
    simulate = served.admin("iam", account).simulate_principal_policy
    arn = f"arn:aws:iam::{account}:role/none"
    assert refused(simulate, PolicySourceArn=arn, ActionNames=["ec2:X"]) == "NoSuchEntity"
    arn = build(served, account, Row("", (), SILENT, ""))
    assert refused(simulate, PolicySourceArn=arn, ActionNames=["X"]) == "InvalidInput"


def test_the_role_may_simulate_itself_when_it_is_allowed_to(served: World, account: str) -> None:
    make_role(served, account, allow("iam:SimulatePrincipalPolicy", "arn:aws:iam::*:role/astro*"))
    iam = served.client("iam", assume(served, account))
    own = f"arn:aws:iam::{account}:role/astronomer-remote-management"
    asked = {"PolicySourceArn": own, "ActionNames": ["ec2:CreateVpc"]}
    assert iam.simulate_principal_policy(**asked)["EvaluationResults"][0]["EvalDecision"] == SILENT
    other = {**asked, "PolicySourceArn": f"arn:aws:iam::{account}:role/other"}
    assert refused(iam.simulate_principal_policy, **other) == "AccessDenied"

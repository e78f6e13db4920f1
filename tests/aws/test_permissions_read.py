"""The role's policies, read with its own session from the simulated AWS, and what is said of them."""

import json
from typing import Any

import pytest

from onboarding.aws.check import Finding, Status, Turn
from onboarding.aws.verify import Published, judge, probe
from onboarding.facts import POLICY_NAME, ROLE_NAME
from tests.aws.permission_documents import allow, deny, doc, really_published
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.test_verify import later
from tests.aws.trust_documents import OURS, SAFE

REAL = really_published()
TEN_MINUTES = 600


def make_role(aws: SimulatedAws, account_id: str, *names: str) -> Any:
    """The role as published, with those of its policies; gives its administrator's IAM."""
    iam = aws.admin(account_id, "iam")
    trust = json.dumps(SAFE["as published"])
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust)
    for policy in REAL.policies:
        if policy.name in names or not names:
            attach(iam, policy.name, policy.document)
    return iam


def attach(iam: Any, name: str, document: dict[str, Any]) -> str:
    made = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))
    arn = str(made["Policy"]["Arn"])
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=arn)
    return arn


def found(account_id: str, published: Published = REAL) -> Finding:
    """The finding once the role is not new any more."""
    seen = probe(account_id, OURS, region="eu-west-1", published=published)
    return judge(later(seen, TEN_MINUTES), waited_seconds=TEN_MINUTES)[4].finding


def test_the_role_as_published_passes_and_names_the_version(
    aws: SimulatedAws, account_id: str
) -> None:
    make_role(aws, account_id)

    finding = found(account_id)

    assert finding.status is Status.PASSED
    assert "version 1" in finding.saw
    assert finding.request_ids


def test_a_policy_that_is_not_attached_is_named_with_the_commands(
    aws: SimulatedAws, account_id: str
) -> None:
    make_role(aws, account_id, *[policy.name for policy in REAL.policies[:-1]])
    lacking = REAL.policies[-1].name

    finding = found(account_id)

    assert finding.status is Status.FAILED
    assert finding.turn is Turn.CUSTOMER
    assert f"{lacking} is not attached" in finding.cause
    assert "ec2: CreateVpc" in finding.needed
    assert " and " in finding.needed
    assert f"create-policy --policy-name {lacking}" in finding.fix.command
    assert f"--policy-arn arn:aws:iam::{account_id}:policy/{lacking}" in finding.fix.command
    ways = " ".join(finding.fix.steps)
    assert all(way in ways for way in ("stack", "Terraform", "script", "by hand"))


def test_a_policy_with_another_text_gets_a_new_version(aws: SimulatedAws, account_id: str) -> None:
    first, *rest = REAL.policies
    iam = make_role(aws, account_id, *[policy.name for policy in rest])
    short = doc(allow(["iam:Get*", "iam:List*"]))
    arn = attach(iam, first.name, short)

    finding = found(account_id)

    assert finding.status is Status.FAILED
    assert f"{first.name} has another text" in finding.cause
    assert f"create-policy-version --policy-arn {arn} --set-as-default" in finding.fix.command
    assert json.dumps(first.document, separators=(",", ":")) in finding.fix.command


def test_only_the_default_version_counts(aws: SimulatedAws, account_id: str) -> None:
    first = REAL.policies[0]
    iam = make_role(aws, account_id)
    arn = f"arn:aws:iam::{account_id}:policy/{first.name}"
    less = json.dumps(doc(allow(["iam:Get*", "iam:List*"])))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=less, SetAsDefault=False)
    assert found(account_id).status is Status.PASSED

    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")

    assert found(account_id).status is Status.FAILED


def test_the_guides_wide_policy_is_enough_and_too_much(aws: SimulatedAws, account_id: str) -> None:
    iam = aws.admin(account_id, "iam")
    trust = json.dumps(SAFE["as published"])
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust)
    services = sorted({action.split(":")[0] for action in all_actions()})
    attach(iam, POLICY_NAME, doc(allow([f"{service}:*" for service in services])))

    finding = found(account_id)

    assert finding.status is Status.WARNING
    assert "ec2:*" in finding.saw
    assert "NeverCloudTrail" in finding.saw
    assert POLICY_NAME in " ".join(finding.fix.steps)


def all_actions() -> list[str]:
    return [
        action
        for policy in REAL.policies
        for statement in policy.document["Statement"]
        for action in statement["Action"]
        if statement["Effect"] == "Allow"
    ]


def test_an_inline_policy_beyond_ours_is_warned_about(aws: SimulatedAws, account_id: str) -> None:
    iam = make_role(aws, account_id)
    more = json.dumps(doc(allow("dynamodb:*")))
    iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="Extra", PolicyDocument=more)

    finding = found(account_id)

    assert finding.status is Status.WARNING
    assert "dynamodb:*" in finding.saw
    assert "Extra" in " ".join(finding.fix.steps)


@pytest.mark.parametrize(
    ("boundary", "status"),
    [
        (doc(allow("*")), Status.PASSED),
        (doc(allow(["iam:*", "ec2:*"])), Status.FAILED),
        (doc(allow("*", "*", {"Bool": {"aws:SecureTransport": "true"}})), Status.WARNING),
        (doc(allow("*"), deny("eks:DeleteCluster")), Status.FAILED),
    ],
    ids=["wide", "narrow", "with a condition", "with a Deny"],
)
def test_a_permissions_boundary_is_read_too(
    aws: SimulatedAws, account_id: str, boundary: dict[str, Any], status: Status
) -> None:
    iam = make_role(aws, account_id)
    made = iam.create_policy(PolicyName="Wall", PolicyDocument=json.dumps(boundary))
    iam.put_role_permissions_boundary(RoleName=ROLE_NAME, PermissionsBoundary=made["Policy"]["Arn"])

    finding = found(account_id)

    assert finding.status is status
    assert ("Wall" in finding.saw + finding.cause) is (status is not Status.PASSED)


@pytest.mark.parametrize(
    "action",
    ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:GetPolicyVersion"],
)
def test_a_permission_that_reading_needs_is_named(
    aws: SimulatedAws, account_id: str, action: str
) -> None:
    iam = make_role(aws, account_id)
    attach(iam, "Guard", doc(deny(action)))

    finding = found(account_id)

    assert finding.status is Status.COULD_NOT_CHECK
    assert finding.turn is Turn.CUSTOMER
    assert finding.needed == f"The permission {action} for the role"
    assert REAL.policies[0].name in finding.fix.command


def test_a_busy_iam_is_awss_turn_and_no_failure(aws: SimulatedAws, account_id: str) -> None:
    make_role(aws, account_id)
    aws.fail("iam:ListAttachedRolePolicies", "Throttling", 40)

    finding = found(account_id)

    assert finding.status is Status.COULD_NOT_CHECK
    assert finding.turn is Turn.AWS


def test_reading_takes_no_more_of_sts_and_leaves_the_proofs_their_own_request_ids(
    aws: SimulatedAws, account_id: str
) -> None:
    make_role(aws, account_id)
    log = Log()

    first = probe(account_id, OURS, region="us-east-1", published=REAL, record=log)
    probe(account_id, OURS, region="us-east-1")

    assert len(aws.calls(account_id, "^sts:")) == 8
    asked = {call.request_id: call.action for call in log.calls}
    assert {name: asked[each] for name, each in first.request_ids.items()} == {
        "opens": "AssumeRole",
        "without": "AssumeRole",
        "wrong": "AssumeRole",
        "identity": "GetCallerIdentity",
        "trust": "GetRole",
    }

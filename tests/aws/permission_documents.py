"""Small documents in place of the published ones: each row of the pairs changes one thing in them."""

from copy import deepcopy
from typing import Any

from onboarding.aws.permissions import Policy, Published
from onboarding.policy import document

EDITION = document.shipped()

ACCOUNT = "210987654321"
MAIN, OTHER = "AstronomerCrossAccountRole", "NetworkAstronomerCrossAccountRole"
BOUNDARY = "arn:aws:iam::${aws:PrincipalAccount}:policy/Data"


def allow(actions: Any, resource: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return made | ({"Condition": condition} if condition is not None else {}) | more


def deny(actions: Any, resource: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    return allow(actions, resource, condition, **more) | {"Effect": "Deny"}


def doc(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


READ = allow(["ec2:Describe*", "eks:ListClusters"], Sid="Read")
RUN = allow(["ec2:RunInstances", "ec2:TerminateInstances"], Sid="Run")
PASS = allow(
    "iam:PassRole",
    "arn:aws:iam::*:role/*",
    {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "eks.amazonaws.com"]}},
    Sid="Pass",
)
MAKE = allow(
    "iam:CreateRole",
    "arn:aws:iam::*:role/*",
    {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}},
    Sid="Make",
)
NEVER = deny("cloudtrail:Delete*", Sid="NeverCloudTrail")
NET = allow("ec2:CreateVpc", Sid="Net")

PUBLISHED = Published(1, (Policy(MAIN, doc(READ, RUN, PASS, MAKE, NEVER)), Policy(OTHER, doc(NET))))


def without(statement: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key not in keys}


def main(*statements: dict[str, Any]) -> tuple[Policy, ...]:
    """The published ones, the first with these statements in place of its own."""
    return Policy(MAIN, doc(*statements)), Policy(OTHER, doc(NET))


ALL = main(READ, RUN, PASS, MAKE, NEVER)
TWO = {"StringEquals": {"iam:PassedToService": ["eks.amazonaws.com", "ec2.amazonaws.com"]}}
THREE = {"StringEquals": {"iam:PassedToService": [
    "ec2.amazonaws.com", "eks.amazonaws.com", "lambda.amazonaws.com"]}}  # fmt: skip
SPELT = {"StringEquals": {"IAM:passedtoservice": ["ec2.amazonaws.com", "eks.amazonaws.com"]}}
MORE_ASKED = deepcopy(PASS["Condition"]) | {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
OTHER_REGIONS = {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}
HERE = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY.replace("${aws:PrincipalAccount}", ACCOUNT)}}  # fmt: skip


def really_published() -> Published:
    """The real documents, as the job hands them in."""
    policies = tuple(Policy(each.name, each.document) for each in EDITION.policies)
    return Published(EDITION.number, policies)

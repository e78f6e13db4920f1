"""What pairs of policies are made of."""

from typing import Any

from onboarding.policy import actions
from onboarding.policy.document import ManagedPolicy
from tests.policy.compared import allow

Pairs = dict[str, tuple[Any, Any, str]]
"""Name: before, after, verdict. "same" has no difference at all, "both" expands and reduces."""

S3 = [action for action in actions.known().values() if action.startswith("s3:")]
ASTRO = "arn:aws:s3:::astro-*"
LOGS = "arn:aws:s3:::astro-logs-*"
OURS = "arn:aws:iam::${aws:PrincipalAccount}:role/astro-*"
GET = allow("s3:GetObject")
REGION = "aws:RequestedRegion"


def when(operator: str, key: str, *values: Any) -> dict[str, Any]:
    """A statement with one condition."""
    return allow("s3:GetObject", Condition={operator: {key: list(values)}})


def where(*resources: str, action: str = "s3:GetObject") -> dict[str, Any]:
    return allow(action, Resource=list(resources))


def but(*names: str, effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "NotAction": list(names), "Resource": "*"} | elements


def elsewhere(*resources: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:GetObject", "NotResource": list(resources)}


def version(text: str | None, *statements: Any) -> list[ManagedPolicy]:
    document = {"Version": text, "Statement": list(statements)}
    return [ManagedPolicy("One", "", {k: v for k, v in document.items() if v is not None})]


OPAQUE = allow("s3:GetObject", Condition={"StringSoundsLike": {"aws:username": "eve"}})

"""What stands in the account already under the names we use, and how it differs from ours."""

import json
import re
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from onboarding.aws.actions.iam import Iam
from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError
from onboarding.aws.trust_text import masked, parsed
from onboarding.facts import CONSOLE_REGION


@dataclass(frozen=True)
class Existing:
    kind: str
    """`role` or `policy`."""
    name: str
    arn: str
    document: Any = field(repr=False, default=None)
    """The trust policy, or the default version of the policy; None when there is no such object."""
    tags: dict[str, str] = field(default_factory=dict)


class AlreadyDifferent(AwsError):
    """An object of that name exists and is not ours. It was left as it is."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED

    def __init__(self, found: Existing, diff_lines: tuple[str, ...]) -> None:
        super().__init__(
            f"A {found.kind} {found.name} exists and differs from the one Astro needs. "
            "It was left as it is.",
            code="AlreadyDifferent",
            action=f"iam:Create{found.kind.title()}",
            account_id=found.arn.split(":")[4],
            region=CONSOLE_REGION,
        )
        self.kind = found.kind
        self.name = found.name
        self.diff_lines = diff_lines
        """Lines with - are in the account, those with + are wanted. No external ID is in them."""


def existing_policy(iam: Iam, name: str) -> Existing:
    arn = f"arn:aws:iam::{iam.account.account_id}:policy/{name}"
    answer = iam.found("get_policy", PolicyArn=arn)
    if answer is None:
        return Existing("policy", name, arn)
    policy = answer["Policy"]
    version = iam.ask("get_policy_version", PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    document = parsed(version["PolicyVersion"]["Document"])
    return Existing("policy", name, arn, document, _tags(policy))


def existing_role(iam: Iam, name: str) -> Existing:
    """The role of that name, in exactly these letters and under no path."""
    arn = f"arn:aws:iam::{iam.account.account_id}:role/{name}"
    answer = iam.found("get_role", RoleName=name)
    if answer is None:
        return Existing("role", name, arn)
    role = answer["Role"]
    found = Existing("role", name, arn, parsed(role["AssumeRolePolicyDocument"]), _tags(role))
    if role["Arn"] != arn:
        raise somewhere_else(found)
    return found


def somewhere_else(found: Existing) -> AlreadyDifferent:
    """IAM says the name is taken, and it is: in other letter case, or under a path."""
    return AlreadyDifferent(found, (f"A {found.kind} of this name has other letters or a path.",))


def require_equal(found: Existing, wanted: dict[str, Any]) -> None:
    """Raise `AlreadyDifferent` unless `found` is absent or says the same as `wanted`."""
    if found.document is not None and canonical(found.document) != canonical(wanted):
        raise AlreadyDifferent(found, _diff(found.document, wanted))


def canonical(document: Any) -> Any:
    """The document in one form: IAM takes a list of one for the item itself, in any order."""
    if isinstance(document, dict):
        return {key: canonical(document[key]) for key in sorted(document)}
    if isinstance(document, list):
        items = sorted((canonical(item) for item in document), key=_text)
        return items[0] if len(items) == 1 else items
    return document


def _diff(found: Any, wanted: dict[str, Any]) -> tuple[str, ...]:
    ours = re.search("astro-[a-z2-7]{32}", _text(wanted))
    external_id = ours.group() if ours else ""
    before, after = (
        json.dumps(masked(canonical(document), external_id), indent=2, ensure_ascii=False)
        for document in (found, wanted)
    )
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _tags(answer: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}

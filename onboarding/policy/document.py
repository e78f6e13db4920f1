"""What Astro may do in a customer's AWS account, and what it may never do.

An edition is one version of it: every form of the role (CloudFormation, shell script, Terraform,
boto3) and every page about it are made from one. `data/permissions.json` is the newest.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from onboarding import facts
from onboarding.policy.parameters import EXTERNAL_ID_PATTERN

VERSION = 1
"""Of the document that is shipped. Raised with every change to its policies: what was published
under a number never changes."""

ROLE_DESCRIPTION = "Lets Astro install and look after its clusters in this AWS account"

BOUNDARY_NAME = f"DataPlane{facts.POLICY_NAME}"
"""Attached to the role, and the permissions boundary of every role that Astro makes."""


REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
"""AWS's own list of every action, resource and condition of a service."""


@dataclass(frozen=True)
class Grant:
    """What one statement of one policy allows."""

    policy: str
    """The name of the managed policy that it stands in."""
    purpose: str
    """Empty where the purpose of the group says it all."""
    limit: str
    """The restriction to certain resources or conditions, as a sentence; empty without one."""
    actions: tuple[str, ...]
    """As written in the policy: `ec2:Describe*` is one entry."""
    statement: dict[str, Any]
    """As the policy has it."""

    @property
    def json(self) -> str:
        return json.dumps(self.statement, indent=2)


@dataclass(frozen=True)
class Group:
    """What Astro may do with one AWS service."""

    service: str
    """AWS's own prefix, such as `ec2`."""
    title: str
    purpose: str
    reference: str
    """The page of AWS about the service's actions."""
    grants: tuple[Grant, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """Each once, though two policies may allow it under different limits."""
        return tuple(dict.fromkeys(action for grant in self.grants for action in grant.actions))

    @property
    def limits(self) -> tuple[str, ...]:
        return tuple(grant.limit for grant in self.grants if grant.limit)


@dataclass(frozen=True)
class Denial:
    """What Astro may not do, whatever else is allowed."""

    policy: str
    sentence: str
    actions: tuple[str, ...]
    statement: dict[str, Any]

    @property
    def json(self) -> str:
        return json.dumps(self.statement, indent=2)


@dataclass(frozen=True)
class LeftOut:
    """What others ask for in Astro's place, and Astro does without."""

    sentence: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class ManagedPolicy:
    name: str
    description: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """One version of the permissions, and all that is made from it.

    What is handed out is made anew each time: callers may change it without changing it for others.
    """

    number: int
    source: Mapping[str, Any] = field(repr=False, hash=False)
    """As `data/permissions.json` has it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", json.loads(json.dumps(self.source)))

    @property
    def policies(self) -> tuple[ManagedPolicy, ...]:
        """The managed policies of the role, all of them attached to it.

        Several, because AWS allows 6,144 characters in one (white space not counted). Every name
        ends in AstronomerCrossAccountRole, so that a CloudTrail filter on
        `*AstronomerCrossAccountRole` sees a change to any of them.
        """
        source = self._copy()
        return tuple(
            ManagedPolicy(
                entry["name"],
                entry["description"],
                {"Version": "2012-10-17", "Statement": list(_statements(source, entry["name"]))},
            )
            for entry in source["policies"]
        )

    @property
    def groups(self) -> tuple[Group, ...]:
        """The permissions by AWS service, in the order in which a page shows them."""
        return tuple(_group(entry) for entry in self._copy()["groups"])

    @property
    def denials(self) -> tuple[Denial, ...]:
        return tuple(
            Denial(row["policy"], row["sentence"], tuple(row["actions"]), _statement("Deny", row))
            for row in self._copy()["denials"]
        )

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        rows = self.source["left_out"]
        return tuple(LeftOut(row["sentence"], tuple(row["actions"])) for row in rows)

    @cached_property
    def action_count(self) -> int:
        """How many permissions the policies list. A pattern such as `ec2:Describe*` counts once."""
        return sum(len(group.actions) for group in self.groups)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over the policies' names and documents as canonical JSON. Purposes do not count."""
        content = [[policy.name, policy.document] for policy in self.policies]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    @property
    def line(self) -> str:
        """What stands in the heading of every generated file."""
        return f"Permissions version {self.number}, checksum (SHA-256) {self.checksum}"

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the role and, where AWS takes tags, of its policies."""
        return {
            "astro:managed-by": "astro-install-portal",
            "astro:policy-version": str(self.number),
            "astro:policy-checksum": self.checksum,
        }

    def as_data(self) -> dict[str, Any]:
        """For whoever reads it with a program: the policies as AWS has them, then the reasons."""
        policies = [
            {"name": each.name, "description": each.description, "document": each.document}
            for each in self.policies
        ]
        reasons = {each: self._copy()[each] for each in ("groups", "denials", "left_out")}
        return {"version": self.number, "checksum": self.checksum, "policies": policies} | reasons

    @cached_property
    def _text(self) -> str:
        return json.dumps(self.source)

    def _copy(self) -> dict[str, Any]:
        copy: dict[str, Any] = json.loads(self._text)
        return copy


@cache
def shipped() -> Edition:
    """The newest one, which comes with this portal. It need not be in effect yet."""
    text = (files(__package__) / "data" / "permissions.json").read_text("ascii")
    return Edition(VERSION, json.loads(text))


def trust_policy(external_id: str) -> dict[str, Any]:
    """The trust policy that opens the role to Astro alone, with this external ID alone.

    Raises ValueError, which does not repeat the value, for anything the portal did not make.
    """
    return trust_document(checked(external_id))


def trust_document(external_id: Any) -> dict[str, Any]:
    """The trust policy with `external_id` set in unchecked: a value, or CloudFormation's Ref."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": facts.TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def checked(external_id: str) -> str:
    """`external_id` itself, or ValueError (without the value) if the portal cannot have made it."""
    if not isinstance(external_id, str) or not re.fullmatch(EXTERNAL_ID_PATTERN, external_id):
        raise ValueError("This is not an external ID that the portal made.")
    return external_id


def _group(entry: dict[str, Any]) -> Group:
    return Group(
        entry["service"],
        entry["title"],
        entry["purpose"],
        REFERENCE + entry["reference"],
        tuple(_grant(row) for row in entry["grants"]),
    )


def _grant(row: dict[str, Any]) -> Grant:
    return Grant(
        row["policy"],
        row.get("purpose", ""),
        row.get("limit", ""),
        tuple(row["actions"]),
        _statement("Allow", row),
    )


def _statements(source: dict[str, Any], policy: str) -> Iterator[dict[str, Any]]:
    for group in source["groups"]:
        for grant in group["grants"]:
            if grant["policy"] == policy:
                yield _statement("Allow", grant)
    for denial in source["denials"]:
        if denial["policy"] == policy:
            yield _statement("Deny", denial)


def _statement(effect: str, row: dict[str, Any]) -> dict[str, Any]:
    statement = {
        "Sid": row["sid"],
        "Effect": effect,
        "Action": row["actions"],
        "Resource": row.get("resources", "*"),
    }
    return statement | ({"Condition": _in_order(row["condition"])} if "condition" in row else {})


def _in_order(condition: dict[str, Any]) -> dict[str, Any]:
    """What is asked of values by name, then whether there is one: `Null`.

    PostgreSQL keeps no order of keys, and the same version shall be the same bytes.
    """
    operators = sorted(condition, key=lambda operator: (operator == "Null", operator))
    return {each: dict(sorted(condition[each].items())) for each in operators}

"""Reads a role's trust policy back and names every line that makes the role unsafe.

A policy is safe only if every statement that allows is known to be: whatever is not understood is
a fault. A Deny can only narrow, so it is never one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onboarding.aws.trust_condition import WORDS as CONDITION_WORDS
from onboarding.aws.trust_condition import condition_faults
from onboarding.aws.trust_text import fragment, parsed
from onboarding.facts import CONTROL_PLANE_ACCOUNT, TRUST_PRINCIPAL

ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"}
)
HARMLESS_ACTIONS = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"})
OPENS_WITHOUT = frozenset(
    {"no_condition", "no_external_id", "null", "if_exists", "for_all_values", "not_equals"}
)
"""Codes of faults through which the role opens to a caller who sends no external ID."""

WORDS = {
    "unreadable": "This is not a trust policy we can read, so we cannot call it safe.",
    "nobody_allowed": "No statement of this policy lets anyone use the role.",
    "unknown_element": "This element has no place in the statement of a trust policy.",
    "principal_absent": f"Astro's principal {TRUST_PRINCIPAL} is in no statement that allows.",
    "no_principal": "This statement does not say whom it lets in.",
    "not_principal": "NotPrincipal lets in everyone who is not listed. Name Astro's principal.",
    "wildcard_principal": "A * lets in every AWS account. Name Astro's principal alone.",
    "foreign_principal": "This lets in someone besides Astro. The role must trust Astro alone.",
    "not_action": "NotAction allows all that is not listed. Allow sts:AssumeRole alone.",
    "wildcard_action": "A pattern allows more than Astro needs. Allow sts:AssumeRole alone.",
    "other_action": "This action is not one Astro needs. Allow sts:AssumeRole alone.",
    **CONDITION_WORDS,
}


@dataclass(frozen=True)
class TrustFault:
    """One unsafe thing. `line` is the JSON at fault, with external IDs left out."""

    code: str
    path: str
    line: str
    explanation: str


Finds = Iterator[tuple[str, str, Any]]
"""Code, path below the statement, and the JSON at fault."""


def faults(
    document: Mapping[str, Any] | str, *, external_id: str, former: str = ""
) -> tuple[TrustFault, ...]:
    """Every unsafe thing in a trust policy, in the order of its lines; empty when it is safe.

    `document` is the policy as boto3 gives it, or its JSON, URL-encoded or not. Safe is: Astro's
    principal alone, sts:AssumeRole, and StringEquals on sts:ExternalId with exactly `external_id`.
    While it is being renewed, the `former` external ID is as good, and so are both in one list.
    Source of the rules: IAM User Guide, "IAM JSON policy elements" and "Condition operators".
    """
    ids = (external_id, former) if former else (external_id,)
    policy = parsed(document)
    statements = _statements(policy)
    if statements is None:
        return (TrustFault("unreadable", "", fragment(policy, *ids), WORDS["unreadable"]),)
    allowing = [(path, item) for path, item in statements if item.get("Effect") != "Deny"]
    found = [
        TrustFault(code, path + below, fragment(line, *ids), WORDS[code])
        for path, item in allowing
        for code, below, line in _statement_faults(item, ids)
    ]
    return tuple(found + _missing(allowing, ids))


def _statements(policy: Any) -> list[tuple[str, Mapping[str, Any]]] | None:
    if not isinstance(policy, Mapping) or set(policy) - {"Version", "Id", "Statement"}:
        return None
    given = policy.get("Statement", [])
    if isinstance(given, Mapping):
        return [("Statement", given)]
    if not isinstance(given, list) or not all(isinstance(item, Mapping) for item in given):
        return None
    return [(f"Statement[{number}]", item) for number, item in enumerate(given)]


def _missing(
    allowing: list[tuple[str, Mapping[str, Any]]], ids: tuple[str, ...]
) -> list[TrustFault]:
    if not allowing:
        return [TrustFault("nobody_allowed", "Statement", "[]", WORDS["nobody_allowed"])]
    principals = [item.get("Principal") for _, item in allowing]
    named = [value for given in principals for _, value in _listed(given)]
    if any(_is_ours(value) or "*" in str(value) for value in named):  # a * is a fault by itself
        return []
    line = fragment({"Principal": principals[0]}, *ids)
    where = allowing[0][0] + ".Principal"
    return [TrustFault("principal_absent", where, line, WORDS["principal_absent"])]


def _statement_faults(statement: Mapping[str, Any], ids: tuple[str, ...]) -> Finds:
    if statement.get("Effect") != "Allow":
        yield "unreadable", ".Effect", {"Effect": statement.get("Effect")}
    for name in sorted(set(statement) - ELEMENTS):
        yield "unknown_element", f".{name}", {name: statement[name]}
    yield from _principal_faults(statement)
    yield from _action_faults(statement)
    yield from condition_faults(statement.get("Condition"), ids)


def _principal_faults(statement: Mapping[str, Any]) -> Finds:
    if "NotPrincipal" in statement:
        yield "not_principal", ".NotPrincipal", {"NotPrincipal": statement["NotPrincipal"]}
        return
    listed = _listed(statement.get("Principal"))
    if not listed:
        yield "no_principal", ".Principal", {"Principal": statement.get("Principal")}
    for kind, value in listed:
        if "*" in str(value):
            yield "wildcard_principal", f".Principal.{kind}", {kind: value}
        elif kind != "AWS" or not _is_ours(value):
            yield "foreign_principal", f".Principal.{kind}", {kind: value}


def _listed(principal: Any) -> list[tuple[str, Any]]:
    """Every principal with its kind. A bare string stands for AWS: only "*" is one."""
    if isinstance(principal, str):
        return [("AWS", principal)]
    if not isinstance(principal, Mapping):
        return []
    return [(str(kind), value) for kind, given in principal.items() for value in _as_list(given)]


def _is_ours(value: Any) -> bool:
    """Astro's account, written as its ARN or its number, or one identity inside it."""
    if not isinstance(value, str) or "*" in value:
        return False
    inside = (f"arn:aws:iam::{CONTROL_PLANE_ACCOUNT}:{kind}/" for kind in ("role", "user"))
    return value in (TRUST_PRINCIPAL, CONTROL_PLANE_ACCOUNT) or value.startswith(tuple(inside))


def _action_faults(statement: Mapping[str, Any]) -> Finds:
    if "NotAction" in statement:
        yield "not_action", ".NotAction", {"NotAction": statement["NotAction"]}
        return
    for action in _as_list(statement.get("Action")):
        if any(sign in str(action) for sign in "*?"):
            yield "wildcard_action", ".Action", {"Action": action}
        elif str(action).lower() not in HARMLESS_ACTIONS:
            yield "other_action", ".Action", {"Action": action}


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]

"""What IAM refuses to store as a role's trust policy.

Source: IAM User Guide, "Grammar of the IAM JSON policy language", "AWS JSON policy elements:
Principal" and "… NotPrincipal" (neither identity-based nor trust policies may use it).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from portal.demo.simulator.conditions import as_list, known_operator

PrincipalExists = Callable[[str], bool]
"""Whether an ARN or account id names a principal that AWS knows."""

_ALLOWED = {"Sid", "Effect", "Principal", "Action", "Condition"}
_PROHIBITED = {"Resource", "NotResource", "NotPrincipal", "NotAction"}
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_FEDERATED = re.compile(
    r"arn:aws:iam::[0-9]{12}:(saml-provider|oidc-provider)/.+"
    r"|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com"
)


class Malformed(ValueError):
    """The document breaks IAM's grammar; the text is AWS's message."""


def check_trust(text: str, exists: PrincipalExists) -> None:
    """Raises `Malformed` where IAM answers MalformedPolicyDocument."""
    try:
        document = json.loads(text)
    except ValueError:
        raise Malformed("This policy contains invalid Json") from None
    if not isinstance(document, dict):
        raise Malformed("Syntax errors in policy.")
    _unknown_fields(document, {"Version", "Id", "Statement"})
    if document.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17"):
        raise Malformed("The policy must contain a valid version string")
    statements = as_list(document.get("Statement", []))
    if not statements:
        raise Malformed("Could not parse the policy: Statement is empty!")
    for statement in statements:
        _check_statement(statement, exists)
    sids = [one["Sid"] for one in statements if "Sid" in one]
    if len(sids) != len(set(sids)):
        raise Malformed("Statement IDs (SID) in a single policy must be unique.")


def _unknown_fields(found: Mapping[str, Any], known: set[str]) -> None:
    for name in found:
        if name not in known:
            raise Malformed(f"Unknown field {name}")


def _check_statement(statement: Any, exists: PrincipalExists) -> None:
    if not isinstance(statement, dict):
        raise Malformed("Syntax errors in policy.")
    for name in statement:
        if name in _PROHIBITED:
            raise Malformed(f"Has prohibited field {name}")
    _unknown_fields(statement, _ALLOWED)
    for name in ("Effect", "Principal", "Action"):
        if name not in statement:
            raise Malformed(f"Missing required field {name}")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise Malformed("Syntax errors in policy.")
    _check_actions(statement["Action"])
    _check_principal(statement["Principal"], exists)
    _check_condition(statement.get("Condition", {}))


def _check_actions(actions: Any) -> None:
    for action in as_list(actions):
        if not isinstance(action, str) or not action.lower().startswith("sts:"):
            raise Malformed("AssumeRole policy may only specify STS AssumeRole actions.")


def _check_principal(block: Any, exists: PrincipalExists) -> None:
    if block == "*":
        return
    if not isinstance(block, dict) or not block:
        raise Malformed(f"Invalid principal in policy: {json.dumps(block)}")
    for kind, names in block.items():
        if not as_list(names):
            raise Malformed(f'Invalid principal in policy: "{kind}":""')
        for name in as_list(names):
            if not isinstance(name, str) or not _valid_principal(kind, name, exists):
                raise Malformed(f'Invalid principal in policy: "{kind.upper()}":{json.dumps(name)}')


def _valid_principal(kind: str, name: str, exists: PrincipalExists) -> bool:
    """A wildcard may stand for everyone, but not for a part of an ARN."""
    if kind == "AWS":
        return name == "*" or ("*" not in name and exists(name))
    expected = {"Service": _SERVICE, "Federated": _FEDERATED}.get(kind)
    return expected is not None and expected.fullmatch(name) is not None


def _check_condition(block: Any) -> None:
    if not isinstance(block, dict):
        raise Malformed("Syntax errors in policy.")
    for operator, keys in block.items():
        if not known_operator(operator):
            raise Malformed(f"Invalid Condition type : {operator}")
        if not isinstance(keys, dict) or not keys:
            raise Malformed("Syntax errors in policy.")

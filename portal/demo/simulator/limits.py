"""IAM's limits on names and documents, which moto does not enforce.

Source: IAM User Guide, "IAM and AWS STS quotas, name requirements, and character limits".
"""

import re
from collections.abc import Iterable

ROLE_NAME_LENGTH = 64
POLICY_NAME_LENGTH = 128
POLICY_SIZE = 6_144
"""Characters of a managed policy; white space is not counted."""
TRUST_SIZE = 2_048
"""Characters of a role's trust policy, as the quota stands unless AWS has raised it."""
POLICIES_PER_ROLE = 10

_NAME = r"[\w+=,.@-]+"
_TEXT = r"[\u0009\u000A\u000D\u0020-\u00FF]+"


class Invalid(ValueError):
    """A parameter outside its pattern or length; the text is AWS's message."""


class TooMuch(ValueError):
    """A quota would be exceeded; the text is AWS's message."""


def check_name(field: str, name: str, most: int) -> None:
    if not re.fullmatch(_NAME, name or "", re.ASCII):
        raise _constraint(field, f"Member must satisfy regular expression pattern: {_NAME}")
    if len(name) > most:
        raise _constraint(field, f"Member must have length less than or equal to {most}")


def check_text(field: str, document: str) -> None:
    if not re.fullmatch(_TEXT, document or ""):
        raise _constraint(field, f"Member must satisfy regular expression pattern: {_TEXT}")


def check_policy_size(document: str) -> None:
    if len(re.sub(r"\s", "", document)) > POLICY_SIZE:
        raise TooMuch(f"Cannot exceed quota for PolicySize: {POLICY_SIZE}")


def check_trust_size(document: str) -> None:
    if len(document) > TRUST_SIZE:
        raise TooMuch(f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}")


def taken(name: str, names: Iterable[str]) -> bool:
    """Names are unique whatever their letter case."""
    return name.lower() in {one.lower() for one in names}


def _constraint(field: str, rule: str) -> Invalid:
    return Invalid(
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: {rule}"
    )

"""The words of the conformance table: who is in it, AWS's pages, and how a statement is made."""

from dataclasses import dataclass
from typing import Any

VENDOR_ID = "406882777402"
VENDOR_ROOT = f"arn:aws:iam::{VENDOR_ID}:root"
VENDOR_USER = f"arn:aws:iam::{VENDOR_ID}:user/astro-install-portal"
HOME = "210987654321"
"""The account of the role in every row."""
NEIGHBOUR = "540987654321"
"""An account with a role `hop` that may assume any role."""
HOP = f"arn:aws:iam::{NEIGHBOUR}:role/hop"
RIGHT = "astro-right"
KEY = "sts:ExternalId"

OPENS, DENIED, INVALID, MALFORMED = "opens", "AccessDenied", "ValidationError", "malformed"

EXTERNAL_ID = "IAM User Guide: Access to AWS accounts owned by third parties"
OPERATORS = "IAM User Guide: Condition operators"
SEVERAL = "IAM User Guide: Conditions with multiple context keys or values"
SETS = "IAM User Guide: Set operators for multivalued context keys"
PRINCIPAL = "IAM User Guide: AWS JSON policy elements: Principal"
NOT_PRINCIPAL = "IAM User Guide: AWS JSON policy elements: NotPrincipal"
EVALUATION = "IAM User Guide: Policy evaluation logic"
CROSS = "IAM User Guide: Cross-account policy evaluation logic"
GRAMMAR = "IAM User Guide: Grammar of the IAM JSON policy language"
VARIABLES = "IAM User Guide: Policy elements: Variables and tags"
GLOBAL_KEYS = "IAM User Guide: AWS global condition context keys"
KEYS_CASE = "IAM User Guide: AWS JSON policy elements: Condition"
API = "STS API Reference: AssumeRole"


@dataclass(frozen=True)
class Row:
    name: str
    statements: Any
    expected: str
    why: str
    given: str | None = RIGHT
    """The external ID sent; None sends none."""
    caller: str = "vendor"
    version: str = "2012-10-17"


def allow(condition: Any = None, principal: Any = None, **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": VENDOR_ROOT} if principal is None else principal,
        "Action": "sts:AssumeRole",
        **more,
    }
    return statement if condition is None else {**statement, "Condition": condition}


def deny(condition: Any = None, principal: Any = "*") -> dict[str, Any]:
    return {**allow(condition, principal), "Effect": "Deny"}


EQUALS = {"StringEquals": {KEY: RIGHT}}


def aws(*names: str) -> dict[str, Any]:
    return {"AWS": list(names)}

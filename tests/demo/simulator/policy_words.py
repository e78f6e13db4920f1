"""The words of the table of permissions: AWS's pages, and how a statement is made."""

from dataclasses import dataclass, field
from typing import Any

ALLOWED, DENIED, SILENT = "allowed", "explicitDeny", "implicitDeny"

LOGIC = "IAM User Guide: Policy evaluation logic"
BOUNDARIES = "IAM User Guide: Permissions boundaries for IAM entities"
SCPS = "Organizations User Guide: Service control policies (SCPs)"
STRATEGIES = "Organizations User Guide: Strategies for using SCPs"
SCP_EFFECTS = "Organizations User Guide: SCP effects on permissions"
RESOURCE = "IAM User Guide: IAM JSON policy elements: Resource"
ACTION = "IAM User Guide: IAM JSON policy elements: Action"
NOT_ACTION = "IAM User Guide: IAM JSON policy elements: NotAction"
CONDITION = "IAM User Guide: IAM JSON policy elements: Condition"
API = "IAM API Reference: SimulatePrincipalPolicy"
RESULT = "IAM API Reference: EvaluationResult"

Statement = dict[str, Any]


def allow(action: Any, resource: Any = "*", condition: Any = None, **more: Any) -> Statement:
    statement = {"Effect": "Allow", "Resource": resource, **more}
    if "NotAction" not in more:
        statement["Action"] = action
    return statement if condition is None else {**statement, "Condition": condition}


def deny(action: Any, resource: Any = "*", condition: Any = None) -> Statement:
    return {**allow(action, resource, condition), "Effect": "Deny"}


ANYTHING = allow("*")


def document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@dataclass(frozen=True)
class Row:
    name: str
    policies: tuple[Statement, ...]
    """Of the role, each in a policy of its own: the first attached, the others inline."""
    expected: str
    why: str
    boundary: Statement | None = None
    scps: tuple[Statement, ...] = ()
    action: str = "ec2:CreateVpc"
    resource: str = "*"
    context: dict[str, list[str]] = field(default_factory=dict)
    by_boundary: bool | None = None
    """What PermissionsBoundaryDecisionDetail says; None: it is not there."""
    by_organizations: bool | None = None

"""What IAM makes of policies: allow, explicit deny, or neither.

Source: IAM User Guide, "Policy evaluation logic" and "AWS JSON policy elements: Principal".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from portal.demo.simulator.conditions import Context, any_like, as_list, holds

Document = Mapping[str, Any]


class Verdict(Enum):
    ALLOWED = "allowed"
    DENIED = "denied explicitly"
    SILENT = "no statement allows it"


@dataclass(frozen=True)
class Principal:
    account_id: str
    arn: str
    role_arn: str = ""
    """The role behind a session. A policy may name the role, or the one session."""


@dataclass(frozen=True)
class Question:
    principal: Principal
    action: str
    resource: str
    """An ARN, or `*` when it is not known."""
    context: Context


def evaluate(
    documents: Iterable[Document], question: Question, *, by_account: bool = True
) -> Verdict:
    """An explicit deny wins over any allow; nothing said means no.

    `by_account=False` leaves out statements that name a whole account (`:root`): they only hand the
    decision to that account's own policies.
    """
    verdict = Verdict.SILENT
    for document in documents:
        for statement in as_list(document.get("Statement", [])):
            if not _applies(statement, question, by_account):
                continue
            if statement.get("Effect") == "Deny":
                return Verdict.DENIED
            verdict = Verdict.ALLOWED
    return verdict


def _applies(statement: Mapping[str, Any], question: Question, by_account: bool) -> bool:
    return (
        _names_principal(statement, question.principal, by_account)
        and _names_action(statement, question)
        and _names_resource(statement, question)
        and holds(statement.get("Condition", {}), question.context)
    )


def _names_principal(statement: Mapping[str, Any], principal: Principal, by_account: bool) -> bool:
    """A policy of an identity has no Principal: it speaks of the identity it is attached to."""
    if "NotPrincipal" in statement:
        return not _listed(statement["NotPrincipal"], principal, by_account=True)
    return "Principal" not in statement or _listed(statement["Principal"], principal, by_account)


def _listed(block: Any, principal: Principal, by_account: bool) -> bool:
    names = as_list(block.get("AWS", [])) if isinstance(block, Mapping) else as_list(block)
    return any(_is(name, principal, by_account) for name in names)


def _is(name: str, principal: Principal, by_account: bool) -> bool:
    if name in (principal.account_id, f"arn:aws:iam::{principal.account_id}:root"):
        return by_account
    return name == "*" or name in (principal.arn, principal.role_arn)


def _names_action(statement: Mapping[str, Any], question: Question) -> bool:
    if "NotAction" in statement:
        return not any_like(statement["NotAction"], question.action, {}, ignore_case=True)
    return any_like(statement.get("Action", []), question.action, {}, ignore_case=True)


def _names_resource(statement: Mapping[str, Any], question: Question) -> bool:
    """A trust policy has no Resource: it speaks of the role it belongs to."""
    if "NotResource" in statement:
        return not any_like(statement["NotResource"], question.resource, question.context)
    if "Resource" not in statement:
        return True
    return any_like(statement["Resource"], question.resource, question.context)

"""The role's policies, and an evaluator to ask what they come to."""

from collections.abc import Mapping
from typing import Any

from onboarding import facts
from onboarding.policy import document
from portal.demo.simulator.evaluate import Principal, Question, Verdict, evaluate

EDITION = document.shipped()

ACCOUNT = "210987654321"
ROLE = facts.role_arn(ACCOUNT)
IAM = f"arn:aws:iam::{ACCOUNT}"
BOUNDARY = f"{IAM}:policy/{document.BOUNDARY_NAME}"
CALLER = Principal(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/x/y", ROLE)

ALL = [policy.document for policy in EDITION.policies]
BOUNDARY_ONLY = [p.document for p in EDITION.policies if p.name == document.BOUNDARY_NAME]
EVERYTHING = [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]
NOT_ALLOWED = (Verdict.SILENT, Verdict.DENIED)


def verdict(
    action: str,
    resource: str = "*",
    keys: Mapping[str, str] | None = None,
    documents: list[dict[str, Any]] = ALL,
) -> Verdict:
    context = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT} | dict(keys or {})
    asked = {key.lower(): (value,) for key, value in context.items()}
    return evaluate(documents, Question(CALLER, action, resource, asked))

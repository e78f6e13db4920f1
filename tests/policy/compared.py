"""Policies to compare."""

from typing import Any

from onboarding.policy import document
from onboarding.policy.document import ManagedPolicy

REAL = list(document.shipped().policies)


def policies(*statements: Any, name: str = "One") -> list[ManagedPolicy]:
    return [ManagedPolicy(name, "", {"Version": "2012-10-17", "Statement": list(statements)})]


def allow(action: str | list[str], **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | elements


def deny(action: str | list[str], **elements: Any) -> dict[str, Any]:
    return allow(action, **elements) | {"Effect": "Deny"}

"""A record of every AWS call: what was asked, when, and what AWS answered. Never a secret."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Identity(StrEnum):
    """As whom a call is made."""

    PORTAL = "portal"
    """With Astro's own credentials: it asks for the role."""
    ROLE = "role"
    """With what the cross-account role gives."""
    PASTED = "pasted"
    """With the temporary credentials that the customer pasted."""
    REPORTED = "reported"
    """By the customer's own hand: the pre-flight script made it, and its report tells of it."""


@dataclass(frozen=True)
class Call:
    at: datetime
    service: str
    action: str
    account_id: str
    region: str
    request_id: str
    outcome: str
    """`ok`, or AWS's error code."""
    milliseconds: int
    identity: Identity = Identity.ROLE


Recorder = Callable[[Call], None]


def forget(call: Call) -> None:
    """The recorder that keeps nothing."""

"""A record of every AWS call: what was asked, when, and what AWS answered. Never a secret."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


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


Recorder = Callable[[Call], None]


def forget(call: Call) -> None:
    """The recorder that keeps nothing."""

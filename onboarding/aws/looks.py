"""One look at the role: what AWS answered, carried from task to task as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from onboarding.aws.check import Turn
from onboarding.aws.trust import TrustFault


class Answer(StrEnum):
    OPENED = "opened"
    DENIED = "denied"
    """AWS said AccessDenied, and nothing else counts as that."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Probe:
    """What AWS answered in one look. `as_data` and `from_data` carry it between tasks."""

    opens: Answer
    without: Answer
    wrong: Answer
    trust_faults: tuple[TrustFault, ...]
    trust_read: bool
    request_ids: dict[str, str]
    """AWS's request ids by question: opens, without, wrong, identity, trust."""
    at: datetime
    """When the last answer was in."""
    began: datetime | None = None
    """When the first question went out; `at` when not known."""
    problem: str = ""
    """Why an answer is unknown, in AWS's words."""
    whose: Turn = Turn.NOBODY

    @property
    def asked_at(self) -> datetime:
        return self.began or self.at

    def as_data(self) -> dict[str, Any]:
        """Plain JSON data; holds no external ID and no credentials."""
        return {
            **vars(self),
            "trust_faults": [vars(fault) for fault in self.trust_faults],
            "at": self.at.isoformat(),
            "began": self.asked_at.isoformat(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Probe":
        answers = {name: Answer(data[name]) for name in ("opens", "without", "wrong")}
        changed = {
            "trust_faults": tuple(TrustFault(**fault) for fault in data["trust_faults"]),
            "at": datetime.fromisoformat(data["at"]),
            "began": datetime.fromisoformat(data["began"]),
            "whose": Turn(data["whose"]),
        }
        return cls(**{**data, **answers, **changed})

"""One look at the role: what AWS answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onboarding.aws.check import Finding, Turn
from onboarding.aws.explain import Explanation
from onboarding.aws.permissions_version import Measured
from onboarding.aws.trust import TrustFault


class Answer(StrEnum):
    OPENED = "opened"
    DENIED = "denied"
    """AWS said AccessDenied, and nothing else counts as that."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Probe:
    """What AWS answered in one look."""

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
    why: Explanation | None = None
    """What that means, where a call failed."""
    permissions: Finding | None = None
    """How the role's permissions compare; None when they were not asked for."""
    measured: Measured | None = None
    """By which version they were compared; None when they were not read."""
    role_made: datetime | None = None
    """When the role was created, by AWS's clock; None when it could not be read."""
    by_former: bool = False
    """Whether it was the former external ID that opened it; then AWS refused the new one."""
    former: Answer | None = None
    """What AWS answered to the former external ID after the new one had opened the role; None when
    it was not asked."""

    @property
    def asked_at(self) -> datetime:
        return self.began or self.at

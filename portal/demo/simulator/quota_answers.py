"""Increase requests that AWS decides by itself after a while, as support does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from portal.demo.simulator.increases import DECIDED, OPEN, Increase


@dataclass(frozen=True)
class QuotaAnswers:
    case_after_seconds: float
    """Then a support case is opened."""
    after_seconds: float
    """Then it is decided."""
    status: str
    granted: float | None
    """Approved, but no more than this. None: what was asked for."""

    def settled(self, one: Increase, now: datetime) -> Increase:
        """The request as it stands now."""
        if one.status not in OPEN:
            return one
        decided = one.created + timedelta(seconds=self.after_seconds)
        if decided <= now:
            return replace(one, status=self.status, updated=decided)
        case = one.created + timedelta(seconds=self.case_after_seconds)
        if case <= now and one.status != "CASE_OPENED":
            return replace(one, status="CASE_OPENED", updated=case)
        return one

    def value(self, one: Increase) -> float | None:
        """What the quota is from now on; None when it stays."""
        if one.status != "APPROVED":
            return None
        return one.desired if self.granted is None else min(self.granted, one.desired)

    def shown(self) -> dict[str, Any]:
        return {
            "case_after_seconds": self.case_after_seconds,
            "after_seconds": self.after_seconds,
            "status": self.status,
            "granted": self.granted,
        }


def read(setting: Mapping[str, Any] | None) -> QuotaAnswers | None:
    """None: nobody decides by itself. Raises ValueError, TypeError or KeyError."""
    if setting is None:
        return None
    status, granted = setting.get("status", "APPROVED"), setting.get("granted")
    if status not in DECIDED:
        raise ValueError(f"not a decision: {status}")
    after = float(setting["after_seconds"])
    return QuotaAnswers(
        case_after_seconds=float(setting.get("case_after_seconds", after)),
        after_seconds=after,
        status=status,
        granted=None if granted is None else float(granted),
    )

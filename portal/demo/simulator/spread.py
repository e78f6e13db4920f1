"""What AWS answers by until a change has spread: for a while, still by what was before.

Source: IAM User Guide, "Troubleshoot IAM: Changes that I make are not always immediately visible".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _Change(Generic[T]):
    in_force_from: datetime
    value: T | None
    """None: it is gone."""


class Spread(Generic[T]):
    """The changes of one fact about each role, by account and role name."""

    def __init__(self) -> None:
        self._changes: dict[str, dict[str, list[_Change[T]]]] = {}

    def names(self, account_id: str) -> Iterable[str]:
        return self._changes.get(account_id, {})

    def latest(self, account_id: str, name: str) -> T | None:
        """What was noted last, whether it has spread or not."""
        changes = self._of(account_id, name)
        return changes[-1].value if changes else None

    def note(self, account_id: str, name: str, value: T | None, in_force_from: datetime) -> None:
        changes = self._changes.setdefault(account_id, {}).setdefault(name, [])
        changes.append(_Change(in_force_from, value))

    def in_force(self, account_id: str, name: str, now: datetime) -> T | None:
        """What AWS answers by. None: not there, or not visible yet."""
        spread = (one for one in reversed(self._of(account_id, name)) if one.in_force_from <= now)
        found = next(spread, None)
        return found.value if found else None

    def _of(self, account_id: str, name: str) -> list[_Change[T]]:
        return self._changes.get(account_id, {}).get(name, [])

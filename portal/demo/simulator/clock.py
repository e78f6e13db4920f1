"""The simulation's time: now, or one moment for a whole call, the recorded one when it is replayed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


class Clock:
    def __init__(self) -> None:
        self._held: datetime | None = None

    def now(self) -> datetime:
        return self._held or datetime.now(UTC)

    def utcnow(self) -> datetime:
        """As moto wants it: UTC, without saying so."""
        return self.now().replace(tzinfo=None)

    @contextmanager
    def held(self, moment: datetime) -> Iterator[None]:
        self._held = moment
        try:
            yield
        finally:
            self._held = None

"""What a measure is, and how a duration is taken on a machine that others use too."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Measure:
    name: str
    value: float
    limit: float
    """At most this much is good."""

    @property
    def is_ok(self) -> bool:
        return self.value <= self.limit

    def line(self) -> str:
        verdict = "ok" if self.is_ok else "falls short"
        return f"{self.name:<64} {self.value:>8.2f} {self.limit:>8.2f}  {verdict}"


def seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def side_by_side(*actions: Callable[[], object], rounds: int = ROUNDS) -> Sequence[float]:
    """The median duration of each action in seconds, taken in turns, so that noise hits all."""
    taken = [[seconds(action) for action in actions] for _ in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]

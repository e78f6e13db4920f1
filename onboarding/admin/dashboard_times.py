"""How long installations take from submission to ready, and where the time goes.

Looked at are those that became ready lately, the newest of them: what the page costs does not grow
with the years. Each is followed through its events, so that a second round of changes counts too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from onboarding.models import Event, Status

WINDOWS = (30, 90)
"""Days."""
SAMPLE = 1_000
"""Installations that are followed. A median of these is as good as one of all."""
K, S = Event.Kind, Status
LEADS_TO: dict[str, Status] = {
    K.SUBMITTED: S.SUBMITTED,
    K.RELEASED: S.SUBMITTED,
    K.CLAIMED: S.IN_REVIEW,
    K.CHANGES_REQUESTED: S.CHANGES_REQUESTED,
    K.BUILDING: S.BUILDING,
    K.FAILED: S.FAILED,
    K.READY: S.READY,
}
STAGES: dict[str, str] = {
    "whole": "From submission to ready",
    S.SUBMITTED: "until somebody claims it",
    S.IN_REVIEW: "in review",
    S.CHANGES_REQUESTED: "with the customer, for changes",
    S.BUILDING: "being built",
    S.FAILED: "until a failed build goes on",
}


@dataclass(frozen=True)
class Spread:
    """Half took at most `middle`, nine of ten at most `most`."""

    number: int
    middle: timedelta
    most: timedelta

    @property
    def middle_said(self) -> str:
        return _said(self.middle)

    @property
    def most_said(self) -> str:
        return _said(self.most)


@dataclass(frozen=True)
class Stage:
    code: str
    label: str
    spreads: list[Spread | None]
    """One for each of `WINDOWS`; None where nothing went through it."""


def _said(taken: timedelta) -> str:
    """Short, for a table: `40 min`, `7 h`, `3.5 days`."""
    hours = taken.total_seconds() / 3600
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.0f} h" if hours < 36 else f"{hours / 24:.1f} days"


def times(now: datetime) -> tuple[list[Stage], bool]:
    """Each stage; and whether there were more installations than are followed."""
    since = now - timedelta(days=max(WINDOWS))
    became = Event.objects.filter(kind=K.READY, at__gte=since).order_by("-at", "-pk")
    rows = list(became.values_list("installation", "at")[: SAMPLE + 1])
    ready: dict[Any, datetime] = {}
    for key, at in rows[:SAMPLE]:
        ready.setdefault(key, at)
    taken = dict(_followed(ready))
    stages = [
        Stage(code, label, [_spread(code, taken, ready, now, days) for days in WINDOWS])
        for code, label in STAGES.items()
    ]
    return [stage for stage in stages if any(stage.spreads)], len(rows) > SAMPLE


def _followed(ready: Mapping[Any, datetime]) -> Iterable[tuple[Any, dict[str, timedelta]]]:
    """What each installation spent in each stage before it was ready."""
    events = Event.objects.filter(installation__in=[*ready], kind__in=[*LEADS_TO])
    steps: dict[Any, list[tuple[datetime, Status]]] = defaultdict(list)
    for key, kind, at in events.order_by("at", "pk").values_list("installation", "kind", "at"):
        if at <= ready[key]:
            steps[key].append((at, LEADS_TO[kind]))
    return [(key, _spent(each)) for key, each in steps.items()]


def _spent(steps: list[tuple[datetime, Status]]) -> dict[str, timedelta]:
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for (begun, status), (ended, _) in pairwise(steps):
        if status in STAGES:
            spent[status] += ended - begun
            spent["whole"] += ended - begun
    return spent


def _spread(
    code: str,
    taken: Mapping[Any, Mapping[str, timedelta]],
    ready: Mapping[Any, datetime],
    now: datetime,
    days: int,
) -> Spread | None:
    since = now - timedelta(days=days)
    found = [
        spent[code].total_seconds()
        for key, spent in taken.items()
        if ready[key] >= since and code in spent
    ]
    if not found:
        return None
    most = quantiles(found, n=10, method="inclusive")[8] if len(found) > 1 else found[0]
    return Spread(len(found), timedelta(seconds=median(found)), timedelta(seconds=most))

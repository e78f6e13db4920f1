"""The desk's first page: how much waits for whom, for how long, and what customers get stuck at.

Every number is a link to what it counts. The page asks a fixed number of times, and reads indexes
or the newest rows, so that it opens as quickly after years as on the first day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from onboarding.admin.dashboard_times import SAMPLE, WINDOWS, times
from onboarding.admin.filters import AGES, CHECK_TITLES, OPEN, TURNS, overdue
from onboarding.models import CheckResult, Installation, Mail, Status, Turn, User

OLDEST = 8
MAIL_DAYS = 30
Grouped = list[dict[str, Any]]
_site_index: Callable[..., TemplateResponse] = admin.site.index


@dataclass(frozen=True)
class Figure:
    """A number, and where what it counts is listed."""

    label: str
    number: int
    link: str


@dataclass(frozen=True)
class TurnRow:
    label: str
    all: Figure
    ages: list[Figure]


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """In place of Django's: the same list of what there is, under what there is to do."""
    return _site_index(request, dashboard(cast(User, request.user)) | (extra_context or {}))


def dashboard(user: User) -> dict[str, Any]:
    now = timezone.now()
    grouped = _grouped(user, now)
    stages, were_more = times(now)
    return {
        "figures": _figures(grouped),
        "turns": [_turn_row(grouped, turn) for turn in TURNS if turn != Turn.NOBODY],
        "ages": [label.removeprefix("Over ") for label in AGES.values()],
        "statuses": _statuses(grouped),
        "oldest": list(_oldest()),
        "failed": _failed(),
        "mails": _mails(now),
        "stages": stages,
        "windows": WINDOWS,
        "sample": SAMPLE if were_more else 0,
    }


def queue(**asked: str) -> str:
    """The address of the queue, so narrowed down."""
    return f"{reverse('admin:onboarding_installation_changelist')}?{urlencode(asked)}"


def _grouped(user: User, now: datetime) -> Grouped:
    """All that is counted of open installations, in one query: by whose turn and status."""
    counts = {
        f"over_{days}": Count(
            "waits_for", filter=Q(waits_since__lt=now - timedelta(days=int(days)))
        )
        for days in AGES
    }
    rows = Installation.objects.filter(waits_for__in=OPEN).order_by().values("waits_for", "status")
    return list(
        rows.annotate(
            number=Count("*"),
            unclaimed=Count("waits_for", filter=Q(assignee=None)),
            mine=Count("waits_for", filter=Q(assignee=user)),
            overdue=Count("waits_for", filter=overdue(now)),
            **counts,
        )
    )


def _sum(grouped: Grouped, name: str, **only: str) -> int:
    fits = (row for row in grouped if all(row[key] == value for key, value in only.items()))
    return sum(row[name] for row in fits)


def _figures(grouped: Grouped) -> list[Figure]:
    mine = sum(_sum(grouped, "mine", waits_for=turn) for turn in OPEN)
    unclaimed = _sum(grouped, "unclaimed", status=Status.SUBMITTED)
    late = _sum(grouped, "overdue")
    return [
        Figure("Awaits support", _sum(grouped, "number", waits_for=Turn.SUPPORT), queue(turn="support")),
        Figure("Unclaimed", unclaimed, queue(assignee="nobody", status="submitted")),
        Figure("Overdue", late, queue(age="overdue")),
        Figure("Mine", mine, queue(assignee="me", turn="open")),
    ]  # fmt: skip


def _turn_row(grouped: Grouped, turn: Turn) -> TurnRow:
    ages = [
        Figure(label, _sum(grouped, f"over_{days}", waits_for=turn), queue(age=days, turn=turn))
        for days, label in AGES.items()
    ]
    number = _sum(grouped, "number", waits_for=turn)
    return TurnRow(TURNS[turn], Figure(TURNS[turn], number, queue(turn=turn)), ages)


def _statuses(grouped: Grouped) -> list[Figure]:
    """Finished ones are many, and nothing but their number is of interest."""
    over = Installation.objects.filter(waits_for=Turn.NOBODY).order_by().values("status")
    finished = dict(over.annotate(number=Count("*")).values_list("status", "number"))
    return [
        Figure(
            status.label,
            _sum(grouped, "number", status=status) + finished.get(status, 0),
            queue(status=status),
        )
        for status in Status
    ]


def _oldest() -> Iterable[Installation]:
    waiting = Installation.objects.filter(waits_for=Turn.SUPPORT)
    return waiting.select_related("organization", "assignee").order_by("waits_since", "pk")[:OLDEST]


def _failed() -> list[Figure]:
    """What stops installations that are still open, by check."""
    failed = CheckResult.objects.that_block().filter(installation__waits_for__in=OPEN)
    counted = (
        failed.order_by().values("code").annotate(number=Count("*")).order_by("-number", "code")
    )
    return [
        Figure(CHECK_TITLES[row["code"]], row["number"], queue(failed=row["code"], turn="open"))
        for row in counted
        if row["code"] in CHECK_TITLES
    ]


def _mails(now: datetime) -> list[Figure]:
    """Mails that reached nobody."""
    since = now - timedelta(days=MAIL_DAYS)
    lost = (Mail.State.REFUSED, Mail.State.BOUNCED)
    rows = Mail.objects.filter(state__in=lost, created_at__gte=since).order_by().values("state")
    counted = dict(rows.annotate(number=Count("*")).values_list("state", "number"))
    address = reverse("admin:onboarding_mail_changelist")
    return [
        Figure(
            state.label,
            counted.get(state, 0),
            f"{address}?{urlencode({'state__exact': state, 'created_at__gte': since.isoformat()})}",
        )
        for state in lost
    ]

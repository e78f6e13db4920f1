"""Reminds customers of what waits for them, and support of what it promised. Each time once.

A reminder is a row, written with its mail: the database takes it once, however many workers look at
the same moment. What is long past is left alone (`CAUGHT_UP`): a clock that stood still for a week
does not make up for it with a heap of mail.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from onboarding import notifications
from onboarding.jobs.turn import PROMISED, promise, working_days_before
from onboarding.models import (
    Event,
    Installation,
    Mail,
    Message,
    PeerVpc,
    Reminder,
    Status,
    Turn,
)
from onboarding.notifications import Notification, notify

MOST = 100
"""Of each kind at one beat of the clock; the next one takes the next."""
CAUGHT_UP = timedelta(days=2)
"""How late a reminder may still be sent."""
A_DAY = timedelta(days=1)
Kind, S = Reminder.Kind, Status


@dataclass(frozen=True)
class Due:
    """One reminder to send: about what, since when that is so, and the how manieth."""

    kind: Reminder.Kind
    notification: Notification
    about: datetime
    number: int
    installation: Installation


@dataclass(frozen=True)
class Courtesy:
    """Said to the customer after some days in which nobody did anything, while it is their turn."""

    kind: Reminder.Kind
    notification: Notification
    status: Status
    days: tuple[int, ...]


COURTESIES = (
    Courtesy(Kind.DRAFT_IDLE, notifications.REMINDER_DRAFT, S.DRAFT, (3, 10)),
    Courtesy(Kind.CHANGES_IDLE, notifications.REMINDER_CHANGES, S.CHANGES_REQUESTED, (2, 7)),
    Courtesy(Kind.READY_IDLE, notifications.REMINDER_READY, S.READY, (3, 10)),
)
REQUEST_KEPT = timedelta(days=7)
"""AWS ends a peering request that nobody accepts by then."""
PEERING_DAYS = (5, 6)
OVERDUE = (Kind.OVERDUE, notifications.REMINDER_OVERDUE)
LATE: dict[Status, tuple[Reminder.Kind, Notification]] = {
    **dict.fromkeys(PROMISED, OVERDUE),
    S.SUBMITTED: (Kind.UNCLAIMED, notifications.REMINDER_UNCLAIMED),
}


def send(now: datetime | None = None) -> list[str]:
    """Write the reminders that are due; gives the ids of their mails."""
    found = list(due(now or timezone.now()))
    return [str(mail.pk) for each in found for mail in _remind(each)]


def due(now: datetime) -> Iterator[Due]:
    for courtesy in COURTESIES:
        for number, days in enumerate(courtesy.days, start=1):
            yield from _idle(courtesy, number, now - days * A_DAY)
    for number, days in enumerate(PEERING_DAYS, start=1):
        yield from _expiring(number, now - days * A_DAY)
    for status in LATE:
        yield from _late(status, now)


def _idle(courtesy: Courtesy, number: int, until: datetime) -> Iterator[Due]:
    """Waiting for the customer, and not touched since a time shortly before `until`.

    One of the two times is in the window, and each has an index with the status.
    """
    window = (until - CAUGHT_UP, until)
    idle = Q(waits_since__range=window, saved_at__lte=until) | Q(
        saved_at__range=window, waits_since__lte=until
    )
    # Whoever writes to support has not forgotten.
    wrote = Message.objects.from_customer().filter(installation=OuterRef("pk"), at__gt=until)
    found = (
        Installation.objects.filter(idle, status=courtesy.status, waits_for=Turn.CUSTOMER)
        .annotate(idle_since=Greatest("waits_since", "saved_at"))
        .exclude(Exists(wrote))
    )
    for installation in _not_yet(found, courtesy.kind, "idle_since", number):
        about = installation.idle_since  # type: ignore[attr-defined]  # annotated above
        yield Due(courtesy.kind, courtesy.notification, about, number, installation)


def _expiring(number: int, until: datetime) -> Iterator[Due]:
    """Peering requests that run out unless the customer accepts them in AWS, whoever has the turn:
    support builds on meanwhile. That one was accepted is told by the installation being confirmed.
    """
    peers = PeerVpc.objects.exclude(connection_id="").filter(
        requested_at__range=(until - A_DAY, until), installation__status__in=(S.BUILDING, S.READY)
    )
    mentioned = Reminder.objects.filter(
        kind=Kind.PEERING_EXPIRES,
        installation=OuterRef("installation"),
        about=OuterRef("requested_at"),
        number=number,
    )
    found = peers.exclude(Exists(mentioned)).select_related("installation__organization")
    told = dict.fromkeys((each.requested_at, each.installation) for each in found[:MOST])
    for about, installation in told:
        if about is not None:
            yield Due(
                Kind.PEERING_EXPIRES, notifications.REMINDER_PEERING, about, number, installation
            )


def _late(status: Status, now: datetime) -> Iterator[Due]:
    """What support promised, and has not done in time."""
    kind, notification = LATE[status]
    until = working_days_before(now, settings.PROMISED_DAYS[status.value])
    # Over a weekend more days pass than support works.
    since = until - CAUGHT_UP - 2 * A_DAY
    found = Installation.objects.filter(status=status, waits_since__range=(since, until))
    for installation in _not_yet(found, kind, "waits_since", 1):
        yield Due(kind, notification, installation.waits_since, 1, installation)


def _not_yet(
    found: QuerySet[Installation], kind: Reminder.Kind, about: str, number: int
) -> QuerySet[Installation]:
    """Those not reminded of it, the oldest first."""
    reminded = Reminder.objects.filter(
        installation=OuterRef("pk"), kind=kind, number=number, about=OuterRef(about)
    )
    there = found.exclude(Exists(reminded)).select_related("organization", "assignee")
    return there.order_by(F(about))[:MOST]


def _remind(due: Due) -> list[Mail]:
    """Write the reminder and its mails, unless another worker has, or the turn has passed on."""
    with suppress(IntegrityError), transaction.atomic():
        same = Installation.objects.select_for_update(of=("self",)).filter(
            pk=due.installation.pk,
            status=due.installation.status,
            waits_since=due.installation.waits_since,
            saved_at=due.installation.saved_at,
        )
        if not same.exists():
            return []
        Reminder.objects.create(
            installation=due.installation, kind=due.kind, about=due.about, number=due.number
        )
        mails = notify(due.notification, due.installation, **_said(due))
        if mails:
            Event.objects.create(
                organization=due.installation.organization,
                installation=due.installation,
                kind=Event.Kind.REMINDED,
                note=f"{due.kind.label}.",
                data={"kind": due.kind.value, "number": due.number},
            )
        return mails
    return []


def _said(due: Due) -> dict[str, Any]:
    """What the mails say beside the installation."""
    said: dict[str, Any] = {"since": due.about, "promised": promise(due.installation)}
    if due.kind == Kind.PEERING_EXPIRES:
        said["peers"] = list(due.installation.peers.filter(requested_at=due.about))
        said["expires"] = due.about + REQUEST_KEPT
    return said

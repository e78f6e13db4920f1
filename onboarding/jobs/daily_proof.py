"""Finds the roles whose last proof is a day old, and asks for a new one: each in its own minute."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from onboarding.models import Event, Installation, Operation, Status

EVERY = timedelta(hours=24)
JITTER = timedelta(hours=2)
"""How much earlier than a day a look may come. Each installation's share of it is its own."""
MOST = 50
"""In one round, the longest due first: after a stop of a day not all are due at once."""


def due(now: datetime) -> list[Installation]:
    """Proved once, not cancelled, not being looked at, last looked at a day ago less the jitter."""
    looks = Operation.objects.filter(installation=OuterRef("pk"), kind=Operation.Kind.VERIFY_ROLE)
    proofs = Event.objects.filter(installation=OuterRef("pk"), kind=Event.Kind.ROLE_PROVED)
    latest = looks.order_by("-finished_at").values("finished_at")[:1]
    rows = (
        Installation.objects.filter(Exists(proofs), ~Exists(looks.unfinished()))
        .exclude(status=Status.CANCELLED)
        .exclude(aws_account_id="")
        .annotate(looked_at=Subquery(latest))
        .filter(looked_at__lte=now - EVERY + JITTER)
        .order_by("looked_at")[:MOST]
    )
    pairs = [(row, row.looked_at) for row in rows]  # type: ignore[attr-defined]  # annotated above
    return [row for row, looked_at in pairs if looked_at <= now - EVERY + _early(row)]


def request() -> list[str]:
    """Ask for the proofs that are due; gives the ids of their operations."""
    asked = []
    for installation in due(timezone.now()):
        # Somebody may have asked in the same moment: a second clock, or the customer.
        with suppress(IntegrityError), transaction.atomic():
            asked.append(Operation.request(installation, Operation.Kind.VERIFY_ROLE))
    return [str(operation.pk) for operation in asked]


def _early(installation: Installation) -> timedelta:
    """Spread evenly by the random bits of the id, and the same every day."""
    return JITTER * (installation.pk.int % 1000 / 1000)

"""Finds work that no message stands for any more: lost, never sent, or dropped by a dead worker."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Now

from onboarding.models import Delivery, Heartbeat, Mail, Operation

LOCK = 7_402_001
"""Any number will do; it names the reconciler's advisory lock in PostgreSQL."""
MOST = 100
NAME = "reconciler"


@dataclass(frozen=True)
class Found:
    operations: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()


def find() -> Found:
    """Ids of what is due. One reconciler at a time; a second one finds nothing."""
    with transaction.atomic():
        if not _alone():
            return Found()
        Heartbeat.beat(NAME)
        operations = Operation.objects.claimable().order_by("run_after")
        mails = Mail.objects.due().order_by("run_after")
        deliveries = Delivery.objects.due().order_by("run_after")
        return Found(
            tuple(str(pk) for pk in operations.values_list("pk", flat=True)[:MOST]),
            tuple(str(pk) for pk in mails.values_list("pk", flat=True)[:MOST]),
            tuple(str(pk) for pk in deliveries.values_list("pk", flat=True)[:MOST]),
        )


def _alone() -> bool:
    """SQLite has one writer anyway; PostgreSQL is asked for a lock that ends with the transaction."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def age_seconds() -> float | None:
    """How long ago the reconciler last ran, by the database's clock; None if it never did."""
    row = Heartbeat.objects.filter(name=NAME).annotate(now=Now()).first()
    return (row.now - row.at).total_seconds() if row else None

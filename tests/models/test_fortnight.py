"""Fourteen days are 336 hours, whatever the clocks of a time zone did in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from tests import policy_ledger as ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("starts", "hours"), [(7, 335), (-100, 336), (200, 337)])
def test_days_of_23_or_25_hours_make_no_difference(starts: int, hours: int) -> None:
    """In a time zone whose clocks were set forward, not at all, or back within the fortnight."""
    version = ledger.announced()
    given = ledger.told(version, ledger.owner(), ledger.FORTNIGHT - timedelta(minutes=30))
    live_in(summer_time_since(starts))
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - (now() - interval '14 days')")
        assert cursor.fetchone()[0] == timedelta(hours=hours)
    with pytest.raises(IntegrityError, match="14 x 24 hours"):
        ledger.put_into_effect(version)
    live_in("UTC")
    ledger.long_ago(given, "accepted_at", ledger.FORTNIGHT)
    live_in(summer_time_since(starts))
    ledger.put_into_effect(version)


def live_in(zone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])


def summer_time_since(days: int) -> str:
    """A time zone, as POSIX writes it: its summer began so many days ago and lasts 193 days."""
    start = datetime.now(UTC) - timedelta(days=days)
    end = start + timedelta(days=193)
    days_of_year = [min(each.timetuple().tm_yday, 365) for each in (start, end)]
    return "STD0DST,J{}/0,J{}/0".format(*days_of_year)

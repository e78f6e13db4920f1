"""Every role that was proved is proved again once a day, each at its own time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from onboarding import tasks
from onboarding.jobs import daily_proof
from onboarding.models import Event, Installation, Operation, Status
from portal.celery import app
from tests.factories import make_installation, make_organization

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
LATEST, EARLIEST = UUID(int=4000), UUID(int=4999)
"""Ids whose share of the jitter is none, and nearly all."""


def proved(pk: UUID | None = None, *, looked_at: datetime = NOON, **answers: Any) -> Installation:
    """An installation whose role was proved once and last looked at then."""
    installation = Installation.objects.create(
        pk=pk or uuid4(),
        organization=make_organization(),
        **({"aws_account_id": "750000000001"} | answers),
    )
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_PROVED,
        data={"account_id": installation.aws_account_id},
    )
    look(installation, looked_at)
    return installation


def look(installation: Installation, at: datetime) -> Operation:
    operation = Operation.objects.create(
        installation=installation,
        kind=Operation.Kind.VERIFY_ROLE,
        state=Operation.State.DONE,
        finished_at=at,
    )
    Operation.objects.filter(pk=operation.pk).update(created_at=at)
    return operation


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def test_a_proof_is_due_a_day_later_or_up_to_two_hours_earlier() -> None:
    late, early = proved(LATEST), proved(EARLIEST)

    assert daily_proof.due(hours(21.9)) == []
    assert daily_proof.due(hours(22.1)) == [early]
    assert daily_proof.due(hours(23.9)) == [early]
    assert set(daily_proof.due(hours(24))) == {early, late}


def test_many_proved_in_one_minute_are_not_due_in_one_minute() -> None:
    for _ in range(30):
        proved()

    counts = [len(daily_proof.due(hours(22 + quarter / 4))) for quarter in range(9)]

    assert counts[-1] == 30
    assert counts == sorted(counts)
    assert max(later - sooner for sooner, later in pairwise(counts)) < 20


@pytest.mark.parametrize("status", [one for one in Status if one != Status.CANCELLED])
def test_it_goes_on_in_every_status_but_cancelled(status: Status) -> None:
    installation = proved(LATEST, status=status)

    assert daily_proof.due(hours(24)) == [installation]


def test_nothing_else_is_due() -> None:
    proved(status=Status.CANCELLED)
    never = make_installation(aws_account_id="750000000002")
    look(never, NOON)
    busy = proved()
    Operation.request(busy, Operation.Kind.VERIFY_ROLE)
    just_now = proved()
    look(just_now, hours(40))

    assert daily_proof.due(hours(48)) == []


def test_a_drifted_role_is_looked_at_every_day_too() -> None:
    installation = proved(LATEST)
    installation.events.create(organization=installation.organization, kind="role_drifted")

    assert daily_proof.due(hours(24)) == [installation]


def test_the_longest_due_come_first_and_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_proof, "MOST", 2)
    made = [proved(looked_at=hours(-number)) for number in range(4)]

    assert daily_proof.due(hours(48)) == [made[3], made[2]]


def test_the_clock_has_each_asked_for_once(redis_url: str) -> None:
    installation = proved(LATEST)

    with time_machine.travel(hours(25), tick=False):
        tasks.prove_daily()
        tasks.prove_daily()

    asked = installation.operations.unfinished()
    assert list(asked.values_list("kind", flat=True)) == [Operation.Kind.VERIFY_ROLE]


def test_the_clock_asks_every_five_minutes() -> None:
    beat = app.conf.beat_schedule["prove_daily"]

    assert beat["task"] == tasks.prove_daily.name
    assert beat["schedule"] == 300


def test_it_asks_the_database_as_often_for_many_as_for_one(
    django_assert_num_queries: object,
) -> None:
    for _ in range(5):
        proved()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(daily_proof.due(hours(24))) == 5

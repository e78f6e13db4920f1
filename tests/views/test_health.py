"""Alive is one question, able to work another."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.test import Client

from onboarding import tasks
from onboarding.models import Heartbeat
from onboarding.views.health import MOST_AGE_SECONDS


def ready(client: Client) -> int:
    response = client.get("/health/ready")
    assert response.json() == {"ok": response.status_code == 200}
    return response.status_code


def test_it_is_alive_without_asking_the_database(client: Client) -> None:
    response = client.get("/health/live")  # no database may be used in this test
    assert (response.status_code, response.json()) == (200, {"ok": True})


@pytest.mark.django_db
def test_it_is_ready_once_the_reconciler_has_run(client: Client, redis_url: str) -> None:
    assert ready(client) == 503
    tasks.reconcile()
    assert ready(client) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(-5, 200), (5, 503)])
def test_it_is_not_ready_when_the_reconciler_has_stopped(
    client: Client, seconds: int, status: int
) -> None:
    at = Now() - timedelta(seconds=MOST_AGE_SECONDS + seconds)
    Heartbeat.objects.create(name="reconciler", at=at)
    assert ready(client) == status


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError("no such host")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "no such host" not in response.content.decode()

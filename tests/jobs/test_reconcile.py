from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models.functions import Now

from onboarding.jobs import reconcile
from onboarding.models import Mail, Operation
from tests.factories import make_installation

pytestmark = pytest.mark.django_db


def make_operation(**values: object) -> Operation:
    operation = Operation.request(make_installation(), Operation.Kind.VERIFY_ROLE)
    Operation.objects.filter(pk=operation.pk).update(**values)
    return operation


def test_a_queued_operation_whose_message_was_lost_is_found() -> None:
    operation = make_operation()

    assert reconcile.find().operations == (str(operation.pk),)


def test_an_operation_whose_worker_died_is_found() -> None:
    operation = make_operation(state="running", lease_until=Now() - timedelta(seconds=1))

    assert reconcile.find().operations == (str(operation.pk),)


def test_what_runs_waits_or_is_over_is_left_alone() -> None:
    make_operation(state="running", lease_until=Now() + timedelta(seconds=60))
    make_operation(run_after=Now() + timedelta(seconds=60))
    make_operation(state="done")

    assert reconcile.find().operations == ()


def test_an_unsent_mail_is_found() -> None:
    mail = Mail.objects.create(name="ready", to="a@example.com", subject="s", text="t")

    assert reconcile.find().mails == (str(mail.pk),)


def test_its_age_is_told_once_it_has_run() -> None:
    assert reconcile.age_seconds() is None

    reconcile.find()

    age = reconcile.age_seconds()
    assert age is not None
    assert 0 <= age < 30


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no advisory locks")
def test_a_second_reconciler_finds_nothing() -> None:
    make_operation()
    parameters = {
        "host": connection.settings_dict["HOST"],
        "port": connection.settings_dict["PORT"],
        "dbname": connection.settings_dict["NAME"],
        "user": connection.settings_dict["USER"],
        "password": connection.settings_dict["PASSWORD"],
    }
    with psycopg.connect(**parameters) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [reconcile.LOCK])

        assert reconcile.find() == reconcile.Found()

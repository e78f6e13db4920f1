"""What the database itself refuses about the policy ledger, whoever asks: by raw statements, on
PostgreSQL and on SQLite.
"""

import os
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now

from onboarding.models import Mail, Membership, Notice, PolicyVersion
from tests import policy_ledger as ledger

ROOT = Path(__file__).resolve().parents[2]
SECOND = timedelta(seconds=1)
VERSION, NOTICE = "onboarding_policyversion", "onboarding_notice"


COPY = "copy"
pytestmark = pytest.mark.django_db(databases=["default", COPY])


@pytest.fixture(scope="module", autouse=True)
def migrated(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Beside PostgreSQL, a SQLite database as `manage.py migrate` leaves it."""
    path = tmp_path_factory.mktemp("sqlite") / "portal.sqlite3"
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    settings = {"DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=True)
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    both = connections.configure_settings({"default": entry, COPY: entry})
    connections.settings[COPY] = both[COPY]
    yield
    del connections.settings[COPY], connections[COPY]


@pytest.fixture(params=["default", COPY], ids=["postgresql", "sqlite"])
def db_of(request: pytest.FixtureRequest, db: None) -> str:
    """The alias of a database of that kind."""
    return str(request.param)


def raw(using: str, statement: str, *values: Any) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(statement, values)


def write(using: str, table: str, column: str, value: Any, where: str = "1 = 1") -> None:
    raw(using, f"UPDATE {table} SET {column} = %s WHERE {where}", value)  # noqa: S608


def state(version: PolicyVersion) -> str:
    version.refresh_from_db()
    return version.state


def test_a_version_takes_effect_once_every_owner_was_told_14_days_ago(db_of: str) -> None:
    before, version = ledger.first(db_of), ledger.announced(db_of)
    for _ in range(2):
        ledger.told(version, ledger.owner(db_of), using=db_of)
    ledger.put_into_effect(version, db_of)
    assert (state(before), state(version)) == ("superseded", "effective")


def test_a_second_less_than_14_days_is_not_enough(db_of: str) -> None:
    before, version = ledger.first(db_of), ledger.announced(db_of)
    ledger.told(version, ledger.owner(db_of), using=db_of)
    ledger.told(version, ledger.owner(db_of), ledger.FORTNIGHT - SECOND, using=db_of)
    with pytest.raises(IntegrityError, match="14 x 24 hours"):
        ledger.put_into_effect(version, db_of)
    assert (state(before), state(version)) == ("effective", "announced")


def test_owners_who_were_not_told_hold_it_up(db_of: str) -> None:
    version, new = ledger.announced(db_of), ledger.owner(db_of)
    ledger.told(version, ledger.owner(db_of), using=db_of)
    with pytest.raises(IntegrityError):
        ledger.put_into_effect(version, db_of)
    ledger.told(version, new, using=db_of)
    ledger.put_into_effect(version, db_of)


def test_a_notice_of_another_version_or_organization_does_not_count(db_of: str) -> None:
    other, version = ledger.announced(db_of), ledger.announced(db_of)
    one, two = ledger.owner(db_of), ledger.owner(db_of)
    ledger.told(other, one, using=db_of)
    ledger.told(version, two, using=db_of)
    Membership.objects.using(db_of).create(
        organization=one.organization, user=two.user, role=Membership.Role.OWNER
    )
    one.delete()
    with pytest.raises(IntegrityError):
        ledger.put_into_effect(version, db_of)


def test_whoever_is_a_member_need_not_be_told(db_of: str) -> None:
    version, member = ledger.announced(db_of), ledger.owner(db_of)
    Membership.objects.using(db_of).filter(pk=member.pk).update(role=Membership.Role.MEMBER)
    ledger.put_into_effect(version, db_of)


@pytest.mark.parametrize("bad", [Mail.State.BOUNCED, Mail.State.REFUSED])
def test_a_notice_that_came_back_does_not_count_until_it_is_acknowledged(
    db_of: str, bad: Mail.State
) -> None:
    version = ledger.announced(db_of)
    given = ledger.told(version, ledger.owner(db_of), using=db_of)
    ledger.settle(given, bad, db_of)
    assert given.has_failed
    with pytest.raises(IntegrityError):
        ledger.put_into_effect(version, db_of)
    Notice.objects.using(db_of).filter(pk=given.pk).update(acknowledged_at=Now())
    with pytest.raises(IntegrityError):
        ledger.put_into_effect(version, db_of)
    ledger.long_ago(given, "acknowledged_at", ledger.FORTNIGHT, db_of)
    ledger.put_into_effect(version, db_of)


def test_accepted_after_a_refusal_counts_from_then(db_of: str) -> None:
    version = ledger.announced(db_of)
    given = ledger.settle(
        ledger.notice(version, ledger.owner(db_of), db_of), Mail.State.REFUSED, db_of
    )
    ledger.long_ago(given, "bounced_at", ledger.FORTNIGHT + SECOND, db_of)
    ledger.settle(given, Mail.State.ACCEPTED, db_of)
    assert given.has_reached
    ledger.long_ago(given, "accepted_at", ledger.FORTNIGHT, db_of)
    ledger.put_into_effect(version, db_of)


def test_the_database_says_when_a_mail_was_accepted(db_of: str) -> None:
    given = ledger.notice(ledger.announced(db_of), ledger.owner(db_of), db_of)
    raw(
        db_of,
        "UPDATE onboarding_mail SET state = 'accepted', accepted_at = '2020-01-01' WHERE id = %s",
        str(given.mail_id) if db_of == "default" else str(given.mail_id).replace("-", ""),
    )
    given = Notice.objects.using(db_of).annotate(now=Now()).get(pk=given.pk)
    assert given.accepted_at is not None
    assert abs(given.now - given.accepted_at) < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("accepted_at", "2020-01-01"),
        ("accepted_at", None),
        ("bounced_at", None),
        ("acknowledged_at", "2020-01-01"),
        ("acknowledged_at", None),
        ("created_at", "2020-01-01"),
        ("address", "elsewhere@ledger.example"),
    ],
)
def test_nothing_of_a_notice_is_set_back(db_of: str, column: str, value: str | None) -> None:
    given = ledger.settle(
        ledger.notice(ledger.announced(db_of), ledger.owner(db_of), db_of),
        Mail.State.ACCEPTED,
        db_of,
    )
    Notice.objects.using(db_of).update(acknowledged_at=Now())
    ledger.settle(given, Mail.State.BOUNCED, db_of)
    with pytest.raises(IntegrityError):
        write(db_of, NOTICE, column, value)


def test_what_was_not_accepted_is_not_made_so_by_hand(db_of: str) -> None:
    ledger.notice(ledger.announced(db_of), ledger.owner(db_of), db_of)
    with pytest.raises(IntegrityError):
        write(db_of, NOTICE, "accepted_at", "2020-01-01")


def test_an_acknowledgement_is_not_dated_back(db_of: str) -> None:
    version = ledger.announced(db_of)
    given = ledger.notice(version, ledger.owner(db_of), db_of)
    try:
        write(db_of, NOTICE, "acknowledged_at", "2020-01-01")
    except IntegrityError:
        assert db_of != "default"  # SQLite refuses; PostgreSQL sets its own time
    given.refresh_from_db()
    assert given.acknowledged_at is None or given.acknowledged_at >= given.created_at


DOCUMENT = {
    "number": 99,
    "source": '{"x": 1}',
    "checksum": "another",
    "what": "Else.",
    "why": "Else.",
    "expands": False,
    "differences": "[1]",
    "proposed_by_id": None,
    "proposed_at": "2020-01-01",
    "approved_at": "2020-01-01",
    "approved_by_id": None,
}


@pytest.mark.parametrize("column", DOCUMENT)
def test_what_was_proposed_and_approved_stays(db_of: str, column: str) -> None:
    version = ledger.announced(db_of)
    with pytest.raises(IntegrityError):
        write(db_of, VERSION, column, DOCUMENT[column], f"id = {version.pk}")


def test_an_expanding_version_is_approved_by_a_second_person(db_of: str) -> None:
    version = ledger.proposed(using=db_of)
    rows = PolicyVersion.objects.using(db_of).filter(pk=version.pk)
    for by in (None, version.proposed_by_id):
        with pytest.raises(IntegrityError), transaction.atomic(using=db_of):
            rows.update(state="announced", approved_by=by, approved_at=Now())
    with pytest.raises(IntegrityError):
        ledger.put_into_effect(version, db_of)


MOVES = [
    ("announced", "proposed"), ("withdrawn", "announced"), ("withdrawn", "effective"),
    ("effective", "withdrawn"), ("effective", "announced"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end"), MOVES)
def test_there_is_no_way_back(db_of: str, start: str, end: str) -> None:
    version = ledger.announced(db_of)
    if start == "withdrawn":
        write(db_of, VERSION, "state", "withdrawn", f"id = {version.pk}")
    elif start == "effective":
        ledger.put_into_effect(version, db_of)
    with pytest.raises(IntegrityError):
        write(db_of, VERSION, "state", end, f"id = {version.pk}")


def test_a_reducing_version_takes_effect_at_once_and_the_ones_before_it_are_over(
    db_of: str,
) -> None:
    before = ledger.announced(db_of)
    ledger.owner(db_of)
    version = ledger.proposed(expands=False, using=db_of)
    ledger.put_into_effect(version, db_of)
    assert (state(before), state(version)) == ("superseded", "effective")
    with pytest.raises(IntegrityError):
        write(db_of, VERSION, "state", "effective", f"id = {before.pk}")


def test_a_version_begins_as_a_proposal_newer_than_the_others(db_of: str) -> None:
    version = ledger.proposed(using=db_of)
    rows = PolicyVersion.objects.using(db_of)
    common = {"source": {}, "checksum": "x", "expands": False, "proposed_by": version.proposed_by}
    for values in (
        {"number": 3, "state": "effective"},
        {"number": 3, "state": "announced"},
        {"number": 3, "proposed_by": None},
        {"number": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(using=db_of):
            rows.create(**common | values)


def test_no_notice_is_given_of_what_is_not_announced_or_as_if_it_had_arrived(db_of: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using=db_of):
        ledger.notice(ledger.proposed(using=db_of), ledger.owner(db_of), db_of)


@pytest.mark.parametrize("table", [VERSION, NOTICE, "onboarding_noticetext"])
def test_evidence_is_not_deleted(db: None, table: str) -> None:
    """On SQLite, the demo's, Django empties tables by it."""
    ledger.notice(ledger.announced(), ledger.owner())
    with pytest.raises(IntegrityError):
        raw("default", f"DELETE FROM {table}")  # noqa: S608


def test_the_words_that_were_sent_are_not_changed(db_of: str) -> None:
    ledger.notice(ledger.announced(db_of), ledger.owner(db_of), db_of)
    with pytest.raises(IntegrityError):
        raw(db_of, "UPDATE onboarding_noticetext SET text = 'Else.'")

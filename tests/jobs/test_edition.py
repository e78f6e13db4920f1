"""The ledger says which version of the permissions is made, and holds none that was altered."""

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from onboarding.jobs import edition
from onboarding.models import PolicyVersion
from onboarding.policy import document
from onboarding.policy.document import Edition
from tests.editions import propose, put_into_effect, with_grant

SHIPPED = document.shipped()
NEWER = with_grant(2, ["eks:CreateAccessEntry"])


@pytest.fixture(autouse=True)
def _nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just started."""
    monkeypatch.setattr(edition, "_read", {})


@pytest.mark.django_db
def test_a_new_portal_begins_with_what_is_shipped() -> None:
    row = PolicyVersion.objects.get()
    assert row.state == PolicyVersion.State.EFFECTIVE
    assert row.effective_at is not None
    assert (row.number, row.checksum, row.expands) == (SHIPPED.number, SHIPPED.checksum, False)
    assert (row.proposed_by, row.approved_by) == (None, None)
    assert edition.in_effect() == SHIPPED == edition.of(SHIPPED.number)


@pytest.mark.django_db
def test_what_is_shipped_later_is_used_by_nothing_before_it_is_in_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document, "shipped", lambda: NEWER)

    edition.record_first()
    assert edition.in_effect().number == SHIPPED.number
    with pytest.raises(edition.NoEdition):
        edition.of(NEWER.number)
    propose(NEWER)

    assert edition.in_effect().number == SHIPPED.number
    assert edition.of(NEWER.number).checksum == NEWER.checksum
    assert [each.number for each in edition.known()] == [NEWER.number, SHIPPED.number]


@pytest.mark.django_db
def test_from_the_moment_it_is_in_effect_it_is_the_one_and_the_former_is_still_known() -> None:
    assert edition.in_effect().number == SHIPPED.number

    put_into_effect(NEWER)

    assert edition.in_effect().number == NEWER.number
    assert edition.of(SHIPPED.number) == SHIPPED


@pytest.mark.django_db
def test_what_the_database_hands_out_makes_the_same_bytes() -> None:
    kept = edition.in_effect()
    assert [json.dumps(each.document) for each in kept.policies] == [
        json.dumps(each.document) for each in SHIPPED.policies
    ]
    assert kept.groups == SHIPPED.groups


@pytest.mark.django_db
def test_asking_again_takes_one_short_query(django_assert_num_queries: Any) -> None:
    edition.in_effect()
    with django_assert_num_queries(1) as asked:
        edition.in_effect()
    assert "source" not in asked[0]["sql"]


@pytest.fixture
def _altered() -> None:
    """A row changed past the portal, by somebody who may do anything in the database."""
    source = with_grant(SHIPPED.number, ["iam:*"]).source
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS policyversion_stays")
        cursor.execute("UPDATE onboarding_policyversion SET source = %s", [json.dumps(source)])
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db
@pytest.mark.usefixtures("_altered")
def test_a_row_that_somebody_altered_is_refused() -> None:
    with pytest.raises(edition.Altered, match="Version 1 of the permissions"):
        edition.in_effect()
    with pytest.raises(edition.Altered):
        edition.of(SHIPPED.number)
    with pytest.raises(edition.Altered):
        edition.of_row(PolicyVersion.objects.get())


@pytest.mark.django_db
def test_an_altered_row_at_hand_is_refused_though_the_right_one_was_read() -> None:
    edition.in_effect()
    row = PolicyVersion.objects.get()
    row.source = with_grant(1, ["iam:*"]).source
    with pytest.raises(edition.Altered):
        edition.of_row(row)


@pytest.mark.django_db
def test_recording_again_changes_nothing() -> None:
    before = list(PolicyVersion.objects.values())
    call_command("migrate", verbosity=0)
    edition.record_first()
    assert list(PolicyVersion.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_begins_anew() -> None:
    call_command("flush", verbosity=0, interactive=False)
    assert edition.in_effect() == SHIPPED


def emptied() -> None:
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


@pytest.mark.django_db(transaction=True)
def test_without_any_version_it_is_said_what_to_do() -> None:
    emptied()
    with pytest.raises(edition.NoEdition, match="migrate"):
        edition.in_effect()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shipped", [(SHIPPED, SHIPPED), (SHIPPED, NEWER)], ids=["same", "other"])
def test_of_processes_that_migrate_at_once_one_records_it(
    shipped: tuple[Edition, Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied()
    left, together = iter(shipped), Barrier(2)

    def give() -> Edition:
        mine = next(left)
        together.wait(10)  # both have seen an empty ledger
        return mine

    monkeypatch.setattr(document, "shipped", give)
    failed: list[BaseException] = []

    def record() -> None:
        try:
            edition.record_first()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=record) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert failed == []
    assert PolicyVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_database_from_before_the_ledger_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Before:
        def get_model(self, *names: str) -> None:
            raise LookupError(names)

    edition.record_first(apps=Before())
    edition.record_first(apps=apps)
    assert PolicyVersion.objects.count() == 1

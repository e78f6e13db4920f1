"""The queue to take along: what is in the file, what never is, and what is recorded of it."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from onboarding.admin import export
from onboarding.models import Installation, Organization, Status, User
from tests.admin.pages import QUEUE, put
from tests.factories import make_installation, make_organization, make_result, make_user

pytestmark = pytest.mark.django_db


def taken(desk: Client, kind: str = "csv", asked: str = "") -> Any:
    response = desk.post(f"{QUEUE}export/{kind}/?{asked}")
    assert response.status_code == 200
    parts: Iterable[bytes] = response.streaming_content  # type: ignore[attr-defined]
    return response, b"".join(parts).decode()


@pytest.fixture
def waiting(agent: User) -> Installation:
    installation = make_installation(
        make_organization(short_name="acme"), cluster_name="prod", aws_account_id="456789012345"
    )
    put(installation, Status.IN_REVIEW, assignee=agent)
    make_result(installation, "vpc_quota", status="failed")
    make_installation(cluster_name="a-draft")
    return installation


def test_csv_has_a_line_for_each_row_that_is_shown(desk: Client, waiting: Installation) -> None:
    response, text = taken(desk)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="installations-20')
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == list(export.COLUMNS)
    expected = {
        "organization": "Acme", "short_name": "acme", "cluster": "prod", "status": "in_review",
        "aws_account_id": "456789012345", "waits_for": "support", "failed_checks": "1",
        "assignee": "agent@support.example", "installation": str(waiting.pk),
    }  # fmt: skip
    assert expected.items() <= row.items()
    assert row["waits_since"].endswith("Z")


def test_json_has_the_same(desk: Client, waiting: Installation) -> None:
    response, text = taken(desk, "json", "turn=all&q=a-draft")
    assert response["Content-Type"] == "application/json"
    (row,) = json.loads(text)
    assert (row["cluster"], row["failed_checks"], row["assignee"]) == ("a-draft", 0, "")
    _, nothing = taken(desk, "json", "status=failed")
    assert json.loads(nothing) == []


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t"])
def test_no_cell_begins_a_formula(desk: Client, waiting: Installation, begins: str) -> None:
    Organization.objects.filter(installations=waiting).update(name=f"{begins}cmd|' /C calc'!A0")
    _, text = taken(desk)
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["organization"] == f"'{begins}cmd|' /C calc'!A0"


def test_no_external_id_is_in_it(desk: Client, waiting: Installation) -> None:
    organization = waiting.organization
    for kind in export.KINDS:
        _, text = taken(desk, kind, "turn=all")
        assert organization.reveal_external_id() not in text
        assert organization.external_id_sealed not in text
        assert organization.external_id_fingerprint not in text


def test_who_took_which_rows_along_is_recorded_and_can_be_read(
    desk: Client, waiting: Installation, agent: User
) -> None:
    taken(desk, "json", "status=in_review&p=4&x=1")
    entry = LogEntry.objects.get()
    assert entry.user == agent
    assert entry.object_repr == "Export of 1 installations"
    assert entry.change_message == "JSON, 1 rows. Filter: status=in_review"
    page = desk.get("/admin/admin/logentry/").text
    for words in (agent.email, "Export of 1 installations", "Filter: status=in_review"):
        assert words in page


def test_a_file_that_leaves_rows_out_says_so(
    desk: Client, waiting: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 1)
    put(make_installation(cluster_name="later"), Status.SUBMITTED)
    response, text = taken(desk)
    assert "-first-1.csv" in response["Content-Disposition"]
    assert [row["cluster"] for row in csv.DictReader(io.StringIO(text))] == ["prod"]
    assert "the first of more than 1" in LogEntry.objects.get().change_message


def test_nobody_else_takes_anything_along(desk: Client, waiting: Installation) -> None:
    customer = Client()
    customer.force_login(waiting.organization.owners().get().user)
    for client in (Client(), customer):
        assert client.post(f"{QUEUE}export/csv/").status_code in (302, 403)
    assert desk.get(f"{QUEUE}export/csv/").status_code == 405
    assert desk.post(f"{QUEUE}export/xlsx/").status_code == 404
    assert not LogEntry.objects.exists()


def test_a_file_costs_the_same_queries_for_one_row_and_for_thirty(
    desk: Client, waiting: Installation, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        put(make_installation(cluster_name=f"c{number}"), Status.SUBMITTED)
    make_user()
    with django_assert_max_num_queries(14):  # with the savepoints of the test's own transaction
        _, text = taken(desk)
    assert text.count("\n") == 32

"""The queue: what stands in it, how it is narrowed down, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Installation, Status, User
from onboarding.services import installations, organizations
from tests.admin.pages import QUEUE, dossier, put
from tests.factories import (
    make_answered,
    make_installation,
    make_member,
    make_organization,
    make_result,
    make_user,
)

pytestmark = pytest.mark.django_db


def shown(desk: Client, **asked: str) -> set[str]:
    """The names of the clusters in the queue."""
    response = desk.get(QUEUE, asked)
    assert response.status_code == 200
    return {str(row) for row in response.context["cl"].result_list}


def test_the_queue_opens_on_what_awaits_support(desk: Client) -> None:
    organization = make_organization()
    for status in Status:
        put(make_installation(organization, cluster_name=f"c-{status.value}"), status)
    waiting = {"c-submitted", "c-in_review", "c-building", "c-failed"}
    assert shown(desk) == waiting
    assert shown(desk, status="all") == {f"c-{status.value}" for status in Status}
    assert shown(desk, status="ready") == {"c-ready"}
    assert shown(desk, turn="customer") == {"c-draft", "c-changes_requested", "c-ready"}
    assert shown(desk, status="no such status") == waiting


def test_a_row_says_who_where_what_and_since_when(desk: Client, agent: User) -> None:
    organization = make_organization(short_name="acme")
    installation = make_answered(organization, cluster_name="prod", region="eu-west-1")
    make_result(installation, "one", status="failed")
    make_result(installation, "two", status="failed", blocking=False)
    since = timezone.now() - timedelta(days=3, hours=2)
    put(installation, Status.IN_REVIEW, assignee=agent, status_since=since)
    page = desk.get(QUEUE).text
    row = page[page.index("<tbody>") :]
    for words in ("prod", "Acme", "2109-8765-4321", "eu-west-1", "In review", "Support", "3\xa0days",
                  "agent", "1 failed", "UTC"):  # fmt: skip
        assert words in row


def test_filters_by_assignee_and_region(desk: Client, agent: User) -> None:
    organization = make_organization()
    rows = [
        ("mine", agent, "eu-west-1"),
        ("free", None, "us-east-1"),
        ("else", make_user(), "us-east-1"),
    ]
    for name, assignee, region in rows:
        installation = make_installation(organization, cluster_name=name, region=region)
        put(installation, Status.IN_REVIEW, assignee=assignee)
    assert shown(desk, assignee="me") == {"mine"}
    assert shown(desk, assignee="nobody") == {"free"}
    assert shown(desk, region="us-east-1") == {"free", "else"}
    assert shown(desk, region="\x00") == {"mine", "free", "else"}


@pytest.mark.parametrize(
    "words",
    ["acme", "Acme", "210987654321", "2109-8765-4321", "2109 8765 4321", "analyt",
     "member@acme.example", "acme 2109-8765-4321"],
)  # fmt: skip
def test_search_finds_by_organization_account_cluster_and_person(desk: Client, words: str) -> None:
    organization = make_organization(make_user("owner@acme.example"), short_name="acme")
    make_member(organization, make_user("member@acme.example"))
    make_answered(organization)
    make_installation(make_organization(short_name="other"), cluster_name="elsewhere")
    assert shown(desk, q=words) == {"analytics"}


def test_search_for_nonsense_finds_nothing_and_does_not_break(desk: Client) -> None:
    make_answered()
    assert shown(desk, q="%") == shown(desk, q="----") == shown(desk, q="' OR 1=1 --") == set()


def queries(desk: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url).status_code == 200
    # Savepoints are there because a test runs in a transaction.
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_the_queue_costs_the_same_queries_for_one_row_and_for_a_hundred(
    desk: Client, agent: User
) -> None:
    organization = make_organization()
    put(make_answered(organization), Status.IN_REVIEW, assignee=agent)
    one = queries(desk, QUEUE)
    for number in range(99):
        founded = organizations.found(name=f"Org {number}", short_name=f"many-{number}", by=agent)
        installation = installations.start(founded, by=agent)
        put(installation, Status.SUBMITTED, cluster_name=f"c{number}")
    assert queries(desk, QUEUE) == one <= 12
    assert queries(desk, f"{QUEUE}?q=org&status=all") <= 12


def test_a_dossier_costs_the_same_queries_however_much_happened(desk: Client, agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW, assignee=agent)
    few = queries(desk, dossier(installation))
    for number in range(3):
        make_result(installation, f"more-{number}")
        make_member(installation.organization)
        installation.change_requests.create(field="region", text="Other.", by=agent)
        installation.events.create(
            organization=installation.organization, kind="checked", by=make_user()
        )
    assert queries(desk, dossier(installation)) == few <= 12


@pytest.mark.parametrize("where", ["add/", "{pk}/delete/"])
def test_no_installation_is_added_or_deleted_by_hand(desk: Client, where: str) -> None:
    installation = make_answered()
    url = QUEUE + where.format(pk=installation.pk)
    assert desk.get(url).status_code == 403
    assert desk.post(url, {"post": "yes"}).status_code == 403
    assert Installation.objects.count() == 1


def test_no_bulk_action_deletes(desk: Client) -> None:
    installation = make_answered()
    asked = {"action": "delete_selected", "_selected_action": str(installation.pk), "post": "yes"}
    desk.post(f"{QUEUE}?status=all", asked)
    assert Installation.objects.filter(pk=installation.pk).exists()

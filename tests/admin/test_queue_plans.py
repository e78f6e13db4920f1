"""The queue with 100,000 installations: how often it asks, and that each answer comes by an index."""

import re
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from onboarding.models import Installation, User
from tests.admin.pages import QUERIES, QUEUE
from tests.factories import make_user
from tests.harness.crowd import crowd

MANY = 100_000
MOST_QUERIES = 12
BIG = ("installation", "organization", "user", "membership", "checkresult", "event", "message")


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[User]:
    """A database with very many rows, for this module; gives the agent at whose desk they are."""
    with django_db_blocker.unblock(), transaction.atomic():
        agent = make_user("busy@support.example", is_staff=True)
        crowd(0, MANY, agent=agent.pk)
        yield agent
        transaction.set_rollback(True)


@pytest.fixture
def agents_desk(busy: User, db: None) -> Client:
    client = Client()
    client.force_login(busy)
    return client


class Asked:
    """The statements of a page, but for the savepoints of the test's own transaction."""

    def __init__(self, captured: CaptureQueriesContext) -> None:
        self.statements = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]

    def plans(self) -> Iterator[str]:
        for statement in self.statements:
            if statement.startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN {statement}".replace("%", "%%"), [])
                    yield "\n".join(line for (line,) in cursor.fetchall())

    def read_whole(self) -> dict[str, str]:
        """The big tables that are read from one end to the other, each with its plan."""
        found = {
            table: plan
            for plan in self.plans()
            for table in re.findall("Seq Scan on onboarding_([a-z_]+)", plan)
        }
        return {table: plan for table, plan in found.items() if table in BIG}


@contextmanager
def asking() -> Iterator[list[Asked]]:
    found: list[Asked] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found.append(Asked(captured))


def opened(client: Client, address: str) -> Asked:
    with asking() as found:
        assert client.get(address).status_code == 200
    return found[0]


FILTERED = (
    "", "?turn=all", "?turn=open", "?turn=nobody", "?turn=customer&age=3", "?age=14", "?age=overdue",
    "?status=submitted&assignee=nobody", "?turn=open&assignee=me", "?turn=all&assignee=nobody",
    "?status=confirmed", "?status=confirmed&region=sa-east-1&o=newest", "?region=sa-east-1",
    "?failed=any", "?failed=none", "?failed=vpc_quota", "?o=newest", "?p=20",
)  # fmt: skip


@pytest.mark.parametrize("asked", FILTERED)
def test_the_queue_opens_by_indexes_with_a_hundred_thousand_rows(
    agents_desk: Client, asked: str
) -> None:
    page = opened(agents_desk, QUEUE + asked)
    assert len(page.statements) <= MOST_QUERIES
    assert page.read_whole() == {}


def words_of(name: str) -> str:
    """What somebody would search for to find the installation in the middle."""
    installation = Installation.objects.select_related("organization").get(cluster_name="prod-5000")
    organization = installation.organization
    person = organization.owners().get().user
    account = installation.aws_account_id
    return {
        "name": organization.name,
        "beginning": organization.name.rpartition(" ")[0],
        "short name": organization.short_name.upper(),
        "account": account,
        "dashed account": f"{account[:4]}-{account[4:8]}-{account[8:]}",
        "beginning of the account": account[:10],
        "cluster": "prod-5000",
        "organization and cluster": f"{organization.short_name} prod",
        "key": str(installation.pk),
        "address": person.email,
        "firm": person.email[person.email.index("@") :],
        "person": person.name,
    }[name]


SEARCHED = (
    "name", "beginning", "short name", "account", "dashed account", "beginning of the account",
    "cluster", "organization and cluster", "key", "address", "firm", "person",
)  # fmt: skip


@pytest.mark.parametrize("kind", SEARCHED)
def test_search_finds_by_indexes_with_a_hundred_thousand_rows(
    agents_desk: Client, kind: str
) -> None:
    said = words_of(kind)
    with asking() as found:
        response = agents_desk.get(QUEUE, {"q": said})
    assert "prod-5000" in {str(row.installation) for row in response.context["cl"].rows}
    assert len(found[0].statements) <= MOST_QUERIES
    assert found[0].read_whole() == {}


@pytest.mark.parametrize(("address", "asked"), QUERIES.items())
def test_pages_ask_as_often_for_a_hundred_thousand_rows_as_for_ten(
    agents_desk: Client, address: str, asked: int
) -> None:
    """For ten, see test_queue.py."""
    assert len(opened(agents_desk, address).statements) == asked <= MOST_QUERIES


def test_rows_beyond_what_anybody_turns_to_are_not_counted(agents_desk: Client) -> None:
    page = agents_desk.get(QUEUE, {"turn": "all"})
    assert "of more than 1000" in page.text
    last = agents_desk.get(QUEUE, {"turn": "all", "p": "20"})
    assert "Narrow the list down to see the others" in last.text


def test_the_first_page_of_the_desk_opens_quickly(agents_desk: Client) -> None:
    agents_desk.get("/admin/")
    begun = time.perf_counter()
    page = opened(agents_desk, "/admin/")
    assert time.perf_counter() - begun < 2
    assert len(page.statements) <= MOST_QUERIES

"""The queue: filters, order, search, what stands beside a row, and views under a name."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.models import Installation, SavedView, Status, User
from tests.admin.pages import QUERIES, QUEUE, dossier, put
from tests.admin.test_installations import queries, shown
from tests.factories import (
    make_installation,
    make_member,
    make_organization,
    make_result,
    make_user,
)

pytestmark = pytest.mark.django_db


def waiting(name: str, status: Status = Status.SUBMITTED, **values: object) -> Installation:
    installation = make_installation(cluster_name=name)
    put(installation, status, **values)
    return installation


def ago(**time: int) -> datetime:
    return timezone.now() - timedelta(**time)


def in_order(desk: Client, **asked: str) -> list[str]:
    return [str(row.installation) for row in desk.get(QUEUE, asked).context["cl"].rows]


def test_whoever_waits_longest_stands_first(desk: Client) -> None:
    for name, days in (("two", 2), ("nine", 9), ("five", 5)):
        waiting(name, waits_since=ago(days=days))
    assert in_order(desk) == ["nine", "five", "two"]
    assert in_order(desk, o="newest") == ["two", "five", "nine"]


def test_the_turn_is_what_is_waited_for_now_and_not_what_the_status_says(desk: Client) -> None:
    waiting("asked-aws", Status.DRAFT, waits_for="aws")
    waiting("drafted", Status.DRAFT)
    waiting("done", Status.CONFIRMED)
    waiting("new")
    assert shown(desk, turn="aws") == {"asked-aws"}
    assert shown(desk, turn="customer") == {"drafted"}
    assert shown(desk, turn="nobody") == {"done"}
    assert shown(desk, turn="open") == {"asked-aws", "drafted", "new"}
    assert shown(desk, turn="all") == {"asked-aws", "drafted", "new", "done"}
    assert shown(desk, turn="no such turn") == shown(desk) == {"new"}


@pytest.mark.parametrize(
    ("days", "found"),
    [("1", {"2", "4", "8", "15"}), ("3", {"4", "8", "15"}), ("7", {"8", "15"}), ("14", {"15"})],
)
def test_filters_by_how_long_somebody_has_waited(desk: Client, days: str, found: set[str]) -> None:
    for name in ("0", "2", "4", "8", "15"):
        waiting(name, waits_since=ago(days=int(name)))
    assert shown(desk, age=days) == found


def test_overdue_is_what_support_owes_for_longer_than_it_promised(desk: Client) -> None:
    for status in Status:
        waiting(f"old-{status.value}", status, status_since=ago(days=30))
        waiting(f"new-{status.value}", status, status_since=ago(minutes=1))
    late = {"old-submitted", "old-in_review", "old-building", "old-failed"}
    assert shown(desk, age="overdue", turn="all") == late
    assert desk.get(QUEUE).text.count(">Overdue</span>") == len(late)


def test_filters_by_a_person_of_support(desk: Client) -> None:
    colleague = make_user("colleague@support.example", is_staff=True)
    waiting("theirs", Status.IN_REVIEW, assignee=colleague)
    waiting("free")
    assert shown(desk, assignee=str(colleague.pk)) == {"theirs"}
    assert shown(desk, assignee="99999999") == {"theirs", "free"}


def test_filters_by_failed_checks(desk: Client) -> None:
    stuck, warned = waiting("stuck"), waiting("warned")
    waiting("clean")
    make_result(stuck, "vpc_quota", status="failed")
    make_result(warned, "vpc_quota", status="failed", blocking=False)
    assert shown(desk, failed="any") == shown(desk, failed="vpc_quota") == {"stuck"}
    assert shown(desk, failed="none") == {"warned", "clean"}
    assert shown(desk, failed="spot_quota") == set()


def test_what_is_no_filter_of_the_queue_is_ignored(desk: Client) -> None:
    waiting("here")
    assert shown(desk, organization__external_id_sealed__startswith="x", p="many") == {"here"}


def test_a_row_tells_of_messages_that_nobody_answered(desk: Client, agent: User) -> None:
    quiet, asking = waiting("quiet"), waiting("asking")
    customer = asking.organization.owners().get().user
    for installation in (quiet, asking):
        installation.messages.create(side="customer", by=customer, text="One", at=ago(hours=5))
        installation.messages.create(side="support", by=agent, text="Two", at=ago(hours=4))
    asking.messages.create(side="customer", by=customer, text="Three", at=ago(hours=3))
    asking.messages.create(side="customer", by=customer, text="Four", at=ago(hours=2))
    rows = {str(row.installation): row for row in desk.get(QUEUE).context["cl"].rows}
    assert (rows["quiet"].unanswered, rows["asking"].unanswered) == (0, 2)
    assert "2 new messages" in desk.get(QUEUE).text


@pytest.mark.parametrize(("address", "asked"), QUERIES.items())
def test_pages_ask_as_often_for_ten_rows_as_for_a_hundred_thousand(
    desk: Client, agent: User, address: str, asked: int
) -> None:
    """For a hundred thousand, see test_queue_plans.py."""
    for number in range(10):
        ours = waiting(f"crowd-{number}", assignee=agent)
    ours.events.create(organization=ours.organization, kind="ready")
    assert queries(desk, address) == asked


@pytest.fixture
def wanted() -> Installation:
    organization = make_organization(make_user("ada.lovelace@acme.example", name="Ada Lovelace"))
    type(organization).objects.filter(pk=organization.pk).update(
        name="Größe Acme-Works (EU)", short_name="acme-eu"
    )
    make_member(organization, make_user("member@partner.example"))
    installation = make_installation(
        organization, cluster_name="prod-analytics", aws_account_id="345678901234"
    )
    Installation.objects.filter(pk=installation.pk).update(cluster_id="clx9f2k")
    make_installation(make_organization(short_name="other"), cluster_name="prod-else")
    return installation


@pytest.mark.parametrize(
    "words",
    ["größe", "acme", "WORKS", "acme-works", "acme eu", "eu acme works", "acme-eu", "analyt",
     "prod-ana", "clx9", "3456", "3456-7890", "345678901234", "3456 7890 1234", "acme prod",
     "prod acme", "acme works prod-analytics", "acme 3456-7890-1234", "lovelace", "ada love",
     "ada.lovelace@acme.example", "ADA@ACME", "@partner.example", "prod @acme.example"],
)  # fmt: skip
def test_search_goes_by_the_beginnings_of_words(
    desk: Client, wanted: Installation, words: str
) -> None:
    assert shown(desk, q=words) == {"prod-analytics"}


@pytest.mark.parametrize(
    "words",
    ["cme", "lytics", "acme prod-else", "345678901235", "456789", "race@", "partner", "acme 3456",
     "%", "_", "--", "\\", "' OR 1=1 --", "acme & !else-where", ":* | x", "(", "@"],
)  # fmt: skip
def test_search_finds_nothing_else_and_takes_nothing_for_a_query_language(
    desk: Client, wanted: Installation, words: str
) -> None:
    assert shown(desk, q=words) == set()


def test_search_by_the_key_of_an_installation(desk: Client, wanted: Installation) -> None:
    assert shown(desk, q=str(wanted.pk)) == {"prod-analytics"}
    assert shown(desk, q=str(wanted.pk).upper()) == {"prod-analytics"}


def save(desk: Client, name: str, asked: str = "status=ready", **more: str) -> str:
    response = desk.post(f"{QUEUE}views/?{asked}", {"name": name, **more}, follow=True)
    return response.text


def offered(desk: Client, asked: str = "") -> dict[str, str]:
    views = desk.get(f"{QUEUE}?{asked}").context["views"]
    return {view.name: view.query for view in views}


def test_a_view_is_saved_with_what_is_shown_and_nothing_else(desk: Client, agent: User) -> None:
    save(desk, "Ready in Ireland", "status=ready&region=eu-west-1&p=3&turn=nonsense&x=1&q=")
    assert offered(desk)["Ready in Ireland"] == "region=eu-west-1&status=ready"
    page = desk.get(f"{QUEUE}?status=ready&region=eu-west-1")
    assert [view.name for view in page.context["views"] if view.is_chosen] == ["Ready in Ireland"]
    assert SavedView.objects.get().user == agent


def test_a_name_saved_again_means_the_new_view(desk: Client) -> None:
    save(desk, "Mine to do", "status=ready")
    save(desk, "Mine to do", "status=failed")
    assert SavedView.objects.get().query == "status=failed"


@pytest.mark.parametrize(
    ("name", "asked"), [("", "status=ready"), ("x" * 61, "status=ready"), ("x", "")]
)
def test_a_view_without_a_name_or_a_filter_is_not_saved(
    desk: Client, name: str, asked: str
) -> None:
    save(desk, name, asked)
    assert not SavedView.objects.exists()


def test_others_see_a_view_when_it_is_shared_and_cannot_remove_it(desk: Client) -> None:
    save(desk, "Own")
    save(desk, "Everybody’s", is_shared="on")
    colleague = Client()
    colleague.force_login(make_user("colleague@support.example", is_staff=True))
    assert "Everybody’s" in offered(colleague)
    assert "Own" not in offered(colleague)
    for view in SavedView.objects.all():
        assert colleague.post(f"{QUEUE}views/{view.pk}/remove/").status_code == 404
    own = SavedView.objects.get(name="Own")
    assert desk.post(f"{QUEUE}views/{own.pk}/remove/").status_code == 302
    assert [view.name for view in SavedView.objects.all()] == ["Everybody’s"]


def test_views_are_saved_and_removed_by_a_form_and_not_by_a_link(desk: Client) -> None:
    save(desk, "Own")
    view = SavedView.objects.get()
    assert desk.get(f"{QUEUE}views/?status=ready").status_code == 405
    assert desk.get(f"{QUEUE}views/{view.pk}/remove/").status_code == 405
    assert SavedView.objects.count() == 1


def test_the_views_that_come_with_the_portal_narrow_down(desk: Client, agent: User) -> None:
    waiting("free")
    waiting("mine", Status.BUILDING, assignee=agent)
    waiting("idle", Status.CHANGES_REQUESTED, waits_since=ago(days=4), assignee=agent)
    waiting("late", waits_since=ago(days=30), status_since=ago(days=30), assignee=agent)
    make_result(waiting("stuck", Status.DRAFT), "vpc_quota", status="failed")
    found = {
        name: {str(row.installation) for row in desk.get(f"{QUEUE}?{query}").context["cl"].rows}
        for name, query in offered(desk).items()
    }
    assert found == {
        "Awaits support": {"free", "mine", "late"},
        "Unclaimed": {"free"},
        "Mine": {"mine", "idle", "late"},
        "Waiting for the customer for over 3 days": {"idle"},
        "Overdue": {"late"},
        "Failed checks": {"stuck"},
    }


def test_a_search_from_the_first_page_looks_everywhere(desk: Client) -> None:
    """The form sends along what nobody chose as empty, so the draft is found too."""
    make_installation(cluster_name="still-a-draft")
    page = desk.get(QUEUE).text
    form = page[page.index('role="search"') :]
    turn = form[form.index('name="turn"') : form.index('name="status"')]
    (sent,) = re.findall(r'<option value="([^"]*)" selected>Awaits support', turn)
    found = desk.get(QUEUE, {"q": "still-a-draft", "turn": sent, "status": "", "o": ""}).text
    assert ">still-a-draft</a>" in found


def test_what_has_just_begun_has_not_waited_for_no_minutes(desk: Client) -> None:
    installation = waiting("just-now", waits_since=timezone.now())
    for address in (QUEUE, dossier(installation), "/admin/"):
        page = desk.get(address).text
        assert "less than a minute" in page
        assert "0\N{NO-BREAK SPACE}minutes" not in page

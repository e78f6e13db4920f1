"""The desk's first page: what it counts, that every number leads to what it counts, and how long."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.admin import dashboard_times
from onboarding.admin.dashboard_times import times
from onboarding.models import Event, Installation, Mail, Status, User
from tests.admin.pages import put
from tests.factories import make_installation, make_organization, make_result

pytestmark = pytest.mark.django_db
DESK = "/admin/"


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


@pytest.fixture
def some(agent: User) -> None:
    organization = make_organization()
    each: list[tuple[str, Status, dict[str, Any]]] = [
        ("new", Status.SUBMITTED, {"waits_since": ago(hours=2)}),
        ("old", Status.SUBMITTED, {"waits_since": ago(days=30), "status_since": ago(days=30)}),
        ("mine", Status.BUILDING, {"assignee": agent}),
        ("aws", Status.DRAFT, {"waits_for": "aws"}),
        ("draft", Status.DRAFT, {"waits_since": ago(days=5)}),
        ("done", Status.CONFIRMED, {"assignee": agent}),
    ]
    for name, status, values in each:
        put(make_installation(organization, cluster_name=name), status, **values)
    for name, code in (("draft", "vpc_quota"), ("done", "spot_quota"), ("old", "vpc_quota")):
        make_result(Installation.objects.get(cluster_name=name), code, status="failed")
    Mail.objects.create(name="ready", to="gone@acme.example", subject="x", text="", state="bounced")


def test_every_number_leads_to_what_it_counts(desk: Client, some: None) -> None:
    page = desk.get(DESK)
    seen = 0
    for link, number in re.findall(r'href="([^"]*/\?[^"]*)"[^>]*>\s*(?:<b>)?(\d+)', page.text):
        found = desk.get(unescape(link)).context["cl"]
        assert found.result_count == int(number), link
        seen += int(number) > 0
    assert seen > 12


def test_the_first_numbers_say_what_there_is_to_do(desk: Client, some: None) -> None:
    figures = {each.label: each.number for each in desk.get(DESK).context["figures"]}
    assert figures == {"Awaits support": 3, "Unclaimed": 2, "Overdue": 1, "Mine": 1}


def test_whoever_waits_longest_for_support_stands_first(desk: Client, some: None) -> None:
    assert [str(each) for each in desk.get(DESK).context["oldest"]] == ["old", "new", "mine"]


def test_failed_checks_count_while_the_installation_is_open(desk: Client, some: None) -> None:
    found = [(each.label, each.number) for each in desk.get(DESK).context["failed"]]
    assert found == [("VPCs", 2)]


def test_an_empty_desk_says_so(desk: Client) -> None:
    text = desk.get(DESK).text
    for sentence in (
        "Nobody waits for support now.",
        "No check has failed",
        "No installation became",
    ):
        assert sentence in text


def finished(ready: datetime, *steps: tuple[str, float]) -> Installation:
    """With events `steps`, each so many hours before it was ready."""
    installation = make_installation()
    for kind, hours in (*steps, ("ready", 0)):
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=kind,
            at=ready - timedelta(hours=hours),
        )
    return installation


def hours_of(code: str, window: int = 0) -> tuple[int, float, float] | None:
    stages = {stage.code: stage for stage in times(timezone.now())[0]}
    spread = stages[code].spreads[window] if code in stages else None
    if spread is None:
        return None
    hour = timedelta(hours=1)
    return spread.number, round(spread.middle / hour, 6), round(spread.most / hour, 6)


def test_half_and_nine_of_ten_are_told_for_both_windows(db: None) -> None:
    for number in range(1, 11):
        finished(ago(days=number), ("submitted", number * 10))
    finished(ago(days=60), ("submitted", 1000))
    finished(ago(days=120), ("submitted", 5000))
    assert hours_of("whole") == (10, 55, 91)
    assert hours_of("whole", 1) == (11, 60, 100)


def test_a_second_round_of_changes_counts_where_the_time_went(db: None) -> None:
    finished(
        ago(days=1), ("submitted", 100), ("claimed", 90), ("changes_requested", 88),
        ("submitted", 48), ("claimed", 47), ("building", 40), ("failed", 20), ("building", 15),
    )  # fmt: skip
    assert hours_of("submitted") == (1, 11, 11)
    assert hours_of("in_review") == (1, 9, 9)
    assert hours_of("changes_requested") == (1, 40, 40)
    assert hours_of("building") == (1, 35, 35)
    assert hours_of("failed") == (1, 5, 5)
    assert hours_of("whole") == (1, 100, 100)


def test_of_very_many_the_newest_are_followed_and_the_page_says_so(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_times, "SAMPLE", 2)
    for number in (1, 2, 3):
        finished(ago(days=number), ("submitted", number))
    assert hours_of("whole") == (2, 1.5, 1.9)
    assert "newest are looked at" in desk.get(DESK).text

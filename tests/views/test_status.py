"""The status page: how far it is, whose turn, and what may be done now."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from onboarding.models import MOVES, AwsCall, Event, Installation, Mail, Status
from onboarding.services import installations, review
from onboarding.views.timeline import TOLD, Line, timeline
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db
WAY = (
    (Status.SUBMITTED, "submitted"),
    (Status.IN_REVIEW, "claimed"),
    (Status.BUILDING, "building"),
    (Status.READY, "ready"),
    (Status.CONFIRMED, "confirmed"),
)
NEXT = {
    Status.SUBMITTED: "Waiting for review",
    Status.IN_REVIEW: "Being reviewed",
    Status.BUILDING: "Cluster being built",
    Status.READY: "Confirm the cluster",
    Status.FAILED: "Support looks into it",
    Status.CHANGES_REQUESTED: "Your changes",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def page(cast: Cast, who: str = "member", **options: Any) -> str:
    url = reverse("status", args=[cast.installation.pk])
    return unescape(cast.client(who).get(url, **options).content.decode())


def press(cast: Cast, button: str, who: str = "member") -> Any:
    return cast.client(who).post(reverse(button, args=[cast.installation.pk]), follow=True)


def come_to(cast: Cast, status: Status) -> None:
    """The installation with the events of the way there."""
    put(cast.installation, status)
    for at, kind in WAY:
        cast.installation.events.create(
            organization=cast.organization, kind=kind, by=cast.people["staff"]
        )
        if at == status:
            return


@pytest.mark.parametrize("status", [*Status])
def test_the_timeline_tells_past_present_and_future_once(cast: Cast, status: Status) -> None:
    come_to(cast, status)
    lines = timeline(cast.fresh(), list(cast.installation.events.all()))
    states = [line.state for line in lines]
    assert states == sorted(states, key=["passed", "warning", "running", "todo"].index)
    running = [line.title for line in lines if line.state == "running"]
    assert running == ([NEXT[status]] if status in NEXT else [])
    titles = [line.title for line in lines if line.state in ("running", "todo")]
    assert len(titles) == len(set(titles))


def test_every_event_of_the_timeline_is_a_kind_and_every_move_has_one() -> None:
    assert set(TOLD) <= set(Event.Kind)
    apart = {Status.IN_REVIEW: Event.Kind.CLAIMED, Status.DRAFT: Event.Kind.REOPENED}
    assert {apart.get(to) or Event.Kind(to.value) for to in MOVES} <= set(TOLD)


def test_the_page_shows_each_thing_that_happened(cast: Cast) -> None:
    come_to(cast, Status.BUILDING)
    shown = page(cast)
    for title in ("Submitted", "Review started", "Build started", "Cluster being built"):
        assert f"<b>{title}</b>" in shown
    assert shown.count('aria-current="step"') == 1
    assert "by Astronomer support" in shown


def test_a_draft_goes_on_to_the_first_step_left(cast: Cast) -> None:
    response = cast.client("member").get(reverse("status", args=[cast.installation.pk]))
    assert response["Location"].endswith("/steps/review/")


def test_wanted_changes_are_listed_with_the_way_to_their_field(cast: Cast) -> None:
    put(cast.installation, Status.IN_REVIEW)
    installations.ask_for_changes(
        cast.installation,
        wanted={"region": "Please choose eu-west-1.", "astro_cidr": "It overlaps."},
        note="Two things.",
        by=cast.people["staff"],
    )
    shown = page(cast)
    assert "Support asks for 2 changes." in shown
    for slug, field in (("cluster", "region"), ("network", "astro_cidr")):
        step = reverse("step", args=[cast.installation.pk, slug])
        assert f'<a href="{step}#id_{field}">' in shown
    assert "Support: “Two things.”" in shown
    assert "Change and submit again" in shown


def test_when_nothing_is_wanted_any_more_it_says_to_submit_again(cast: Cast) -> None:
    put(cast.installation, Status.IN_REVIEW)
    staff = cast.people["staff"]
    wanted = {"region": "Please choose eu-west-1."}
    installations.ask_for_changes(cast.installation, wanted=wanted, note="", by=staff)
    assert "Nothing is left" not in page(cast)
    wish = cast.installation.change_requests.get()
    review.withdraw_request(cast.installation, pk=wish.pk, by=staff)
    shown = page(cast)
    assert "Nothing is left of what support asked for." in shown
    assert "Look through and submit again" in shown
    assert "A change is no longer asked for" in shown
    Installation.objects.update(status_since=timezone.now())  # sent back again, by a note alone
    assert "Nothing is left" not in page(cast)


def test_a_mail_that_came_back_is_told_with_its_address(cast: Cast) -> None:
    cast.installation.events.create(
        organization=cast.organization, kind="mail_bounced", data={"email": "gone@example.com"}
    )
    put(cast.installation, Status.SUBMITTED)
    shown = page(cast)
    assert "<b>A mail came back</b>" in shown
    assert "It was to gone@example.com." in shown


def test_a_ready_cluster_says_which_addresses_to_allow(cast: Cast) -> None:
    put(cast.installation, Status.READY)
    Installation.objects.update(external_ips="52.1.2.3,52.1.2.4")
    shown = page(cast)
    assert "<code>52.1.2.3</code>" in shown
    assert "<code>52.1.2.4</code>" in shown


@pytest.mark.parametrize("status", [*Status])
@pytest.mark.parametrize(
    ("button", "to"), [("confirm", Status.CONFIRMED), ("cancel", Status.CANCELLED)]
)
def test_confirm_and_cancel_work_only_where_they_may(
    cast: Cast, button: str, to: Status, status: Status
) -> None:
    put(cast.installation, status)
    told = unescape(press(cast, button, who="owner").content.decode())
    legal = status in MOVES[to]
    assert cast.fresh().status == (to if legal else status)
    assert Mail.objects.filter(name=to.value).exists() == legal
    assert (f"cannot become {to.label}." in told) == (not legal)


def test_asvs_8_3_1_members_confirm_and_do_not_cancel(cast: Cast) -> None:
    put(cast.installation, Status.SUBMITTED)
    assert "Cancel the installation" in page(cast, "owner")
    shown = page(cast, "member")
    assert "Cancel the installation" not in shown
    assert "An Organization Owner can cancel this installation." in shown
    assert press(cast, "cancel", who="member").status_code == 403
    assert cast.fresh().status == Status.SUBMITTED
    put(cast.installation, Status.READY)
    press(cast, "confirm", who="member")
    assert cast.fresh().status == Status.CONFIRMED


@pytest.mark.parametrize("status", [s for s in Status if s != Status.DRAFT])
def test_the_buttons_stand_only_where_they_work(cast: Cast, status: Status) -> None:
    put(cast.installation, status)
    url = reverse("status_live", args=[cast.installation.pk])
    shown = cast.client("owner").get(url).content.decode()
    assert ("It is there, all works" in shown) == (status == Status.READY)
    if "Cancel the installation" in shown:
        assert status in MOVES[Status.CANCELLED]


def test_the_aws_calls_made_with_the_role_are_shown(cast: Cast) -> None:
    put(cast.installation, Status.SUBMITTED)
    AwsCall.objects.create(
        installation=cast.installation,
        at=timezone.now(),
        service="sts",
        action="AssumeRole",
        region="us-east-1",
        request_id="0a1b-2c3d",
        outcome="AccessDenied",
        milliseconds=12,
    )
    shown = page(cast)
    for word in ("sts:AssumeRole", "0a1b-2c3d", "AccessDenied"):
        assert word in shown


def test_it_says_who_is_told_by_mail(cast: Cast) -> None:
    put(cast.installation, Status.SUBMITTED)
    assert "We e-mail owner@example.com at every change." in page(cast)


def test_without_scripts_the_status_page_reloads_itself(cast: Cast) -> None:
    put(cast.installation, Status.SUBMITTED)
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page(cast)


def test_a_line_has_no_time_before_it_happened() -> None:
    assert Line("To come").at is None


@pytest.mark.parametrize(("days", "said"), [(1, "one working day"), (3, "3 working days")])
def test_how_long_a_review_takes_to_begin_is_said_as_it_is_promised(
    cast: Cast, settings: Settings, days: int, said: str
) -> None:
    settings.PROMISED_DAYS = settings.PROMISED_DAYS | {"submitted": days}
    review_page = reverse("step", args=[cast.installation.pk, "review"])
    assert f"review within {said}" in cast.client("owner").get(review_page).content.decode()
    installations.submit(cast.fresh(), by=cast.people["owner"])
    mail = Mail.objects.filter(name="submitted")[0]
    assert f"within {said}" in mail.text
    assert f"within {said}" in mail.html

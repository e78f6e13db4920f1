"""What support does in a review: who may, from where, and what is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest

from onboarding.models import (
    IllegalMove,
    Installation,
    InternalNote,
    Mail,
    Status,
    User,
)
from onboarding.models.groups import AUDITOR, LEAD
from onboarding.services import installations, review
from onboarding.services.review import NameTaken
from onboarding.views.timeline import TOLD
from tests.admin.pages import put
from tests.factories import make_answered, make_organization, make_user
from tests.services.review_scene import again, blocked, last, let_pass

pytestmark = pytest.mark.django_db
FACTS = {"cluster_id": "c-1", "cluster_vpc_id": "vpc-0a1b2c3d", "external_ips": "52.1.2.3"}


@pytest.fixture
def agent(db: None) -> User:
    return make_user("agent@support.example", is_staff=True)


@pytest.fixture
def lead(db: None) -> User:
    return make_user("lead@support.example", is_staff=True, group=LEAD)


def test_a_released_review_is_for_anybody_to_claim(agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW, assignee=agent)
    review.release(installation, by=agent)
    installation.refresh_from_db()
    assert (installation.status, installation.assignee) == (Status.SUBMITTED, None)
    assert last(installation).kind == "released"


def test_a_customer_does_not_release_what_is_in_review_by_submitting_again() -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    owner = installation.organization.owners().get().user
    with pytest.raises(IllegalMove):
        installations.submit(again(installation), by=owner)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.BUILDING])
def test_a_lead_gives_it_to_somebody(agent: User, lead: User, status: Status) -> None:
    installation = make_answered()
    put(installation, status)
    review.assign(installation, to=agent, by=lead)
    installation.refresh_from_db()
    assert installation.assignee == agent
    assert installation.status == (Status.IN_REVIEW if status == Status.SUBMITTED else status)
    assert last(installation).data == {"to": agent.email}
    assert Mail.objects.filter(name="claimed").exists() is (status == Status.SUBMITTED)


def test_nobody_is_given_what_they_may_not_handle(lead: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    for who in (make_user(), make_user(is_staff=True, group=AUDITOR)):
        with pytest.raises(ValueError, match="does not handle"):
            review.assign(installation, to=who, by=lead)


def test_facts_of_the_cluster_are_kept_and_corrections_too(agent: User) -> None:
    installation = make_answered(connectivity="peering")
    peer = installation.peers.create(
        vpc="vpc-0a1b2c3d", account_id="210987654321", region="us-east-1", cidrs="10.0.0.0/16"
    )
    put(installation, Status.BUILDING)
    said: dict[str, Any] = {"facts": FACTS, "connections": {peer.pk: "pcx-0a1b2c3d"}, "by": agent}
    review.report_cluster(installation, **said)
    installation.refresh_from_db()
    peer.refresh_from_db()
    assert installation.external_ip_list == ["52.1.2.3"]
    assert peer.connection_id == "pcx-0a1b2c3d"
    assert peer.requested_at is not None
    events = installation.events.filter(kind="cluster_reported").count()
    review.report_cluster(installation, **said)
    assert installation.events.filter(kind="cluster_reported").count() == events
    review.report_cluster(installation, **said | {"facts": FACTS | {"cluster_id": "c-2"}})
    assert last(installation).data == {"changed": {"cluster_id": ["c-1", "c-2"]}}


def test_there_are_no_facts_before_the_build(agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    with pytest.raises(ValueError, match="not begun"):
        review.report_cluster(installation, facts=FACTS, connections={}, by=agent)


def test_a_cluster_is_ready_once_its_facts_are_reported(agent: User) -> None:
    installation = make_answered()
    put(installation, Status.BUILDING)
    with pytest.raises(installations.NotReported):
        installations.report_ready(installation, by=agent)
    installation.refresh_from_db()
    assert installation.status == Status.BUILDING


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Status.CANCELLED, Status.DRAFT),
        (Status.READY, Status.BUILDING),
        (Status.CONFIRMED, Status.BUILDING),
    ],
)
def test_a_lead_opens_again_what_is_over(lead: User, start: Status, end: Status) -> None:
    installation = make_answered()
    put(installation, start)
    review.reopen(installation, note="By mistake.", by=lead)
    installation.refresh_from_db()
    assert installation.status == end
    assert Mail.objects.filter(name="reopened").exists()


def test_a_name_that_is_in_use_meanwhile_stays_in_use(lead: User) -> None:
    organization = make_organization()
    first = make_answered(organization)
    put(first, Status.CANCELLED)
    make_answered(organization, cluster_name="Analytics", aws_account_id="210987654322")
    with pytest.raises(NameTaken):
        review.reopen(first, note="x", by=lead)
    first.refresh_from_db()
    assert first.status == Status.CANCELLED


def test_each_submission_is_kept_as_it_was_read() -> None:
    installation = make_answered()
    owner = installation.organization.owners().get().user
    installations.submit(installation, by=owner)
    put(installation, Status.CHANGES_REQUESTED)
    Installation.objects.filter(pk=installation.pk).update(max_nodes=3)
    for result in installation.check_results.all():
        result.relied_on = {}
        result.save()
    installations.submit(again(installation), by=owner)
    second, first = installation.submissions.all()
    assert (first.number, second.number) == (1, 2)
    nodes = {each["field"]: each["value"] for each in first.answers}["max_nodes"]
    assert {each["field"]: each["value"] for each in second.answers}["max_nodes"] == "3" != nodes


def test_a_note_among_support_is_no_event_and_no_mail(agent: User) -> None:
    installation = make_answered()
    events, mails = installation.events.count(), Mail.objects.count()
    review.note(installation, text="Rings twice.", by=agent)
    assert InternalNote.objects.get().by == agent
    assert (installation.events.count(), Mail.objects.count()) == (events, mails)


def test_a_change_that_is_not_asked_for_any_more_is_told(agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    wanted = {"region": "Please eu-west-1."}
    installations.ask_for_changes(installation, wanted=wanted, note="", by=agent)
    wish = installation.change_requests.get()
    review.withdraw_request(installation, pk=wish.pk, by=agent)
    event = last(installation)
    assert (event.kind, event.by, event.data) == ("request_withdrawn", agent, {"field": "region"})
    assert event.note == "AWS Region may stay as it is."
    assert event.kind in TOLD
    with pytest.raises(ValueError, match="not asked for"):
        review.withdraw_request(installation, pk=wish.pk, by=agent)
    installations.submit(again(installation), by=installation.organization.owners().get().user)


def ask(installation: Installation, by: User) -> None:
    installations.ask_for_changes(installation, wanted={}, note="Why.", by=by)


LEADS_ALONE: dict[str, tuple[Status, Callable[[Installation, User], object]]] = {
    "assign": (Status.IN_REVIEW, lambda one, by: review.assign(one, to=by, by=by)),
    "override": (Status.DRAFT, let_pass),
    "withdraw": (
        Status.DRAFT,
        lambda one, by: review.withdraw_override(one, code="on_demand_quota", by=by),
    ),
    "reopen": (Status.CANCELLED, lambda one, by: review.reopen(one, note="x", by=by)),
}
ANY_AGENT: dict[str, tuple[Status, Callable[[Installation, User], object]]] = {
    "claim": (Status.SUBMITTED, lambda one, by: installations.claim(one, by=by)),
    "ask": (Status.IN_REVIEW, ask),
    "build": (Status.IN_REVIEW, lambda one, by: installations.start_building(one, by=by)),
    "ready": (Status.BUILDING, lambda one, by: installations.report_ready(one, by=by)),
    "failed": (Status.BUILDING, lambda one, by: installations.report_failed(one, note="x", by=by)),
    "unask": (Status.CHANGES_REQUESTED, lambda one, by: review.withdraw_request(one, pk=0, by=by)),
    "release": (Status.IN_REVIEW, lambda one, by: review.release(one, by=by)),
    "note": (Status.DRAFT, lambda one, by: review.note(one, text="x", by=by)),
    "report": (
        Status.BUILDING,
        lambda one, by: review.report_cluster(one, facts=FACTS, connections={}, by=by),
    ),
}


@pytest.mark.parametrize("name", [*LEADS_ALONE, *ANY_AGENT])
def test_who_may_not_is_refused_and_nothing_changes(name: str, agent: User) -> None:
    status, verb = (LEADS_ALONE | ANY_AGENT)[name]
    installation = blocked()
    put(installation, status)
    owner = installation.organization.owners().get().user
    auditor = make_user(is_staff=True, group=AUDITOR)
    unable = [owner, auditor, make_user(is_staff=True, group="")]
    events = installation.events.count()
    for by in [*unable, agent] if name in LEADS_ALONE else unable:
        with pytest.raises(PermissionError):
            verb(again(installation), by)
    installation.refresh_from_db()
    assert (installation.status, installation.events.count()) == (status, events)


def test_of_support_who_handles_installations_cancels(agent: User) -> None:
    installation = make_answered()
    for by in (make_user(), make_user(is_staff=True, group=AUDITOR)):
        with pytest.raises(PermissionError):
            installations.cancel(installation, by=by)
    installations.cancel(installation, by=agent)
    assert again(installation).status == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.BUILDING, Status.READY, Status.CONFIRMED])
def test_who_has_allowed_addresses_hears_which_have_changed(agent: User, status: Status) -> None:
    installation = make_answered(external_ips="52.1.2.3,52.1.2.4")
    put(installation, status)
    said = FACTS | {"external_ips": "52.1.2.4,52.1.2.5"}
    review.report_cluster(installation, facts=said, connections={}, by=agent)
    review.report_cluster(
        installation, facts=said | {"cluster_id": "c-2"}, connections={}, by=agent
    )
    mails = Mail.objects.filter(name="cluster_corrected")
    assert mails.count() == (status != Status.BUILDING)
    for mail in mails:
        allow, take_out = mail.text.split("No longer used")
        assert "- 52.1.2.5" in allow
        assert "- 52.1.2.3" in take_out
        assert "52.1.2.4" not in mail.text


def test_the_mail_about_a_ready_cluster_says_which_addresses_to_allow(agent: User) -> None:
    installation = make_answered(cluster_id="c-1", external_ips="52.1.2.3,52.1.2.4")
    put(installation, Status.BUILDING)
    installations.report_ready(again(installation), by=agent)
    mail = Mail.objects.get(name="ready")
    for written in (mail.text, mail.html):
        assert "52.1.2.3" in written
        assert "52.1.2.4" in written

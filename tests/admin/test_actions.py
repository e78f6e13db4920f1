"""Each move of support's, made through the running admin."""

import html

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from onboarding.admin.actions import ACTIONS, Action
from onboarding.models import Installation, Mail, Status, User
from onboarding.models.groups import LEAD
from onboarding.wizard import question_fields
from tests.admin.pages import act, dossier, put
from tests.factories import let_pass, make_answered, make_user

pytestmark = pytest.mark.django_db
SAID = {"note": "A note.", "wanted-region": "Please use eu-west-1."}
by_slug = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.slug)


@pytest.fixture
def lead(agent: User) -> User:
    """The agent of these tests, as a lead: they may do everything."""
    agent.groups.set(Group.objects.filter(name=LEAD))
    return agent


@pytest.fixture(autouse=True)
def as_lead(lead: User) -> None:
    """Who may what is told by tests/admin/test_groups.py."""


def ready_for(action: Action) -> Installation:
    """In a status in which it may be done, with something to do it to."""
    installation = make_answered()
    installation.check_results.filter(code="on_demand_quota").update(status="failed")
    installation.check_results.filter(code="spot_quota").update(status="failed")
    support = make_user(is_staff=True)
    let_pass(installation, "spot_quota", support)
    installation.change_requests.create(field="region", text="Another.", by=support)
    put(installation, action.start[0], cluster_id="c-0")
    return fresh(installation)


def fresh(installation: Installation) -> Installation:
    return Installation.objects.with_everything().get(pk=installation.pk)


def said(action: Action, installation: Installation) -> dict[str, object]:
    """What a person fills in, so that it can be done."""
    wishes = installation.change_requests.filter(resolved_at=None)
    codes = {"override": "on_demand_quota", "withdraw-override": "spot_quota"}
    return SAID | {
        "to": User.objects.get(email="agent@support.example").pk,
        "code": codes.get(action.slug, ""),
        "reason": "As agreed.",
        "cluster_id": "c-1",
        "text": "Between us.",
        "pk": wishes[0].pk if wishes else "",
    }


def mails(name: str) -> list[str]:
    return sorted(Mail.objects.filter(name=name).values_list("to", flat=True))


def test_claim_makes_the_agent_the_assignee_and_tells_the_customer(
    desk: Client, agent: User
) -> None:
    installation = make_answered()
    put(installation, Status.SUBMITTED)
    response = desk.post(act(installation, "claim"), follow=True)
    installation.refresh_from_db()
    assert (installation.status, installation.assignee) == (Status.IN_REVIEW, agent)
    assert "Claimed" in response.content.decode()
    owner = installation.organization.owners().get().user
    assert mails("claimed") == [owner.email]


@pytest.mark.parametrize(
    ("slug", "start", "end", "mail"),
    [
        ("start-building", Status.IN_REVIEW, Status.BUILDING, "building"),
        ("start-building", Status.FAILED, Status.BUILDING, "building"),
        ("report-ready", Status.BUILDING, Status.READY, "ready"),
        ("report-failed", Status.BUILDING, Status.FAILED, "failed"),
        ("cancel", Status.IN_REVIEW, Status.CANCELLED, "cancelled_by_support"),
    ],
)
def test_a_report_moves_the_installation_keeps_the_note_and_sends_its_mail(
    desk: Client, agent: User, slug: str, start: Status, end: Status, mail: str
) -> None:
    installation = make_answered()
    put(installation, start, cluster_id="c-1")
    desk.post(act(installation, slug), {"note": "As agreed."})
    installation.refresh_from_db()
    event = installation.events.order_by("-at", "-pk")[0]
    assert installation.status == end
    assert (event.kind, event.by, event.note) == (end.value, agent, "As agreed.")
    assert mails(mail)


def test_only_the_boxes_filled_in_are_asked_for(desk: Client, agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    wanted = {"wanted-region": "Please use eu-west-1.", "wanted-max_nodes": "   ", "note": ""}
    desk.post(act(installation, "ask-for-changes"), wanted)
    installation.refresh_from_db()
    request = installation.change_requests.get()
    assert installation.status == Status.CHANGES_REQUESTED
    assert (request.field, request.text, request.by) == ("region", "Please use eu-west-1.", agent)
    mail = Mail.objects.get(name="changes_requested")
    assert f"{question_fields()['region']}:\nPlease use eu-west-1." in mail.text


def test_there_is_a_box_for_every_question(desk: Client) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    page = desk.get(act(installation, "ask-for-changes")).content.decode()
    assert len(question_fields()) >= 10
    for name in question_fields():
        assert f'name="wanted-{name}"' in page


@pytest.mark.parametrize(
    ("slug", "start", "sentence"),
    [
        ("ask-for-changes", Status.IN_REVIEW, "fill in one box at least"),
        ("report-failed", Status.BUILDING, "Say what went wrong"),
    ],
)
def test_what_must_be_said_is_asked_for_and_nothing_moves(
    desk: Client, slug: str, start: Status, sentence: str
) -> None:
    installation = make_answered()
    put(installation, start)
    response = desk.post(act(installation, slug), {"note": "  "})
    installation.refresh_from_db()
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert installation.status == start


@by_slug
def test_a_move_is_offered_and_made_where_it_is_legal_and_nowhere_else(
    desk: Client, action: Action
) -> None:
    installation = ready_for(action)
    for status in Status:
        put(installation, status)
        legal = action.is_open(fresh(installation))
        assert (act(installation, action.slug) in desk.get(dossier(installation)).text) is legal
        response = desk.post(
            act(installation, action.slug), said(action, installation), follow=True
        )
        installation.refresh_from_db()
        assert response.status_code == 200
        assert legal or installation.status == status
        assert ("was not done" in response.text) is not legal
        assert (action.done in html.unescape(response.text)) is legal


def test_the_slower_of_two_agents_is_told_and_changes_nothing(
    desk: Client, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = make_answered()
    put(installation, Status.SUBMITTED)
    other = make_user(is_staff=True)
    is_open = Action.is_open

    def quicker(action: Action, seen: Installation) -> bool:
        answer = is_open(action, seen)
        put(Installation.objects.get(pk=seen.pk), Status.IN_REVIEW, assignee=other)
        return answer

    monkeypatch.setattr(Action, "is_open", quicker)
    response = desk.post(act(installation, "claim"))
    monkeypatch.undo()
    installation.refresh_from_db()
    assert response.status_code == 302
    assert installation.assignee == other
    assert "stands at: In review" in desk.get(dossier(installation)).text
    assert not LogEntry.objects.exists()
    assert not Mail.objects.filter(name="claimed").exists()


@by_slug
def test_every_action_leaves_an_entry_in_the_admin_log(
    desk: Client, lead: User, action: Action
) -> None:
    installation = ready_for(action)
    desk.post(act(installation, action.slug), said(action, installation))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (lead, str(installation.pk))
    assert entry.change_message == action.label


@by_slug
def test_a_customer_cannot_act(client: Client, action: Action) -> None:
    installation = ready_for(action)
    client.force_login(installation.organization.owners().get().user)
    response = client.post(act(installation, action.slug), SAID)
    before = installation.status
    installation.refresh_from_db()
    assert response.status_code == 302
    assert installation.status == before
    assert client.get(response["Location"]).status_code == 403


def test_a_post_without_its_token_is_refused(agent: User) -> None:
    installation = make_answered()
    put(installation, Status.SUBMITTED)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent)
    assert strict.post(act(installation, "claim")).status_code == 403
    installation.refresh_from_db()
    assert installation.status == Status.SUBMITTED


def test_an_unknown_action_or_installation_leads_back_with_a_message(desk: Client) -> None:
    installation = make_answered()
    for url in (act(installation, "erase"), act(Installation(), "claim"), dossier(Installation())):
        response = desk.post(url, follow=True)
        assert response.status_code == 200
        assert "There is no such page." in response.text

"""What leads do with many installations at once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from onboarding.admin import queue, queue_bulk
from onboarding.models import Installation, Mail, Status, User
from onboarding.models.groups import AUDITOR, LEAD
from tests.admin.pages import QUEUE, put
from tests.factories import make_installation, make_user

pytestmark = pytest.mark.django_db
ASSIGN, RELEASE = f"{QUEUE}bulk/assign/", f"{QUEUE}bulk/release/"


@pytest.fixture
def lead() -> User:
    return make_user("lead@support.example", is_staff=True, group=LEAD)


@pytest.fixture
def leads_desk(lead: User) -> Client:
    client = Client()
    client.force_login(lead)
    return client


def waiting(name: str, status: Status = Status.SUBMITTED) -> Installation:
    installation = make_installation(cluster_name=name)
    put(installation, status)
    return installation


def keys(*installations: Installation) -> list[str]:
    return [str(each.pk) for each in installations]


def test_nothing_is_done_before_it_is_confirmed(leads_desk: Client) -> None:
    one, other = waiting("one"), waiting("other")
    waiting("third")
    page = leads_desk.post(ASSIGN, {"pk": keys(one, other)})
    assert "Assign: 2 installations" in page.text
    assert [str(each) for each in page.context["chosen"]] == ["one", "other"]
    assert set(Installation.objects.values_list("status", flat=True)) == {"submitted"}


def test_each_is_done_by_its_verb_and_what_was_not_done_says_why(
    leads_desk: Client, agent: User
) -> None:
    one, over, other = waiting("one"), waiting("over", Status.CONFIRMED), waiting("other")
    said = {"pk": keys(one, over, other), "confirmed": "1", "to": str(agent.pk)}
    page = leads_desk.post(ASSIGN, said)
    assert "Assigned: 2 of 3" in page.text
    assert "There is nothing to review here now." in page.text
    assert {str(each) for each in Installation.objects.filter(assignee=agent)} == {"one", "other"}
    assert Mail.objects.filter(name="claimed").count() == 2
    assert {entry.object_id for entry in LogEntry.objects.all()} == set(keys(one, other))


def test_release_gives_back_what_is_in_review_and_says_where_the_others_stand(
    leads_desk: Client, agent: User
) -> None:
    ours, built = waiting("ours", Status.IN_REVIEW), waiting("built", Status.BUILDING)
    Installation.objects.update(assignee=agent)
    page = leads_desk.post(RELEASE, {"pk": keys(ours, built), "confirmed": "1"})
    assert "Released: 1 of 2" in page.text
    assert "It stands at: Support is building." in page.text
    assert [str(each) for each in Installation.objects.filter(assignee=None)] == ["ours"]


def test_installations_are_given_to_somebody_who_handles_them(leads_desk: Client) -> None:
    one = waiting("one")
    page = leads_desk.post(ASSIGN, {"pk": keys(one), "confirmed": "1"})
    assert "Choose who gets them." in page.text
    auditor = make_user("auditor@support.example", is_staff=True, group=AUDITOR)
    page = leads_desk.post(ASSIGN, {"pk": keys(one), "confirmed": "1", "to": str(auditor.pk)})
    assert "Assigned: 0 of 1" in page.text
    assert "does not handle installations" in page.text
    customer = one.organization.owners().get().user
    page = leads_desk.post(ASSIGN, {"pk": keys(one), "confirmed": "1", "to": str(customer.pk)})
    assert "Select a valid choice" in page.text


def test_all_that_is_found_may_be_chosen_and_nothing_beside(leads_desk: Client) -> None:
    waiting("prod-one")
    waiting("prod-two")
    waiting("test")
    page = leads_desk.post(f"{ASSIGN}?q=prod", {"everything": "on"})
    assert {str(each) for each in page.context["chosen"]} == {"prod-one", "prod-two"}


def test_too_many_are_refused_before_any_is_touched(
    leads_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST", 2)
    chosen = keys(*(waiting(f"c{number}") for number in range(3)))
    page = leads_desk.post(ASSIGN, {"pk": chosen, "confirmed": "1"}, follow=True)
    assert "Choose at most 2 at once." in page.text
    assert not Installation.objects.exclude(status="submitted").exists()


@pytest.mark.parametrize("pk", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_without_any_it_says_what_to_do_first(leads_desk: Client, pk: list[str]) -> None:
    page = leads_desk.post(ASSIGN, {"pk": pk}, follow=True)
    assert "Tick the installations first." in page.text


def test_it_is_for_leads(desk: Client) -> None:
    one = waiting("one")
    assert "bulk/assign/" not in desk.get(QUEUE).text
    assert desk.post(ASSIGN, {"pk": keys(one), "confirmed": "1"}).status_code == 403
    one.refresh_from_db()
    assert one.status == "submitted"


def test_it_is_done_by_a_form_and_not_by_a_link(leads_desk: Client) -> None:
    assert leads_desk.get(ASSIGN).status_code == 405
    assert leads_desk.post(f"{QUEUE}bulk/no-such/").status_code == 404
    offered = leads_desk.get(QUEUE, {"status": "submitted"}).context["bulks"]
    assert offered == queue_bulk.BULKS

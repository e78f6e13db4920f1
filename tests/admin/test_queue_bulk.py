"""What leads do with many installations at once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from onboarding.admin import queue, queue_bulk
from onboarding.models import Installation, Mail, Status, User
from tests.admin.pages import QUEUE, put
from tests.factories import make_installation, make_user

pytestmark = pytest.mark.django_db
CLAIM = f"{QUEUE}bulk/claim/"


@pytest.fixture
def lead() -> User:
    return make_user("lead@support.example", is_staff=True, is_superuser=True)


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
    page = leads_desk.post(CLAIM, {"pk": keys(one, other)})
    assert "Claim: 2 installations" in page.text
    assert [str(each) for each in page.context["chosen"]] == ["one", "other"]
    assert set(Installation.objects.values_list("status", flat=True)) == {"submitted"}


def test_each_is_done_by_its_verb_and_what_was_not_done_says_why(
    leads_desk: Client, lead: User
) -> None:
    one, gone, other = waiting("one"), waiting("gone", Status.BUILDING), waiting("other")
    page = leads_desk.post(CLAIM, {"pk": keys(one, gone, other), "confirmed": "1"})
    assert "Claimed: 2 of 3" in page.text
    assert "It stands at: Support is building." in page.text
    assert {str(each) for each in Installation.objects.filter(assignee=lead)} == {"one", "other"}
    assert Mail.objects.filter(name="claimed").count() == 2
    assert {entry.object_id for entry in LogEntry.objects.all()} == set(keys(one, other))


def test_all_that_is_found_may_be_chosen_and_nothing_beside(leads_desk: Client) -> None:
    waiting("prod-one")
    waiting("prod-two")
    waiting("test")
    page = leads_desk.post(f"{CLAIM}?q=prod", {"everything": "on"})
    assert {str(each) for each in page.context["chosen"]} == {"prod-one", "prod-two"}


def test_too_many_are_refused_before_any_is_touched(
    leads_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST", 2)
    chosen = keys(*(waiting(f"c{number}") for number in range(3)))
    page = leads_desk.post(CLAIM, {"pk": chosen, "confirmed": "1"}, follow=True)
    assert "Choose at most 2 at once." in page.text
    assert not Installation.objects.exclude(status="submitted").exists()


@pytest.mark.parametrize("pk", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_without_any_it_says_what_to_do_first(leads_desk: Client, pk: list[str]) -> None:
    page = leads_desk.post(CLAIM, {"pk": pk}, follow=True)
    assert "Tick the installations first." in page.text


def test_it_is_for_leads(desk: Client) -> None:
    one = waiting("one")
    assert "bulk/claim/" not in desk.get(QUEUE).text
    assert desk.post(CLAIM, {"pk": keys(one), "confirmed": "1"}).status_code == 403
    one.refresh_from_db()
    assert one.status == "submitted"


def test_it_is_done_by_a_form_and_not_by_a_link(leads_desk: Client) -> None:
    assert leads_desk.get(CLAIM).status_code == 405
    assert leads_desk.post(f"{QUEUE}bulk/no-such/").status_code == 404
    offered = leads_desk.get(QUEUE, {"status": "submitted"}).context["bulks"]
    assert offered == queue_bulk.BULKS

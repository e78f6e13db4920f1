"""Support's own webhooks at the desk, and the log of all deliveries."""

import re
from collections.abc import Generator
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from onboarding.jobs import deliver
from onboarding.models import Delivery, Webhook
from onboarding.models.groups import AUDITOR, LEAD, SUPPORT
from onboarding.models.sealed import unseal
from onboarding.services import webhooks
from tests.factories import make_organization, make_user
from tests.harness.stand_in import Answer, StandIn, running

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/secret-path"
LIST = "/admin/onboarding/webhook/"
LOG = "/admin/onboarding/delivery/"


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(make_user("lead@support.example", is_staff=True, group=LEAD))
    return client


@pytest.fixture
def receiver() -> Generator[StandIn]:
    with running() as there:
        there.routes["/hook"] = lambda asked: Answer("fine")
        yield there


def add(client: Client, **said: Any) -> Any:
    return client.post(f"{LIST}new/", {"name": "Channel", "format": "signed", "url": URL} | said)


def ours() -> Webhook:
    return Webhook.objects.get(organization=None)


def page(webhook: Webhook, what: str = "change") -> str:
    return reverse(f"admin:onboarding_webhook_{what}", args=[webhook.pk])


def customers() -> Webhook:
    organization = make_organization()
    by = organization.owners().get().user
    made, _ = webhooks.add(
        organization, name="Theirs", format=Webhook.Format.SLACK, url=URL, events=[], by=by
    )
    return made


def test_a_lead_adds_one_and_sees_its_secret_once(lead: Client) -> None:
    answer = add(lead)
    secret = unseal(ours().secret_sealed)
    assert secret in unescape(answer.text)
    assert "no-store" in answer["Cache-Control"]
    for address in (LIST, page(ours()), LOG, f"{LIST}new/"):
        shown = unescape(lead.get(address).text)
        assert secret not in shown
        assert "secret-path" not in shown
    assert "hooks.example.com" in lead.get(page(ours())).text
    assert LogEntry.objects.get().object_repr == "Channel"


def test_a_channel_of_slack_has_no_secret(lead: Client) -> None:
    assert add(lead, format="slack")["Location"] == page(ours())
    assert "Make a new secret" not in lead.get(page(ours())).text


def test_what_is_wrong_is_said_and_nothing_is_added(lead: Client) -> None:
    assert "https://" in add(lead, url="http://hooks.example.com/").text
    add(lead)
    assert "a webhook of this name" in add(lead).text
    assert Webhook.objects.count() == 1


def test_a_lead_changes_it_and_turns_it_off(lead: Client) -> None:
    add(lead)
    answer = lead.post(page(ours()), {"url": "", "events": ["submitted"]})
    assert answer["Location"] == page(ours())
    assert (ours().is_enabled, ours().events, unseal(ours().url_sealed)) == (
        False, ["submitted"], URL,
    )  # fmt: skip
    lead.post(page(ours()), {"url": "https://other.example.com/y", "is_enabled": "on"})
    assert webhooks.host_of(ours()) == "other.example.com"
    assert LogEntry.objects.count() == 3


def test_a_wrong_address_changes_nothing(lead: Client) -> None:
    add(lead)
    assert lead.post(page(ours()), {"url": "ftp://x.example"}).status_code == 200
    assert unseal(ours().url_sealed) == URL


def test_a_new_secret_replaces_the_one_before(lead: Client) -> None:
    add(lead)
    before = unseal(ours().secret_sealed)
    shown = unescape(lead.post(page(ours(), "secret")).text)
    after = unseal(ours().secret_sealed)
    assert after != before
    assert after in shown


def test_a_test_is_delivered_and_its_answer_read(lead: Client, receiver: StandIn) -> None:
    add(lead, url=f"{receiver.url}/hook".replace("http://", "https://"))
    lead.post(page(ours(), "test"))
    sent = Delivery.objects.get()
    Delivery.objects.filter(pk=sent.pk).update(state="delivered", status_code=204, attempts=1)
    shown = lead.get(page(ours())).text
    assert "Test" in shown
    assert "204" in shown
    assert "Delivered" in shown


def test_it_is_removed_after_a_question(lead: Client) -> None:
    add(lead)
    assert "Remove Channel?" in lead.get(page(ours(), "remove")).text
    assert Webhook.objects.exists()
    assert lead.post(page(ours(), "remove"))["Location"] == LIST
    assert not Webhook.objects.exists()
    assert LogEntry.objects.filter(change_message__contains="Removed").exists()


def test_one_of_a_customer_is_not_to_be_had_here(lead: Client) -> None:
    theirs = customers()
    assert "Theirs" not in lead.get(LIST).text
    for what in ("change", "remove"):
        assert lead.get(page(theirs, what))["Location"] == LIST
    for what in ("change", "secret", "test", "remove"):
        assert lead.post(page(theirs, what), {"url": ""})["Location"] == LIST
    assert Webhook.objects.filter(pk=theirs.pk, is_enabled=True).exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("group", [SUPPORT, AUDITOR])
def test_the_others_read_and_change_nothing(client: Client, group: str, lead: Client) -> None:
    add(lead)
    webhook = ours()
    client.force_login(make_user(is_staff=True, group=group))
    shown = client.get(page(webhook)).text
    assert "hooks.example.com" in shown
    assert "<textarea" not in shown
    assert page(webhook, "test") not in shown
    assert f"{LIST}new/" not in client.get(LIST).text
    assert client.get(f"{LIST}new/").status_code == 403
    assert add(client, name="Another").status_code == 403
    for what in ("change", "secret", "test", "remove"):
        assert client.post(page(webhook, what), {"url": ""}).status_code == 403
    assert client.get(page(webhook, "remove")).status_code == 403
    assert Webhook.objects.get() == webhook
    assert webhook.is_enabled


def test_buttons_are_pressed_and_not_opened(lead: Client) -> None:
    add(lead)
    for what in ("secret", "test"):
        assert lead.get(page(ours(), what)).status_code == 405


def test_a_name_nobody_knows_leads_back_to_the_list(lead: Client) -> None:
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert lead.get(f"{LIST}{wrong}/change/")["Location"] == LIST


def deliveries(lead: Client) -> tuple[Delivery, Delivery]:
    """One of support's own, and one of a customer's."""
    add(lead)
    mine = Delivery.objects.create(webhook=ours(), body={"text": "A"}, state="delivered")
    return mine, Delivery.objects.create(webhook=customers(), body={"text": "B"}, state="failed")


def send_again(client: Client, *chosen: Delivery) -> Any:
    posted = {"action": "send_again", "_selected_action": [each.pk for each in chosen]}
    return client.post(LOG, posted, follow=True)


def test_a_lead_sends_support_s_own_again_and_leaves_customers_alone(lead: Client) -> None:
    mine, theirs = deliveries(lead)
    shown = send_again(lead, mine, theirs).text
    again = Delivery.objects.exclude(pk__in=(mine.pk, theirs.pk)).get()
    assert (again.webhook_id, again.replay_of_id, again.body) == (
        mine.webhook_id,
        mine.pk,
        mine.body,
    )
    assert deliver.message_id(again) == mine.pk
    assert "Sent again: 1." in shown
    assert "by their Organization Owners" in shown


@pytest.mark.parametrize("group", [SUPPORT, AUDITOR])
def test_the_log_is_read_by_all_and_replayed_by_none_but_leads(
    client: Client, group: str, lead: Client
) -> None:
    mine, theirs = deliveries(lead)
    client.force_login(make_user(is_staff=True, group=group))
    shown = client.get(LOG).text
    assert "Channel" in shown
    assert "Theirs" in shown
    for each in (mine, theirs):
        assert client.get(f"{LOG}{each.pk}/change/").status_code == 200
    send_again(client, mine)
    assert Delivery.objects.count() == 2


def test_the_log_is_filtered_and_searched(lead: Client) -> None:
    deliveries(lead)
    rows = {
        query: len(re.findall(r'class="field-created_at', lead.get(f"{LOG}?{query}").text))
        for query in ("", "whose=support", "whose=customers", "state__exact=failed", "q=theirs")
    }
    assert rows == {
        "": 2, "whose=support": 1, "whose=customers": 1, "state__exact=failed": 1, "q=theirs": 1,
    }  # fmt: skip


def test_no_address_and_no_secret_stands_in_the_log(lead: Client) -> None:
    mine, theirs = deliveries(lead)
    secret = unseal(ours().secret_sealed)
    for address in (LOG, f"{LOG}{mine.pk}/change/", f"{LOG}{theirs.pk}/change/"):
        shown = unescape(lead.get(address).text)
        assert "secret-path" not in shown
        assert secret not in shown


@pytest.mark.parametrize("address", [LOG, LIST, "one"])
def test_a_page_asks_the_database_as_often_for_many_as_for_one(
    lead: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    add(lead)
    Delivery.objects.bulk_create(Delivery(webhook=ours(), body={}) for _ in range(60))
    with django_assert_max_num_queries(12):
        assert lead.get(page(ours()) if address == "one" else address).status_code == 200

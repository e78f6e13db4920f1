"""An Owner sets up a webhook in the browser, tries it out, and reads its log."""

import re
from collections.abc import Generator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.jobs import deliver
from onboarding.models import Delivery, Webhook
from onboarding.models.sealed import unseal
from tests.harness.stand_in import Answer, StandIn, running
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def owner(cast: Cast) -> Client:
    return cast.confirmed("owner")


@pytest.fixture
def receiver() -> Generator[StandIn]:
    with running() as there:
        there.routes["/hook"] = lambda asked: Answer("fine")
        yield there


def text(response: Any) -> str:
    return unescape(response.content.decode())


def add(client: Client, cast: Cast, **said: Any) -> Any:
    posted = {"name": "Pager", "format": "signed", "url": "https://hooks.example.com/x"} | said
    return client.post(reverse("webhook_new", args=[cast.organization.pk]), posted)


def page_of(webhook: Webhook) -> str:
    return reverse("webhook", args=[webhook.organization_id, webhook.pk])


def test_the_secret_is_shown_once_and_the_address_never_again(cast: Cast, owner: Client) -> None:
    shown = add(owner, cast, url="https://hooks.example.com/secret-path")
    webhook = Webhook.objects.get(name="Pager")
    secret = unseal(webhook.secret_sealed)
    assert secret in text(shown)
    assert "no-store" in shown["Cache-Control"]
    for address in (page_of(webhook), reverse("webhooks", args=[cast.organization.pk])):
        page = text(owner.get(address))
        assert "hooks.example.com" in page
        assert "secret-path" not in page
        assert secret not in page


def test_a_slack_webhook_goes_to_its_page_at_once(cast: Cast, owner: Client) -> None:
    response = add(owner, cast, format="slack", events=["ready", "failed"])
    webhook = Webhook.objects.get(name="Pager")
    assert response["Location"] == page_of(webhook)
    assert webhook.events == ["ready", "failed"]
    assert "Make a new secret" not in text(owner.get(page_of(webhook)))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": ""}, "Type a name"),
        ({"name": "Operations"}, "There is a webhook of this name already."),
        ({"format": "smoke"}, "Choose a format."),
        ({"url": ""}, "Type the address that we send to."),
        ({"url": "http://hooks.example.com/"}, "begins with https://"),
        ({"url": "https://me:pw@hooks.example.com/"}, "begins with https://"),
        ({"url": "https://" + "x" * 500}, "begins with https://"),
        ({"events": ["external_id_shown"]}, "Choose from the list."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, owner: Client, said: dict[str, Any], told: str
) -> None:
    response = add(owner, cast, **({"name": "My Pager"} | said))
    assert response.status_code == 200
    page = text(response)
    assert told in page
    assert said.get("name", "My Pager") in page
    assert Webhook.objects.count() == 1


def test_who_has_not_confirmed_a_moment_ago_is_told_to_and_loses_nothing(cast: Cast) -> None:
    client = cast.client("owner")
    response = add(client, cast, url="https://hooks.example.com/kept-in-the-form")
    page = text(response)
    assert "Confirm who you are, in a new tab" in page
    assert "kept-in-the-form" in page
    assert "kept-in-the-form" not in str(dict(client.session.items()))
    assert not Webhook.objects.filter(name="Pager").exists()


def test_an_empty_address_keeps_the_present_one(cast: Cast, owner: Client) -> None:
    webhook = cast.organization.webhooks.get()
    response = owner.post(page_of(webhook), {"url": "", "events": ["failed"]})
    assert response["Location"] == page_of(webhook)
    webhook.refresh_from_db()
    assert unseal(webhook.url_sealed) == "https://hooks.example.com/of-acme"
    assert (webhook.events, webhook.is_enabled) == (["failed"], False)


def test_a_test_arrives_and_its_answer_stands_in_the_log(
    cast: Cast, owner: Client, receiver: StandIn
) -> None:
    add(owner, cast, format="slack", url=f"{receiver.url}/hook")
    webhook = Webhook.objects.get(name="Pager")
    trial = reverse("webhook_test", args=[cast.organization.pk, webhook.pk])
    assert "Not yet" in text(owner.post(trial, follow=True))
    deliver.run(str(webhook.deliveries.get().pk))
    assert "This is a test" in receiver.asked[0].body
    page = text(owner.get(page_of(webhook)))
    assert re.search(r"Delivered.*200.*fine", page, re.DOTALL)


def test_what_was_given_up_is_sent_again(cast: Cast, owner: Client) -> None:
    webhook = cast.organization.webhooks.get()
    failed = webhook.deliveries.get()
    Delivery.objects.filter(pk=failed.pk).update(state=Delivery.State.FAILED, attempts=7)
    page = text(owner.get(page_of(webhook)))
    assert "Given up" in page
    again = reverse("webhook_replay", args=[cast.organization.pk, webhook.pk, failed.pk])
    assert again in page
    owner.post(again)
    assert webhook.deliveries.filter(replay_of=failed, state=Delivery.State.QUEUED).count() == 1


def test_removing_asks_first(cast: Cast, owner: Client) -> None:
    webhook = cast.organization.webhooks.get()
    url = reverse("webhook_remove", args=[cast.organization.pk, webhook.pk])
    assert "Remove Operations?" in text(owner.get(url))
    assert Webhook.objects.exists()
    assert "Operations is removed." in text(owner.post(url, follow=True))
    assert not Webhook.objects.exists()

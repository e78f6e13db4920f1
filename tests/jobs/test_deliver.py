"""Webhooks, delivered to a receiver that answers as it likes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Generator
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from onboarding.jobs import deliver, told
from onboarding.models import Delivery, Event, Webhook
from onboarding.services import webhooks
from tests.factories import make_installation, make_organization, make_user
from tests.harness.stand_in import Answer, Asked, StandIn, back_to, running

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture
def receiver() -> Generator[StandIn]:
    with running() as there:
        there.routes["/hook"] = lambda asked: Answer("fine")
        yield there


class Scene:
    def __init__(self, receiver: StandIn, format: Webhook.Format = Webhook.Format.SIGNED) -> None:
        self.owner = make_user()
        self.organization = make_organization(self.owner)
        self.webhook, self.secret = webhooks.add(
            self.organization, name="Ours", format=format, url=f"{receiver.url}/hook", events=[],
            by=self.owner,
        )  # fmt: skip
        self.installation = make_installation(self.organization, cluster_name="analytics")

    def happen(self, kind: Event.Kind = Event.Kind.SUBMITTED, note: str = "") -> Delivery:
        Event.objects.create(
            organization=self.organization, installation=self.installation, kind=kind,
            by=self.owner, note=note,
        )  # fmt: skip
        found: Delivery = Delivery.objects.filter(event__kind=kind).get()
        return found


def send(delivery: Delivery) -> Delivery:
    """As its time comes."""
    Delivery.objects.filter(pk=delivery.pk).update(run_after=Now() - timedelta(seconds=1))
    deliver.run(str(delivery.pk))
    delivery.refresh_from_db()
    return delivery


def check_signature(asked: Asked, secret: str) -> str:
    """As the Standard Webhooks specification tells a receiver to; gives the message's id."""
    said = {name.lower(): value for name, value in asked.headers.items()}
    content = f"{said['webhook-id']}.{said['webhook-timestamp']}.{asked.body}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, content.encode(), hashlib.sha256).digest()
    assert said["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    return said["webhook-id"]


def test_a_signed_delivery_says_what_happened_and_where(receiver: StandIn) -> None:
    scene = Scene(receiver)
    sent = send(scene.happen())

    asked = receiver.asked[-1]
    said = json.loads(asked.body)
    assert check_signature(asked, scene.secret) == str(sent.pk)
    assert said["type"] == "onboarding.submitted"
    assert said["installation"]["cluster_name"] == "analytics"
    assert said["installation"]["url"].endswith(f"/installations/{scene.installation.pk}/")
    assert (sent.state, sent.status_code, sent.reply) == (State.DELIVERED, 200, "fine")


def test_slack_gets_one_sentence_with_a_link(receiver: StandIn) -> None:
    scene = Scene(receiver, Webhook.Format.SLACK)
    scene.organization.name = "A <b> & C"
    scene.organization.save()
    scene.installation.organization = scene.organization
    send(scene.happen(Event.Kind.READY))

    [asked] = receiver.asked
    said = json.loads(asked.body)
    assert list(said) == ["text"]
    assert said["text"].startswith("A &lt;b&gt; &amp; C, analytics: The cluster is ready")
    assert said["text"].endswith("|Open it>")
    assert "webhook-signature" not in {name.lower() for name in asked.headers}


def test_neither_what_somebody_wrote_nor_who_did_it_is_told(receiver: StandIn) -> None:
    scene = Scene(receiver)
    send(scene.happen(Event.Kind.FAILED, note="between us"))
    [asked] = receiver.asked
    assert "between us" not in asked.body
    assert scene.owner.email not in asked.body


def test_every_told_kind_has_a_body(receiver: StandIn) -> None:
    scene = Scene(receiver)
    for kind in told.TOLD:
        event = Event(organization=scene.organization, installation=None, kind=kind)
        event.save()
        event.refresh_from_db()
        assert told.body(event)["text"].endswith(".")


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_what_is_refused_is_tried_again_and_in_the_end_given_up(
    receiver: StandIn, status: int
) -> None:
    receiver.routes["/hook"] = lambda asked: Answer("not <b>now</b>\x00\n", status)
    delivery = Scene(receiver).happen()

    waits = []
    for _ in deliver.WAITS:
        began = delivery.run_after
        assert send(delivery).state == State.QUEUED
        waits.append(delivery.run_after - began)
    assert send(delivery).state == State.FAILED
    assert waits == sorted(waits)
    assert (delivery.status_code, delivery.reply) == (status, "not <b>now</b>")
    ids = {asked.headers["webhook-id"] for asked in receiver.asked}
    assert ids == {str(delivery.pk)}
    deliver.run(str(delivery.pk))
    assert len(receiver.asked) == len(deliver.WAITS) + 1


def test_who_is_gone_is_asked_no_more(receiver: StandIn) -> None:
    scene = Scene(receiver)
    receiver.routes["/hook"] = lambda asked: Answer(status=410)
    first = scene.happen()
    later = scene.happen(Event.Kind.READY)
    assert send(first).state == State.FAILED
    assert send(later).reply == "The webhook is turned off."
    scene.webhook.refresh_from_db()
    assert not scene.webhook.is_enabled
    assert len(receiver.asked) == 1


def test_a_redirect_is_not_followed(receiver: StandIn) -> None:
    receiver.routes["/hook"] = lambda asked: back_to(f"{receiver.url}/inside")
    delivery = send(Scene(receiver).happen())
    assert (delivery.state, delivery.status_code) == (State.QUEUED, 302)
    assert [asked.path for asked in receiver.asked] == ["/hook"]


def test_a_host_that_is_not_there_is_told_without_its_address(receiver: StandIn) -> None:
    scene = Scene(receiver)
    webhooks.change(
        scene.webhook, url="http://127.0.0.1:1/secret-path", events=[], is_enabled=True,
        by=scene.owner,
    )  # fmt: skip
    delivery = send(scene.happen())
    assert (delivery.state, delivery.status_code) == (State.QUEUED, None)
    assert delivery.reply == "The host could not be reached."


def test_an_address_inside_is_not_asked(receiver: StandIn, settings: Settings) -> None:
    delivery = Scene(receiver).happen()
    settings.SECURE_SITE = True
    assert send(delivery).reply.startswith("The address may not be asked")
    assert receiver.asked == []


def test_a_sender_that_died_is_taken_over_and_its_answer_no_longer_counts(
    receiver: StandIn,
) -> None:
    delivery = Scene(receiver).happen()
    dead = deliver._claim(str(delivery.pk))
    assert dead is not None
    deliver.run(str(delivery.pk))
    assert receiver.asked == []
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert send(delivery).state == State.DELIVERED
    deliver._again(dead, deliver.Answer(500, "late", 1))
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_replay_has_the_id_of_the_first(receiver: StandIn) -> None:
    scene = Scene(receiver)
    first = send(scene.happen())
    second = send(webhooks.replay(first, by=scene.owner))
    third = send(webhooks.replay(second, by=scene.owner))
    assert third.state == State.DELIVERED
    ids = [check_signature(asked, scene.secret) for asked in receiver.asked]
    assert ids == [str(first.pk)] * 3


def test_neither_address_nor_secret_is_kept_in_clear(receiver: StandIn) -> None:
    scene = Scene(receiver)
    stored = str(Webhook.objects.values().get(pk=scene.webhook.pk))
    assert receiver.url not in stored
    assert scene.secret not in stored

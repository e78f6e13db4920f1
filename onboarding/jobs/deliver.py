"""Tells one webhook of one event: at least once, under an id that stays the same.

Signed as the Standard Webhooks specification has it, so that receivers need no code of their own.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from datetime import timedelta

import requests
import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from onboarding.jobs.outbound import Outbound
from onboarding.models import Delivery, Webhook
from onboarding.models.sealed import unseal

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""Between tries; after the last one, some 20 hours on, it is given up."""
GONE = 410
"""Whoever answers this wants no more of them."""
SHOWN = 300
"""Characters of an answer that are kept."""


@dataclass(frozen=True)
class Answer:
    code: int | None
    text: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def run(delivery_id: str) -> None:
    """Deliver if it is due and nobody else is at it."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    if not delivery.webhook.is_enabled:
        _settle(delivery, Answer(None, "The webhook is turned off.", 0), Delivery.State.FAILED)
        return
    answer = _send(delivery)
    if answer.is_good:
        _settle(delivery, answer, Delivery.State.DELIVERED)
    elif answer.code == GONE:
        Webhook.objects.filter(pk=delivery.webhook_id).update(is_enabled=False)
        _settle(delivery, answer, Delivery.State.FAILED)
    elif delivery.attempts > len(WAITS):
        log.warning("webhook_given_up", delivery=str(delivery.pk), code=answer.code)
        _settle(delivery, answer, Delivery.State.FAILED)
    else:
        _again(delivery, answer)


def _claim(delivery_id: str) -> Delivery | None:
    with transaction.atomic():
        due = Delivery.objects.due().filter(pk=delivery_id)
        taken = due.update(
            state=Delivery.State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
        )
        found = Delivery.objects.select_related("webhook").filter(pk=delivery_id)
        return found.first() if taken else None


def _send(delivery: Delivery) -> Answer:
    webhook = delivery.webhook
    content = _content(delivery)
    headers = {"Content-Type": "application/json", "User-Agent": "astro-install-portal"}
    if webhook.format == Webhook.Format.SIGNED:
        headers |= signed(content, str(message_id(delivery)), unseal(webhook.secret_sealed))
    began = time.monotonic()
    try:
        with Outbound() as session:
            reply = session.post(
                unseal(webhook.url_sealed), data=content, headers=headers, stream=True
            )
            code, text = reply.status_code, _beginning(reply)
    except requests.RequestException as error:
        code, text = None, _silence(error)
    return Answer(code, text, round((time.monotonic() - began) * 1000))


def _content(delivery: Delivery) -> bytes:
    said = delivery.body
    if delivery.webhook.format == Webhook.Format.SLACK:
        where = (said.get("installation") or {}).get("url", "")
        # Slack reads these three as its own marks.
        plain = str(said["text"]).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        said = {"text": f"{plain} <{where}|Open it>" if where else plain}
    return json.dumps(said, separators=(",", ":")).encode()


def message_id(delivery: Delivery) -> object:
    """The same for every try and every replay, so that a receiver can tell what it knows."""
    return delivery.replay_of_id or delivery.pk


def signed(content: bytes, own_id: str, secret: str) -> dict[str, str]:
    """The headers of the Standard Webhooks specification: id, time in seconds, signature.

    `secret`: `whsec_` and base64, as `onboarding.services.webhooks` makes it.
    """
    now = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{own_id}.{now}.".encode() + content, hashlib.sha256).digest()
    return {
        "webhook-id": own_id,
        "webhook-timestamp": now,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _beginning(reply: requests.Response) -> str:
    """What came back, shortened: an answer may be endless, and is read by people."""
    text = next(reply.iter_content(SHOWN), b"").decode("utf-8", "replace")
    return re.sub(r"[^\x20-\x7e]+", " ", text).strip()


def _silence(error: requests.RequestException) -> str:
    """Without the address, which the error's own text repeats."""
    if isinstance(error, requests.exceptions.InvalidURL):
        return "The address may not be asked: HTTPS to a host on the public internet is needed."
    if isinstance(error, requests.exceptions.SSLError):
        return "The certificate of the host is not valid."
    if isinstance(error, requests.exceptions.Timeout):
        return "No answer within 5 seconds."
    return "The host could not be reached."


def _settle(delivery: Delivery, answer: Answer, state: Delivery.State) -> None:
    _write(delivery, answer, state=state, settled_at=Now())


def _again(delivery: Delivery, answer: Answer) -> None:
    wait = WAITS[delivery.attempts - 1]
    _write(delivery, answer, state=Delivery.State.QUEUED, run_after=Now() + wait)


def _write(delivery: Delivery, answer: Answer, **values: object) -> None:
    """`attempts` fences off a sender that lost its lease: another one has counted it up."""
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(
        status_code=answer.code,
        reply=answer.text[:SHOWN],
        milliseconds=answer.milliseconds,
        lease_until=None,
        **values,
    )

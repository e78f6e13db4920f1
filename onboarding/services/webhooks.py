"""Telling other systems: an Organization's own, and support's channel."""

import base64
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Q

from onboarding import tasks
from onboarding.jobs import told
from onboarding.jobs.outbound import is_acceptable
from onboarding.models import Delivery, Event, Organization, User, Webhook
from onboarding.models.sealed import seal, unseal

MOST = 10
"""Webhooks of one Organization: each is asked for every event."""


class NotAcceptable(Exception):
    """The webhook cannot be. The text is for the person who asked for it."""


def hear(sender: object, instance: Event, created: bool, **kwargs: Any) -> None:
    """An event was written: line up its deliveries, in the same transaction.

    Connected to every saved event, so that whoever writes one cannot forget it.
    """
    if not created or instance.kind not in told.TOLD:
        return
    ours = Q(organization=None) | Q(organization=instance.organization_id)
    hearing = [
        webhook
        for webhook in Webhook.objects.filter(ours, is_enabled=True)
        if not webhook.events or instance.kind in webhook.events
    ]
    if hearing:
        instance.refresh_from_db(fields=["at"])
        content = told.body(instance)
        _line_up([Delivery(webhook=webhook, event=instance, body=content) for webhook in hearing])


def _line_up(deliveries: list[Delivery]) -> None:
    made = Delivery.objects.bulk_create(deliveries)
    tasks.after_commit(tasks.deliver, *(str(each.pk) for each in made))


@transaction.atomic
def add(
    organization: Organization | None,
    *,
    name: str,
    format: Webhook.Format,
    url: str,
    events: list[str],
    by: User,
) -> tuple[Webhook, str]:
    """The webhook, and the secret that its deliveries are signed with: shown this once.

    Raises `PermissionError` or `NotAcceptable`.
    """
    _may(organization, by)
    if organization is not None:
        Organization.objects.select_for_update().get(pk=organization.pk)
    there = Webhook.objects.filter(organization=organization)
    if there.count() >= MOST:
        raise NotAcceptable(f"There are {MOST} webhooks already. Remove one first.")
    if there.filter(name=name).exists():
        raise NotAcceptable("There is a webhook of this name already.")
    secret = _new_secret() if format == Webhook.Format.SIGNED else ""
    webhook = Webhook.objects.create(
        organization=organization,
        name=name,
        format=format,
        url_sealed=seal(_acceptable(url)),
        secret_sealed=seal(secret) if secret else "",
        events=_known(events),
        created_by=by,
    )
    _record(webhook, Event.Kind.WEBHOOK_ADDED, by=by)
    return webhook, secret


@transaction.atomic
def change(webhook: Webhook, *, url: str, events: list[str], is_enabled: bool, by: User) -> None:
    """Another address (empty keeps the present one), other events, on or off.

    Raises `PermissionError` or `NotAcceptable`.
    """
    _may(webhook.organization, by)
    if url:
        webhook.url_sealed = seal(_acceptable(url))
    webhook.events, webhook.is_enabled = _known(events), is_enabled
    webhook.save(update_fields=["url_sealed", "events", "is_enabled"])
    _record(webhook, Event.Kind.WEBHOOK_CHANGED, by=by)


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: User) -> str:
    """A new secret, shown this once; the one before counts no more. Raises `PermissionError`."""
    _may(webhook.organization, by)
    if webhook.format != Webhook.Format.SIGNED:
        raise NotAcceptable("Slack messages are not signed.")
    secret = _new_secret()
    webhook.secret_sealed = seal(secret)
    webhook.save(update_fields=["secret_sealed"])
    _record(webhook, Event.Kind.WEBHOOK_CHANGED, by=by)
    return secret


@transaction.atomic
def remove(webhook: Webhook, *, by: User) -> None:
    """With its log of deliveries. Raises `PermissionError`."""
    _may(webhook.organization, by)
    _record(webhook, Event.Kind.WEBHOOK_REMOVED, by=by)
    webhook.delete()


@transaction.atomic
def try_out(webhook: Webhook, *, by: User) -> Delivery:
    """Send a delivery that says it is a test. Raises `PermissionError`."""
    _may(webhook.organization, by)
    test = Delivery(webhook=webhook, body=told.test_body(webhook.organization))
    _line_up([test])
    return test


@transaction.atomic
def replay(delivery: Delivery, *, by: User) -> Delivery:
    """Send it once more, under the same message id. Raises `PermissionError`."""
    _may(delivery.webhook.organization, by)
    again = Delivery(
        webhook=delivery.webhook,
        event=delivery.event,
        body=delivery.body,
        # The first of them all: its id is what the receiver knows.
        replay_of_id=delivery.replay_of_id or delivery.pk,
    )
    _line_up([again])
    return again


def host_of(webhook: Webhook) -> str:
    """What a page may say of the address: whoever knows the rest may write there."""
    return unseal(webhook.url_sealed).split("/")[2]


def _may(organization: Organization | None, by: User) -> None:
    """An Owner for the Organization's own; for support's channel, a lead of support."""
    if organization is not None and not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may change webhooks.")
    if organization is None and not (by.is_staff and by.has_perm("onboarding.lead_desk")):
        raise PermissionError("Only a lead of support may change support's webhooks.")


def _acceptable(url: str) -> str:
    if not is_acceptable(url):
        raise NotAcceptable("Give an address that begins with https://, without a password in it.")
    return url


def _known(events: list[str]) -> list[str]:
    return [kind for kind in told.TOLD if kind in events]


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _record(webhook: Webhook, kind: Event.Kind, *, by: User) -> None:
    """Support's own has no Organization whose history it would stand in: Django's log has it."""
    if webhook.organization is not None:
        Event.objects.create(
            organization=webhook.organization, kind=kind, by=by, data={"name": webhook.name}
        )

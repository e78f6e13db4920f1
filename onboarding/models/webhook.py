"""Where other systems are told what happens, and every delivery that was made or tried."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.models.event import Event
from onboarding.models.organization import Organization


class Webhook(models.Model):
    class Format(models.TextChoices):
        SIGNED = "signed", "Signed JSON"
        SLACK = "slack", "Slack message"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks"
    )
    """Whose systems it tells; none for support's own channel, which hears of every Organization."""
    name = models.CharField(max_length=60)
    format = models.CharField(max_length=10, choices=Format.choices)
    url_sealed = models.TextField(editable=False)
    """Sealed: whoever has the address of a Slack channel may write into it."""
    secret_sealed = models.TextField(blank=True, editable=False)
    """What a signed delivery is signed with."""
    events = models.JSONField(default=list)
    """The kinds of events it hears of; empty means all that are told."""
    is_enabled = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        return self.filter(
            Q(state=Delivery.State.QUEUED, run_after__lte=Now())
            | Q(state=Delivery.State.SENDING, lease_until__lt=Now())
        )


class Delivery(models.Model):
    """One event to one webhook: at least once, with an id that stays the same."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """What happened; nothing for a test."""
    body = models.JSONField()
    """What is said, as it was when it happened."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=300, blank=True)
    """What came back last, shortened."""
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    replay_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replays"
    )
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "run_after"], name="deliveries_due"),
            models.Index(fields=["webhook", "-created_at"], name="delivery_log"),
            models.Index(fields=["-created_at", "-id"], name="deliveries_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.event or 'Test'} to {self.webhook}"

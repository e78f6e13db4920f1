"""The outbox: a mail is a row in the transaction that caused it; a worker sends it later."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from onboarding.models.installation import Installation

MOST_COPIES = 2
"""Of one mail, when nobody knows whether the first arrived."""


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> Self:
        return self.filter(
            Q(state=Mail.State.QUEUED, run_after__lte=Now())
            | Q(state=Mail.State.SENDING, lease_until__lt=Now())
        )

    def came_back(self) -> Self:
        """Refused or come back, with nothing accepted at the same address since."""
        State = Mail.State
        since = Mail.objects.filter(
            to=OuterRef("to"), state=State.ACCEPTED, accepted_at__gt=OuterRef("created_at")
        )
        return self.filter(~Exists(since), state__in=(State.REFUSED, State.BOUNCED))


class Mail(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        BOUNCED = "bounced", "Came back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, null=True, blank=True, related_name="mails"
    )
    name = models.CharField(max_length=60)
    """The notification: its template folder under templates/emails/."""
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    """Text and HTML are wiped once the mail is settled: links in them may sign somebody in."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    """Tries that were begun. Each write of a try names its number, which fences off an older one."""
    copies = models.PositiveSmallIntegerField(default=0)
    """How often the text went out without a `no` in answer: never more than `MOST_COPIES`."""
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True)
    """What the mail server answered last."""
    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    """When it came back after the mail server had accepted it."""

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["state", "run_after"], name="outbox"),
            models.Index(fields=["to", "-created_at"], name="mails_of_an_address"),
            models.Index(fields=["-created_at", "-id"], name="mails_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.to}"

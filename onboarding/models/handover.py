"""The access step in the hands of one person outside: the colleague who has AWS rights."""

import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from onboarding.models.installation import Installation

VALID_FOR = timedelta(days=7)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def open(self) -> Self:
        """Neither done, nor withdrawn, nor expired."""
        return self.filter(done_at=None, revoked_at=None, expires_at__gt=Now())


class Handover(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="handovers"
    )
    email = models.EmailField("e-mail address")
    token_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    """A keyed digest of the link's secret: the secret itself is in the mail alone."""
    code_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    """Of the code that was mailed last; empty when none counts."""
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    """When the role was proved."""

    objects: ClassVar = HandoverQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.installation} to {self.email}"

    @property
    def state(self) -> str:
        """`done`, `withdrawn`, `expired` or `open`."""
        if self.done_at:
            return "done"
        if self.revoked_at:
            return "withdrawn"
        return "open" if self.expires_at > timezone.now() else "expired"


class HandoverVisit(models.Model):
    """Somebody opened the link, asked for a code, gave one, or saw the external ID."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        CODE_SENT = "code_sent", "Code sent"
        CONFIRMED = "confirmed", "Address confirmed"
        WRONG_CODE = "wrong_code", "Wrong code"
        SHOWN = "shown", "External ID shown"

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="visits")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"

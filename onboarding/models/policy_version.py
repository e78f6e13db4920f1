"""The ledger of the permission document: its versions, and who was told of each."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from onboarding.models.mail import Mail
from onboarding.models.organization import Organization

NOTICE = timedelta(days=14)
"""Between the accepted notice and the day an expanding version may take effect: 14 × 24 hours."""


class PolicyVersion(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ANNOUNCED = "announced", "Announced"
        EFFECTIVE = "effective", "In effect"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.PositiveIntegerField(unique=True)
    source = models.JSONField()
    """The whole permission document, as `onboarding/policy/data/permissions.json` has it."""
    checksum = models.CharField(max_length=64, unique=True)
    """SHA-256 over the policies, as `onboarding.policy.document` makes it."""
    what = models.TextField(max_length=4000)
    """What changes, in words for Organization Owners."""
    why = models.TextField(max_length=4000)
    expands = models.BooleanField()
    """Whether it may allow anything that the one in effect before does not. Decided by comparison."""
    differences = models.JSONField(default=list)
    """What the comparison found, as people read it."""
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody for the version that the portal was set up with."""
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    effective_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="effective"), name="one_version_in_effect"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Permissions version {self.number}"


class Notice(models.Model):
    """One Owner told of one version. What was sent and accepted is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="notices")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="policy_notices"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="policy_notices"
    )
    mail = models.OneToOneField(
        Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="policy_notice"
    )
    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When the mail server took it, by the database's clock."""
    bounced_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    """When the Owner said, in the portal, that they have read it."""

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "organization", "owner"], name="one_notice_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} to {self.owner}"

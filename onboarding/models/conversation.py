"""What customer and support say to each other, and what support says among itself."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from onboarding.models.installation import Installation


class MessageQuerySet(models.QuerySet["Message"]):
    def from_support(self) -> Self:
        return self.filter(side=Message.Side.SUPPORT)

    def from_customer(self) -> Self:
        return self.filter(side=Message.Side.CUSTOMER)


class Message(models.Model):
    """Both sides read it, on the installation's page and in the dossier. It is never changed."""

    class Side(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        SUPPORT = "support", "Astronomer support"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="messages"
    )
    side = models.CharField(max_length=10, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40, blank=True)
    """The question it is about: the field's name in its step's form; empty for none of them."""
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["installation", "at"], name="conversation"),
            models.Index(fields=["-at", "-id"], name="messages_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.text[:60]}"


class MessagesSeen(models.Model):
    """Up to when a person has read what was said about an installation."""

    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "user"], name="seen_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} read {self.installation} at {self.at:%Y-%m-%d %H:%M}"


class InternalNote(models.Model):
    """Support to support. A table of its own, so that no page of the customer's can hold one."""

    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="internal_notes"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]

"""Reminders that were sent, and who wants no more of those that are a courtesy."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from onboarding.models.installation import Installation


class Reminder(models.Model):
    """Written with the mail, so that nobody is reminded twice of one thing."""

    class Kind(models.TextChoices):
        DRAFT_IDLE = "draft_idle", "A draft waits"
        CHANGES_IDLE = "changes_idle", "Changes wait"
        READY_IDLE = "ready_idle", "A cluster waits to be confirmed"
        PEERING_EXPIRES = "peering_expires", "A peering request is about to expire"
        UNCLAIMED = "unclaimed", "Nobody has claimed it"
        OVERDUE = "overdue", "Promised, and not done"

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.DateTimeField()
    """Since when what it is about has been so: one that was changed since counts anew."""
    number = models.PositiveSmallIntegerField(default=1)
    """1 for the first about it."""
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["installation", "kind", "about", "number"], name="reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.number})"


class ReminderStop(models.Model):
    """This person wants no more courtesy reminders about this installation."""

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="reminder_stops"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_stops"
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "user"], name="one_stop_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} about {self.installation}"

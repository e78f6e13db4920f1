"""What support does in a review, kept as evidence: what was submitted, and what was overridden."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.models.installation import Installation


class Submission(models.Model):
    """The answers as they were handed in, to tell later what has changed since."""

    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField()
    """1 for the first."""
    answers = models.JSONField()
    """`[{"field", "label", "value"}]` in the order of the pages, as people read them."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "number"], name="submitted_once_each"),
        ]

    def __str__(self) -> str:
        return f"Submission {self.number} of {self.installation}"


class OverrideQuerySet(models.QuerySet["Override"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Override(models.Model):
    """Support lets a failed check pass, and says why. Never a check of the role: that is safety."""

    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="overrides"
    )
    code = models.CharField(max_length=40)
    """Of the check."""
    reason = models.TextField(max_length=2000)
    saw = models.TextField()
    """What the check had seen when it was overridden."""
    relied_on = models.JSONField(default=dict)
    """The answers it was about, by field. When one changes, the override no longer holds."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OverrideQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["installation", "code"],
                condition=Q(withdrawn_at=None),
                name="one_standing_override_a_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason[:60]}"

    def holds(self, answers: dict[str, Any]) -> bool:
        """Whether it still counts. `answers`: the present ones by field."""
        return self.withdrawn_at is None and all(
            answers.get(name) == value for name, value in self.relied_on.items()
        )


class SavedView(models.Model):
    """A way to look at the queue that somebody of support gave a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    """The part of the queue's address behind the question mark."""
    is_shared = models.BooleanField("for everybody of support", default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

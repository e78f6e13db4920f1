"""What support wants changed, field by field."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from onboarding.models.installation import Installation


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None)


class ChangeRequestManager(models.Manager.from_queryset(ChangeRequestQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ChangeRequestQuerySet:
        """With who asked: support's pages name them."""
        found: ChangeRequestQuerySet = super().get_queryset().select_related("by")
        return found


class ChangeRequest(models.Model):
    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="change_requests"
    )
    field = models.CharField(max_length=40)
    """The name of the field in its step's form."""
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ChangeRequestManager()

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"

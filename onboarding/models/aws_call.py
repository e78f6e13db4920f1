"""Every AWS call made for an installation. Shown to the customer; holds no secret."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from onboarding.models.installation import Installation

OK = "ok"


class AwsCallQuerySet(models.QuerySet["AwsCall"]):
    def of_service(self, service: str) -> Self:
        return self.filter(service=service)

    def failed(self) -> Self:
        return self.exclude(outcome=OK)

    def before(self, at: datetime, pk: int) -> Self:
        """Those older than the call of that time and key, in the log's order."""
        return self.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)


class AwsCall(models.Model):
    class Identity(models.TextChoices):
        PORTAL = "portal", "Astro"
        ROLE = "role", "The role"
        PASTED = "pasted", "Your credentials"

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="aws_calls"
    )
    at = models.DateTimeField()
    service = models.CharField(max_length=40)
    action = models.CharField(max_length=80)
    region = models.CharField(max_length=20)
    request_id = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=80)
    milliseconds = models.PositiveIntegerField()
    identity = models.CharField(max_length=10, choices=Identity.choices, default=Identity.ROLE)
    """As whom the call was made."""

    objects: ClassVar = AwsCallQuerySet.as_manager()

    class Meta:
        verbose_name = "AWS call"
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            # One for each way the log is read: it may hold 100,000 calls and more.
            models.Index(fields=["installation", "-at", "-id"], name="call_log"),
            models.Index(fields=["installation", "service", "-at", "-id"], name="service_calls"),
            models.Index(
                fields=["installation", "-at", "-id"],
                condition=~Q(outcome=OK),
                name="failed_calls",
            ),
            # Support's, over all installations
            models.Index(fields=["-at", "-id"], name="calls_latest"),
            models.Index(fields=["request_id"], name="calls_by_request"),
        ]

    def __str__(self) -> str:
        return f"{self.service}:{self.action} {self.outcome}"

    @property
    def is_failure(self) -> bool:
        return self.outcome != OK

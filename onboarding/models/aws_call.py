"""Every AWS call made for an installation. Shown to the customer; holds no secret."""

from typing import ClassVar

from django.db import models

from onboarding.models.installation import Installation


class AwsCall(models.Model):
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

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["installation", "-at"], name="call_log")]

    def __str__(self) -> str:
        return f"{self.service}:{self.action} {self.outcome}"

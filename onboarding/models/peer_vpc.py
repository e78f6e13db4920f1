"""A VPC of the customer's that wants a peering connection to the Astro VPC."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from onboarding.models.installation import Installation


class PeerVpc(models.Model):
    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="peers")
    vpc = models.CharField("VPC ID or name", max_length=120)
    account_id = models.CharField("AWS account ID", max_length=12)
    region = models.CharField("AWS Region", max_length=20)
    cidrs = models.CharField("CIDR blocks", max_length=1000)
    """One or more, with commas between, as validated."""

    connection_id = models.CharField("peering connection ID", max_length=30, blank=True)
    """`pcx-…`, as support reports it once the connection is requested."""
    requested_at = models.DateTimeField("peering requested", null=True, blank=True, editable=False)
    """When this connection was reported first. AWS ends a request that nobody accepts in 7 days
    (VPC Peering Guide, "VPC peering connection lifecycle")."""

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["requested_at"], condition=~Q(connection_id=""), name="peering_requests"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vpc} in {self.region}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Notes since when the connection is there, whoever reports it."""
        reported = PeerVpc.objects.filter(pk=self.pk).values_list("connection_id", flat=True)
        if self.connection_id not in ("", reported.first()):
            self.requested_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "requested_at"}
        super().save(*args, **kwargs)

    @property
    def cidr_list(self) -> list[str]:
        return self.cidrs.split(",")

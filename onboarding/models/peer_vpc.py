"""A VPC of the customer's that wants a peering connection to the Astro VPC."""

from typing import ClassVar

from django.db import models

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

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.vpc} in {self.region}"

    @property
    def cidr_list(self) -> list[str]:
        return self.cidrs.split(",")

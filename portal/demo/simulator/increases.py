"""Requests for a higher quota, as Service Quotas keeps them.

Source: Service Quotas API reference, RequestedServiceQuotaChange.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onboarding.facts import ON_DEMAND_QUOTA, SPOT_QUOTA

SERVICE_NAMES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
}
QUOTAS = {
    ("ec2", ON_DEMAND_QUOTA): "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    ("ec2", SPOT_QUOTA): "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    ("ec2", "L-0263D0A3"): "EC2-VPC Elastic IPs",
    ("vpc", "L-F678F1CE"): "VPCs per Region",
    ("vpc", "L-FE5A380F"): "NAT gateways per Availability Zone",
    ("vpc", "L-A4707A72"): "Internet gateways per Region",
}
OPEN = ("PENDING", "CASE_OPENED")
DECIDED = ("APPROVED", "DENIED", "CASE_CLOSED", "NOT_APPROVED")
STATUSES = (*OPEN, *DECIDED)


@dataclass(frozen=True)
class Increase:
    """A request for a higher quota."""

    request_id: str
    account_id: str
    region: str
    service: str
    code: str
    desired: float
    requester: str
    created: datetime
    updated: datetime
    status: str = "PENDING"

    def seen(self) -> dict[str, Any]:
        case = {"CaseId": str(int(self.request_id[:8], 16))} if self.status != "PENDING" else {}
        return {
            "Id": self.request_id,
            **case,
            "ServiceCode": self.service,
            "ServiceName": SERVICE_NAMES[self.service],
            "QuotaCode": self.code,
            "QuotaName": QUOTAS[self.service, self.code],
            "DesiredValue": self.desired,
            "Status": self.status,
            "Created": self.created.timestamp(),
            "LastUpdated": self.updated.timestamp(),
            "Requester": self.requester,
            "QuotaArn": quota_arn(self.region, self.account_id, self.service, self.code),
            "GlobalQuota": False,
            "Unit": "None",
            "QuotaRequestedAtLevel": "ACCOUNT",
        }


def quota_arn(region: str, account_id: str, service: str, code: str) -> str:
    return f"arn:aws:servicequotas:{region}:{account_id}:{service}/{code}"

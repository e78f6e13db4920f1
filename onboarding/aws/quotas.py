"""Service quotas of one account in one Region, and the requests to raise them."""

from dataclasses import dataclass
from typing import Any

from onboarding.aws.account import Account
from onboarding.aws.errors import AwsError
from onboarding.facts import ON_DEMAND_QUOTA, SPOT_QUOTA

NO_SUCH = frozenset({"NoSuchResourceException", "NoSuchResource"})
OPEN_STATES = frozenset({"PENDING", "CASE_OPENED"})


@dataclass(frozen=True)
class Quota:
    """A quota, per account and Region."""

    service: str
    code: str
    name: str
    """AWS's own name, as the Service Quotas console lists it."""
    unit: str
    """What it counts: one of them, and several."""
    units: str


ON_DEMAND = Quota(
    "ec2",
    ON_DEMAND_QUOTA,
    "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    "vCPU",
    "vCPU",
)
SPOT = Quota(
    "ec2",
    SPOT_QUOTA,
    "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    "vCPU",
    "vCPU",
)
ELASTIC_IPS = Quota(
    "ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", "Elastic IP address", "Elastic IP addresses"
)
VPCS = Quota("vpc", "L-F678F1CE", "VPCs per Region", "VPC", "VPCs")
NAT_GATEWAYS = Quota(
    "vpc", "L-FE5A380F", "NAT gateways per Availability Zone", "NAT gateway", "NAT gateways"
)
INTERNET_GATEWAYS = Quota(
    "vpc", "L-A4707A72", "Internet gateways per Region", "internet gateway", "internet gateways"
)


@dataclass(frozen=True)
class QuotaRequest:
    """An increase asked of AWS that AWS has not decided yet."""

    desired: int
    status: str
    case_id: str


def value_of(account: Account, quota: Quota) -> int | None:
    """The quota, or None when AWS lists none.

    Where an account never had it changed, AWS may know no applied value: then its default holds
    (Service Quotas API, GetAWSDefaultServiceQuota).
    """
    held = _in_its_list(account, quota) if quota.service == "vpc" else _held(account, quota)
    return held if held is not None else _value(account, "get_aws_default_service_quota", quota)


def _in_its_list(account: Account, quota: Quota) -> int | None:
    """Three quotas of VPC are asked about: one call for all spares a tight rate limit."""
    listed = account.ask_all(
        "service-quotas", "list_service_quotas", "Quotas", ServiceCode=quota.service
    )
    return next((int(one["Value"]) for one in listed if one["QuotaCode"] == quota.code), None)


def _held(account: Account, quota: Quota) -> int | None:
    return _value(account, "get_service_quota", quota)


def _value(account: Account, method: str, quota: Quota) -> int | None:
    try:
        answer = account.ask(
            "service-quotas", method, ServiceCode=quota.service, QuotaCode=quota.code
        )
    except AwsError as error:
        error.about = quota.code
        if error.code not in NO_SUCH:
            raise
        return None
    return int(answer["Quota"]["Value"])


def open_request(account: Account, quota: Quota) -> QuotaRequest | None:
    """The increase AWS is deciding on, if there is one. One call tells of all quotas."""
    asked = account.ask_all(
        "service-quotas", "list_requested_service_quota_change_history", "RequestedQuotas"
    )
    still_open = [one for one in asked if _is_open(one, quota)]
    if not still_open:
        return None
    most = max(still_open, key=lambda one: float(one.get("DesiredValue", 0)))
    return QuotaRequest(int(most["DesiredValue"]), most["Status"], str(most.get("CaseId", "")))


def _is_open(request: dict[str, Any], quota: Quota) -> bool:
    wanted = (quota.service, quota.code)
    about = (request.get("ServiceCode"), request.get("QuotaCode"))
    return about == wanted and request.get("Status") in OPEN_STATES

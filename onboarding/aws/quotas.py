"""EC2's vCPU quotas of one account in one Region, and the requests to raise them."""

from dataclasses import dataclass

from onboarding.aws.account import Account
from onboarding.aws.errors import AwsError

SERVICE = "ec2"
NO_SUCH = frozenset({"NoSuchResourceException", "NoSuchResource"})
OPEN_STATES = frozenset({"PENDING", "CASE_OPENED"})


@dataclass(frozen=True)
class QuotaRequest:
    """An increase asked of AWS that AWS has not decided yet."""

    desired: int
    status: str
    case_id: str


def vcpu_quota(account: Account, code: str) -> int | None:
    """The quota in vCPU, per account and Region; None when AWS lists none.

    AWS answers NoSuchResource for a quota that was never changed in the account: then its default
    holds (Service Quotas API, GetAWSDefaultServiceQuota).
    """
    for method in ("get_service_quota", "get_aws_default_service_quota"):
        try:
            answer = account.ask("service-quotas", method, ServiceCode=SERVICE, QuotaCode=code)
        except AwsError as error:
            error.about = code
            if error.code not in NO_SUCH:
                raise
        else:
            return int(answer["Quota"]["Value"])
    return None


def open_request(account: Account, code: str) -> QuotaRequest | None:
    """The increase AWS is deciding on, if there is one."""
    asked = account.ask_all(
        "service-quotas",
        "list_requested_service_quota_change_history_by_quota",
        "RequestedQuotas",
        ServiceCode=SERVICE,
        QuotaCode=code,
    )
    still_open = [item for item in asked if item.get("Status") in OPEN_STATES]
    if not still_open:
        return None
    most = max(still_open, key=lambda item: float(item.get("DesiredValue", 0)))
    return QuotaRequest(int(most["DesiredValue"]), most["Status"], str(most.get("CaseId", "")))

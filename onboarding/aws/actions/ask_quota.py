"""Asks AWS for a higher quota, once, and looks how a request stands.

Source: Service Quotas API reference. AWS takes one open request a quota at a time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Fix
from onboarding.aws.errors import AwsError
from onboarding.facts import ROLE_NAME

SERVICE_QUOTAS = "service-quotas"
OPEN = frozenset({"PENDING", "CASE_OPENED"})
NO_SUCH = frozenset({"NoSuchResourceException", "NoSuchResource"})
ASKED_ALREADY = frozenset({"ResourceAlreadyExistsException", "ResourceAlreadyExists"})


@dataclass(frozen=True)
class Quota:
    """Which quota is meant, and how much of it is wanted."""

    service: str
    code: str
    desired: int

    @property
    def key(self) -> dict[str, str]:
        return {"ServiceCode": self.service, "QuotaCode": self.code}


@dataclass(frozen=True)
class Applied:
    """The quota as it holds now."""

    value: int
    name: str
    """AWS's own, as the Service Quotas console lists it."""


@dataclass(frozen=True)
class Request:
    """A request as AWS keeps it."""

    id: str
    status: str
    desired: int
    case_id: str
    asked_at: datetime
    changed_at: datetime
    by_role: bool
    """The portal's role made it, and nobody else."""


def applied(account: Account, quota: Quota) -> Applied:
    """Raises `AwsError`.

    For a quota that was never changed in the account AWS answers NoSuchResource: its default holds.
    """
    try:
        answer = _ask(account, "get_service_quota", quota)
    except AwsError as error:
        if error.code not in NO_SUCH:
            raise
        answer = _ask(account, "get_aws_default_service_quota", quota)
    return Applied(int(answer["Quota"]["Value"]), str(answer["Quota"].get("QuotaName", "")))


def ask(account: Account, quota: Quota) -> Request:
    """The open request for `quota`, made now unless there is one. Raises `AwsError`.

    Call it only while the quota is lower: AWS refuses to be asked for what is there.
    """
    found = find_open(account, quota)
    if found is not None:
        return found
    try:
        answer = _ask(
            account,
            "request_service_quota_increase",
            quota,
            DesiredValue=float(quota.desired),
        )
    except AwsError as error:
        # Somebody was quicker by a moment.
        found = find_open(account, quota) if error.code in ASKED_ALREADY else None
        if found is None:
            raise
        return found
    return _request(answer["RequestedQuota"])


def find_open(account: Account, quota: Quota) -> Request | None:
    """The request AWS is deciding on, whoever made it. Raises `AwsError`."""
    try:
        asked = account.ask_all(
            SERVICE_QUOTAS,
            "list_requested_service_quota_change_history_by_quota",
            "RequestedQuotas",
            **quota.key,
        )
    except AwsError as error:
        error.about = quota.code
        if error.code in NO_SUCH:  # none was ever made
            return None
        raise
    still_open = [_request(each) for each in asked if each.get("Status") in OPEN]
    return max(still_open, key=lambda each: each.desired, default=None)


def look(account: Account, quota: Quota, request_id: str) -> Request | None:
    """The request as it stands; None when AWS keeps it no longer. Raises `AwsError`."""
    try:
        answer = account.ask(
            SERVICE_QUOTAS, "get_requested_service_quota_change", RequestId=request_id
        )
    except AwsError as error:
        error.about = quota.code
        if error.code in NO_SUCH:
            return None
        raise
    return _request(answer["RequestedQuota"])


def by_hand(quota: Quota, region: str) -> Fix:
    """How the customer asks without us."""
    return Fix(
        steps=(
            f"Open the quota in Service Quotas, in the Region {region}.",
            f"Choose Request increase at account level and enter {quota.desired}.",
            "AWS answers in minutes, or in a few days if a person has to look. Then check again.",
        ),
        command=(
            f"aws service-quotas request-service-quota-increase --service-code {quota.service}"
            f" --quota-code {quota.code} --desired-value {quota.desired} --region {region}"
        ),
        link=console.quota(region, quota.code, quota.service),
        link_label=f"Open the quota in {region}",
    )


def _ask(account: Account, method: str, quota: Quota, **params: Any) -> Any:
    try:
        return account.ask(SERVICE_QUOTAS, method, **quota.key, **params)
    except AwsError as error:
        error.about = quota.code
        raise


def _request(item: dict[str, Any]) -> Request:
    return Request(
        id=str(item["Id"]),
        status=str(item["Status"]),
        desired=int(item["DesiredValue"]),
        case_id=str(item.get("CaseId", "")),
        asked_at=item["Created"],
        changed_at=item.get("LastUpdated", item["Created"]),
        by_role=f":assumed-role/{ROLE_NAME}/" in str(item.get("Requester", "")),
    )

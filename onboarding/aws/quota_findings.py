"""How a vCPU quota against the published minimum reads, for On-Demand and Spot alike."""

from dataclasses import dataclass

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Finding, Fix, Status, Turn
from onboarding.aws.errors import AwsError
from onboarding.aws.quotas import QuotaRequest, open_request, vcpu_quota
from onboarding.facts import MINIMUM_VCPU_QUOTA, ON_DEMAND_QUOTA, SPOT_QUOTA


@dataclass(frozen=True)
class Quota:
    code: str
    name: str
    """AWS's own name, as the Service Quotas console lists it."""


ON_DEMAND = Quota(
    ON_DEMAND_QUOTA, "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"
)
SPOT = Quota(SPOT_QUOTA, "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests")


def against_minimum(account: Account, quota: Quota, *, ask_for: int) -> Finding:
    """The quota against the 40 vCPU Astro needs; `ask_for` is what to ask AWS for if it is less."""
    value = vcpu_quota(account, quota.code)
    needed = f"{MINIMUM_VCPU_QUOTA} vCPU or more in {account.region}"
    fix = increase(quota, account.region, ask_for)
    if value is None:
        return Finding(
            Status.COULD_NOT_CHECK,
            saw=f"AWS lists no quota {quota.code} in {account.region}.",
            needed=needed,
            turn=Turn.CUSTOMER,
            fix=Fix(("Look the quota up in the console.",), "", fix.link, fix.link_label),
        )
    saw = f"{value} vCPU in {account.region}"
    if value >= MINIMUM_VCPU_QUOTA:
        return Finding(Status.PASSED, saw=saw, needed=needed)
    asked = _asked_for(account, quota)
    if asked and asked.desired >= MINIMUM_VCPU_QUOTA:
        return _with_aws(saw, needed, asked, fix)
    cause = "AWS starts new accounts with a low quota and raises it on request."
    return Finding(Status.FAILED, saw, needed, cause, Turn.CUSTOMER, fix)


def increase(quota: Quota, region: str, ask_for: int) -> Fix:
    """How to have AWS raise `quota` to `ask_for` vCPU."""
    return Fix(
        steps=(
            f"Open the quota “{quota.name}” in Service Quotas, in the Region {region}.",
            f"Choose Request increase at account level and enter {ask_for}.",
            "AWS answers in minutes, or in a few days if a person has to look. "
            "Then ask us to check again.",
        ),
        command=(
            "aws service-quotas request-service-quota-increase --service-code ec2"
            f" --quota-code {quota.code} --desired-value {ask_for} --region {region}"
        ),
        link=console.quota(region, quota.code),
        link_label=f"Open the quota in {region}",
    )


def _asked_for(account: Account, quota: Quota) -> QuotaRequest | None:
    try:
        return open_request(account, quota.code)
    except AwsError:
        # The quota itself is known to be too low; whether somebody asked is a nicety.
        return None


def _with_aws(saw: str, needed: str, asked: QuotaRequest, fix: Fix) -> Finding:
    case = f" (case {asked.case_id})" if asked.case_id else ""
    return Finding(
        Status.WAITING,
        saw=f"{saw}; an increase to {asked.desired} has been asked of AWS{case}",
        needed=needed,
        cause="AWS has not decided on the request yet.",
        turn=Turn.AWS,
        fix=Fix(
            ("You need do nothing until AWS answers.",), link=fix.link, link_label=fix.link_label
        ),
    )

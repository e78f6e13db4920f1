"""How a quota reads: against the published minimum, and against what is in use."""

from dataclasses import dataclass

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Finding, Fix, Offer, OfferKind, Status, Turn
from onboarding.aws.errors import AwsError
from onboarding.aws.quotas import Quota, QuotaRequest, open_request, value_of
from onboarding.aws.together import at_once
from onboarding.facts import MINIMUM_VCPU_QUOTA


@dataclass(frozen=True)
class Held:
    """A quota as AWS has it, and the increase it is deciding on."""

    quota: Quota
    region: str
    value: int | None
    asked: QuotaRequest | None

    @property
    def place(self) -> str:
        return f"in {self.region}"


def read(account: Account, quota: Quota) -> Held:
    """Raises `AwsError` when the value cannot be read; whether somebody asked is a nicety."""
    value, asked = at_once(lambda: value_of(account, quota), lambda: _asked_for(account, quota))
    return Held(quota, account.region, value, asked)


def _asked_for(account: Account, quota: Quota) -> QuotaRequest | None:
    try:
        return open_request(account, quota)
    except AwsError:
        return None


def against_minimum(account: Account, quota: Quota, *, ask_for: int) -> Finding:
    """The quota against the 40 vCPU Astro needs; `ask_for` is what to ask AWS for if it is less."""
    held = read(account, quota)
    needed = f"{MINIMUM_VCPU_QUOTA} {quota.units} or more {held.place}"
    return judged(
        held,
        saw=f"{held.value} {quota.units} {held.place}",
        needed=needed,
        at_least=MINIMUM_VCPU_QUOTA,
        short=Status.FAILED,
        cause="AWS starts new accounts with a low quota and raises it on request.",
        ask_for=ask_for,
    )


def against_use(account: Account, quota: Quota, used: int, *, takes: int) -> Finding:
    """The quota against what is `used` and what the cluster takes. Warns when that is too much."""
    return judged_against_use(read(account, quota), used, takes=takes)


def judged_against_use(held: Held, used: int, *, takes: int) -> Finding:
    quota = held.quota
    left = max((held.value or 0) - used, 0)
    takes_words = f"{takes} {quota.unit if takes == 1 else quota.units}"
    return judged(
        held,
        saw=f"{held.value} {quota.units} allowed {held.place}, {used or 'none'} in use",
        needed=f"Room for {takes_words}: the cluster takes {'it' if takes == 1 else 'them'}",
        at_least=used + takes,
        short=Status.WARNING,
        cause=f"The cluster takes {takes_words}, and {left or 'none'} "
        f"{'is' if left < 2 else 'are'} left.",
        ask_for=used + takes,
        or_else=f"Release {quota.units} that nothing uses any more, or ask AWS for more.",
    )


def judged(
    held: Held,
    *,
    saw: str,
    needed: str,
    at_least: int,
    short: Status,
    cause: str,
    ask_for: int,
    or_else: str = "",
) -> Finding:
    """The finding for a quota that should be `at_least` so much; `short` is its status if not."""
    if held.value is None:
        return _not_listed(held, needed)
    if held.value >= at_least:
        return Finding(Status.PASSED, saw=saw, needed=needed)
    if held.asked and held.asked.desired >= at_least:
        return _with_aws(held, held.asked, saw, needed)
    if held.asked:
        saw = f"{saw}; an increase to {held.asked.desired} is with AWS and would not be enough"
    fix = increase(held, ask_for, or_else)
    return Finding(short, saw, needed, cause, Turn.CUSTOMER, fix)


def increase(held: Held, ask_for: int, or_else: str = "") -> Fix:
    """How to have AWS raise the quota to `ask_for`; by one click when nothing is asked already."""
    quota, region = held.quota, held.region
    data = {"service": quota.service, "code": quota.code, "desired": ask_for}
    offer = Offer(OfferKind.ASK_QUOTA, f"Ask AWS for {ask_for}", data)
    steps = (
        f"Open the quota “{quota.name}” in Service Quotas, in the Region {region}.",
        f"Choose Request increase at account level and enter {ask_for}.",
        "AWS answers in minutes, or in a few days if a person has to look. "
        "Then ask us to check again.",
    )
    return Fix(
        steps=(or_else, *steps) if or_else else steps,
        command=(
            f"aws service-quotas request-service-quota-increase --service-code {quota.service}"
            f" --quota-code {quota.code} --desired-value {ask_for} --region {region}"
        ),
        link=console.quota(region, quota.code, quota.service),
        link_label=f"Open the quota in {region}",
        offer=None if held.asked else offer,
    )


def look_up(quota: Quota, region: str) -> Fix:
    """Where a person sees the quota."""
    return Fix(
        command=(
            f"aws service-quotas get-service-quota --service-code {quota.service}"
            f" --quota-code {quota.code} --region {region}"
        ),
        link=console.quota(region, quota.code, quota.service),
        link_label=f"Open the quota in {region}",
    )


def _not_listed(held: Held, needed: str) -> Finding:
    where = look_up(held.quota, held.region)
    return Finding(
        Status.COULD_NOT_CHECK,
        saw=f"AWS lists no quota {held.quota.code} in {held.region}.",
        needed=needed,
        turn=Turn.CUSTOMER,
        fix=Fix(
            ("Look the quota up in the console.",), where.command, where.link, where.link_label
        ),
    )


def _with_aws(held: Held, asked: QuotaRequest, saw: str, needed: str) -> Finding:
    case = f" (case {asked.case_id})" if asked.case_id else ""
    return Finding(
        Status.WAITING,
        saw=f"{saw}; an increase to {asked.desired} has been asked of AWS{case}",
        needed=needed,
        cause="AWS has not decided on the request yet.",
        turn=Turn.AWS,
        fix=Fix(
            ("You need do nothing until AWS answers.",),
            link=console.quota(held.region, held.quota.code, held.quota.service),
            link_label=f"Open the quota in {held.region}",
            # Taken up, the portal watches the request whoever made it.
            offer=Offer(
                OfferKind.ASK_QUOTA,
                "Watch the request",
                {"service": held.quota.service, "code": held.quota.code, "desired": asked.desired},
            ),
        ),
    )

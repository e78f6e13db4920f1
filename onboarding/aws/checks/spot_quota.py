"""The Spot vCPU quota in the Region of the cluster against what Astro needs at least."""

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.quota_findings import against_minimum, look_up
from onboarding.aws.quotas import SPOT
from onboarding.facts import MINIMUM_VCPU_QUOTA


def run(account: Account, wish: Wish) -> Finding:
    return against_minimum(account, SPOT, ask_for=MINIMUM_VCPU_QUOTA)


CHECK = Check(
    code="spot_quota",
    title="Spot vCPU quota",
    blocking=True,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=lambda wish: look_up(SPOT, wish.region),
)

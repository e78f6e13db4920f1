"""A VPC is left for the cluster. The default VPC counts too."""

from onboarding.aws import standing
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.quota_findings import judged_against_use, look_up, read
from onboarding.aws.quotas import VPCS
from onboarding.aws.together import at_once

TAKES = 1


def run(account: Account, wish: Wish) -> Finding:
    held, vpcs = at_once(lambda: read(account, VPCS), lambda: standing.vpcs(account))
    return judged_against_use(held, len(vpcs), takes=TAKES)


CHECK = Check(
    code="vpc_quota",
    title="VPCs",
    blocking=False,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=lambda wish: look_up(VPCS, wish.region),
)

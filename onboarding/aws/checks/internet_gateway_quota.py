"""An internet gateway is left for the cluster."""

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.quota_findings import judged_against_use, look_up, read
from onboarding.aws.quotas import INTERNET_GATEWAYS
from onboarding.aws.together import at_once

TAKES = 1


def run(account: Account, wish: Wish) -> Finding:
    held, gateways = at_once(
        lambda: read(account, INTERNET_GATEWAYS),
        lambda: account.ask_all("ec2", "describe_internet_gateways", "InternetGateways"),
    )
    return judged_against_use(held, len(gateways), takes=TAKES)


CHECK = Check(
    code="internet_gateway_quota",
    title="Internet gateways",
    blocking=False,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=lambda wish: look_up(INTERNET_GATEWAYS, wish.region),
)

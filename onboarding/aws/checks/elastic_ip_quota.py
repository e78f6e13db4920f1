"""Two Elastic IP addresses are left for the cluster: one for each of its NAT gateways."""

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.quota_findings import judged_against_use, look_up, read
from onboarding.aws.quotas import ELASTIC_IPS
from onboarding.aws.together import at_once

TAKES = 2


def run(account: Account, wish: Wish) -> Finding:
    held, addresses = at_once(
        lambda: read(account, ELASTIC_IPS),
        lambda: account.ask("ec2", "describe_addresses")["Addresses"],
    )
    return judged_against_use(held, len(addresses), takes=TAKES)


CHECK = Check(
    code="elastic_ip_quota",
    title="Elastic IP addresses",
    blocking=False,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=lambda wish: look_up(ELASTIC_IPS, wish.region),
)

"""A NAT gateway is left for the cluster in each of two Availability Zones: it takes one in each."""

from collections import Counter

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Status, Wish
from onboarding.aws.quota_findings import judged, look_up, read
from onboarding.aws.quotas import NAT_GATEWAYS
from onboarding.aws.together import at_once
from onboarding.aws.zones import zones_with

ZONES = 2
# VPC User Guide, "Amazon VPC quotas": a gateway counts in these states.
COUNTS = ["pending", "available", "deleting"]


def run(account: Account, wish: Wish) -> Finding:
    held, used, zones = at_once(
        lambda: read(account, NAT_GATEWAYS),
        lambda: _in_use(account),
        lambda: zones_with(account, wish.node_type),
    )
    # The cluster settles where most is left: what counts is the second emptiest of its zones.
    emptiest = sorted(used[zone] for zone in zones or used)[:ZONES]
    fullest = emptiest[-1] if emptiest else 0
    in_use = ", ".join(f"{number} in {zone}" for zone, number in sorted(used.items()))
    return judged(
        held,
        saw=f"{held.value} NAT gateways allowed in each Availability Zone of {account.region}, "
        f"{in_use or 'none'} in use",
        needed=f"Room for one in each of {ZONES} Availability Zones",
        at_least=fullest + 1,
        short=Status.WARNING,
        cause="The cluster takes one NAT gateway in each of two Availability Zones.",
        ask_for=fullest + 1,
        or_else="Delete NAT gateways that nothing uses any more, or ask AWS for more.",
    )


def _in_use(account: Account) -> Counter[str]:
    """NAT gateways by Availability Zone, which their subnets tell."""
    gateways = account.ask_all(
        "ec2",
        "describe_nat_gateways",
        "NatGateways",
        Filters=[{"Name": "state", "Values": COUNTS}],
    )
    if not gateways:
        return Counter()
    subnets = account.ask_all("ec2", "describe_subnets", "Subnets")
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in subnets}
    return Counter(
        zones[gateway["SubnetId"]] for gateway in gateways if gateway.get("SubnetId") in zones
    )


CHECK = Check(
    code="nat_gateway_quota",
    title="NAT gateways",
    blocking=False,
    relies_on=("aws_account_id", "region", "node_type"),
    run=run,
    look_up=lambda wish: look_up(NAT_GATEWAYS, wish.region),
)

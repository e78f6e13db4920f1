"""EC2 offers the node type in two Availability Zones of the Region: a cluster spans two."""

import re

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish

ZONES_NEEDED = 2


def run(account: Account, wish: Wish) -> Finding:
    zones = _zones(account, wish.node_type)
    needed = f"{wish.node_type} in {ZONES_NEEDED} Availability Zones of {account.region}"
    where = ", ".join(zones)
    if len(zones) >= ZONES_NEEDED:
        saw = f"{wish.node_type} is offered in {len(zones)} Availability Zones: {where}."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    return Finding(
        Status.FAILED,
        saw=f"{wish.node_type} is offered only in {where}."
        if zones
        else f"{wish.node_type} is not offered in {account.region}.",
        needed=needed,
        cause="AWS does not have this instance type everywhere.",
        turn=Turn.CUSTOMER,
        fix=_choose_another(wish.node_type, account.region),
    )


def _zones(account: Account, node_type: str) -> list[str]:
    offerings = account.ask_all(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": [node_type]}],
    )
    # Local and Wavelength Zones have longer names (us-east-1-bos-1a) and hold no EKS nodes of ours.
    zone = re.compile(re.escape(account.region) + "[a-z]")
    return sorted(item["Location"] for item in offerings if zone.fullmatch(item["Location"]))


def _choose_another(node_type: str, region: str) -> Fix:
    return Fix(
        steps=(
            "Go back to the step Cluster.",
            f"Choose another node type, or a Region that offers {node_type}.",
            "The command lists where AWS offers it in this Region.",
        ),
        command=(
            "aws ec2 describe-instance-type-offerings --location-type availability-zone"
            f" --filters Name=instance-type,Values={node_type}"
            f" --query 'InstanceTypeOfferings[].Location' --output text --region {region}"
        ),
        link=console.instance_types(region),
        link_label=f"Instance types in {region}",
    )


CHECK = Check(
    code="node_type_offered",
    title="Node type offered",
    blocking=True,
    relies_on=("aws_account_id", "region", "node_type"),
    run=run,
)

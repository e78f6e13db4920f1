"""EC2 offers the node type in two Availability Zones of the Region: a cluster spans two."""

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.aws.zones import zones_with

ZONES_NEEDED = 2


def run(account: Account, wish: Wish) -> Finding:
    zones = zones_with(account, wish.node_type)
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
        fix=_choose_another(wish),
    )


def _choose_another(wish: Wish) -> Fix:
    where = _look_up(wish)
    return Fix(
        steps=(
            "Go back to the step Cluster.",
            f"Choose another node type, or a Region that offers {wish.node_type}.",
            "The command lists where AWS offers it in this Region.",
        ),
        command=where.command,
        link=where.link,
        link_label=where.link_label,
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=(
            "aws ec2 describe-instance-type-offerings --location-type availability-zone"
            f" --filters Name=instance-type,Values={wish.node_type}"
            f" --query 'InstanceTypeOfferings[].Location' --output text --region {wish.region}"
        ),
        link=console.instance_types(wish.region),
        link_label=f"Instance types in {wish.region}",
    )


CHECK = Check(
    code="node_type_offered",
    title="Node type offered",
    blocking=True,
    relies_on=("aws_account_id", "region", "node_type"),
    run=run,
    subject="{node_type} is offered in {region}",
    look_up=_look_up,
)

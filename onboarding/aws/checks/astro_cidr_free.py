"""The Astro CIDR overlaps no VPC of the account in the Region and no VPC to be peered."""

from collections.abc import Iterator

from onboarding.aws import console, standing
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Offer, OfferKind, Status, Turn, Wish
from onboarding.facts import networks

IN_USE = frozenset({"associating", "associated"})


def run(account: Account, wish: Wish) -> Finding:
    astro = wish.astro_cidr
    if not astro:
        return Finding(Status.PASSED, saw="No Astro CIDR is given, so there is nothing to compare.")
    ranges = [*_of_account(account), *_of_peers(wish)]
    overlaps = [f"{name} ({block})" for name, block in ranges if networks.overlaps(block, astro)]
    needed = f"{astro} used by no VPC in {account.region} and by no VPC you want to peer"
    if not overlaps:
        saw = f"{astro} is free. It overlaps none of the ranges in use ({len(ranges)})."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    return Finding(
        Status.FAILED,
        saw=f"{astro} overlaps " + ", ".join(overlaps) + ".",
        needed=needed,
        cause="Traffic between two VPCs needs ranges that do not overlap.",
        turn=Turn.CUSTOMER,
        fix=_another(wish, [block for _, block in ranges]),
    )


def _of_account(account: Account) -> Iterator[tuple[str, str]]:
    """Every range of every VPC of the Region, the default VPC and secondary ranges included."""
    for vpc in standing.vpcs(account):
        for item in vpc.get("CidrBlockAssociationSet", ()):
            if item.get("CidrBlockState", {}).get("State", "associated") in IN_USE:
                yield standing.vpc_name(vpc), item["CidrBlock"]


def _of_peers(wish: Wish) -> Iterator[tuple[str, str]]:
    for peer in wish.peers:
        for cidr in peer.cidrs:
            yield f"{peer.vpc} in account {peer.account_id}", cidr


def _another(wish: Wish, taken: list[str]) -> Fix:
    prefix = int(wish.astro_cidr.partition("/")[2])
    free = networks.suggest_free(taken, prefix)
    suggestion = f" {free} is free of all we can see." if free else ""
    where = _look_up(wish)
    return Fix(
        steps=(
            f"Go back to the step Network and choose another Astro CIDR.{suggestion}",
            "Or remove the VPC that overlaps, if nothing uses it.",
        ),
        command=where.command,
        link=where.link,
        link_label=where.link_label,
        offer=Offer(OfferKind.ANSWER, f"Use {free}", {"field": "astro_cidr", "value": free})
        if free
        else None,
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=(
            "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,CidrBlockAssociationSet[].CidrBlock]'"
            f" --output json --region {wish.region}"
        ),
        link=console.vpcs(wish.region),
        link_label=f"Your VPCs in {wish.region}",
    )


CHECK = Check(
    code="astro_cidr_free",
    title="Astro CIDR free",
    blocking=True,
    relies_on=("aws_account_id", "region", "astro_cidr", "peers"),
    run=run,
    subject="{astro_cidr} is free",
    look_up=_look_up,
)

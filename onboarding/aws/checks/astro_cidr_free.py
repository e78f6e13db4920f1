"""The Astro CIDR overlaps no VPC of the account in the Region and no VPC to be peered."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish

PRIVATE = tuple(map(IPv4Network, ("172.16.0.0/12", "10.0.0.0/8", "192.168.0.0/16")))
# Ranges EKS takes for services and Docker for its bridge.
TAKEN_BY_NODES = tuple(map(IPv4Network, ("172.17.0.0/16", "172.20.0.0/16", "10.100.0.0/16")))
IN_USE = frozenset({"associating", "associated"})


def run(account: Account, wish: Wish) -> Finding:
    if not wish.astro_cidr:
        return Finding(Status.PASSED, saw="No Astro CIDR is given, so there is nothing to compare.")
    astro = IPv4Network(wish.astro_cidr)
    ranges = [*_of_account(account), *_of_peers(wish)]
    overlaps = [f"{name} ({block})" for name, block in ranges if block.overlaps(astro)]
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
        fix=_another(account.region, astro, [block for _, block in ranges]),
    )


def _of_account(account: Account) -> Iterator[tuple[str, IPv4Network]]:
    """Every range of every VPC of the Region, the default VPC and secondary ranges included."""
    for vpc in account.ask_all("ec2", "describe_vpcs", "Vpcs"):
        for item in vpc.get("CidrBlockAssociationSet", ()):
            if item.get("CidrBlockState", {}).get("State", "associated") in IN_USE:
                yield _name(vpc), IPv4Network(item["CidrBlock"])


def _name(vpc: dict[str, Any]) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in vpc.get("Tags", ())}
    kind = "the default VPC " if vpc.get("IsDefault") else ""
    named = f" “{tags['Name']}”" if tags.get("Name") else ""
    return f"{kind}{vpc['VpcId']}{named}"


def _of_peers(wish: Wish) -> Iterator[tuple[str, IPv4Network]]:
    for peer in wish.peers:
        for cidr in peer.cidrs:
            yield f"{peer.vpc} in account {peer.account_id}", IPv4Network(cidr, strict=False)


def _free(prefix: int, taken: list[IPv4Network]) -> IPv4Network | None:
    """The first private block of that size that nothing known to us uses."""
    avoided = [*taken, *TAKEN_BY_NODES]
    blocks = (block for space in PRIVATE for block in space.subnets(new_prefix=prefix))
    return next(
        (block for block in blocks if not any(block.overlaps(other) for other in avoided)), None
    )


def _another(region: str, astro: IPv4Network, taken: list[IPv4Network]) -> Fix:
    free = _free(astro.prefixlen, taken)
    suggestion = f" {free} is free of all we can see." if free else ""
    return Fix(
        steps=(
            f"Go back to the step Network and choose another Astro CIDR.{suggestion}",
            "Or remove the VPC that overlaps, if nothing uses it.",
        ),
        command=(
            "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,CidrBlockAssociationSet[].CidrBlock]'"
            f" --output json --region {region}"
        ),
        link=console.vpcs(region),
        link_label=f"Your VPCs in {region}",
    )


CHECK = Check(
    code="astro_cidr_free",
    title="Astro CIDR free",
    blocking=True,
    relies_on=("aws_account_id", "region", "astro_cidr", "peers"),
    run=run,
)

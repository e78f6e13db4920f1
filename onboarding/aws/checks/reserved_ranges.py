"""No range means something else on a node: not the Astro CIDR, and none of the VPCs to be peered.

EKS takes addresses for Kubernetes services, Docker for its bridge. The answers alone tell.
"""

from collections.abc import Iterator

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.facts import networks


def run(account: Account, wish: Wish) -> Finding:
    if not wish.astro_cidr:
        return Finding(Status.PASSED, saw="No Astro CIDR is given, so there is nothing to compare.")
    services = networks.service_range(wish.astro_cidr)
    needed = f"No range of yours in {networks.DOCKER} or {services}"
    met = list(_met(wish, services))
    if not met:
        saw = f"Services get their addresses from {services}. Nothing of yours is there."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    return Finding(
        Status.WARNING,
        saw=" ".join(met),
        needed=needed,
        cause="From inside the cluster, such an address leads elsewhere than to your network.",
        turn=Turn.CUSTOMER,
        fix=_fix(wish, services),
    )


def _met(wish: Wish, services: str) -> Iterator[str]:
    if networks.overlaps(wish.astro_cidr, networks.DOCKER):
        yield f"The Astro CIDR {wish.astro_cidr} overlaps {networks.DOCKER}, which Docker uses."
    for peer in wish.peers:
        for block in peer.cidrs:
            if networks.overlaps(block, networks.DOCKER):
                yield f"{block} of {peer.vpc} overlaps {networks.DOCKER}, which Docker uses."
            if networks.overlaps(block, services):
                yield f"{block} of {peer.vpc} overlaps {services}, where Kubernetes services are."


def _fix(wish: Wish, services: str) -> Fix:
    """Another Astro CIDR helps where it lies badly, or where it moves the range of services."""
    blocks = _of_peers(wish)
    steps = []
    helps = any(
        networks.overlaps(*pair)
        for pair in [(wish.astro_cidr, networks.DOCKER), *((block, services) for block in blocks)]
    )
    if helps and (another := _another(blocks)):
        steps.append(
            f"In the step Network, choose an Astro CIDR such as {another}: "
            f"services then get their addresses from {networks.service_range(another)}."
        )
    steps.append(
        "If nothing has to be reached at these addresses, go on as it is: this stops nothing."
    )
    where = _look_up(wish)
    return Fix(tuple(steps), where.command, where.link, where.link_label)


def _of_peers(wish: Wish) -> list[str]:
    return [block for peer in wish.peers for block in peer.cidrs]


def _another(peers: list[str]) -> str | None:
    """A block free of the peers, whose cluster has its services where no peer is."""
    by_pool: tuple[list[str], ...] = ([], ["10.0.0.0/8"], ["172.16.0.0/12", "192.168.0.0/16"])
    for left_out in by_pool:
        found = networks.suggest_free([*peers, *left_out])
        services = networks.service_range(found) if found else ""
        if found and not any(networks.overlaps(block, services) for block in peers):
            return found
    return None


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command="aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,CidrBlockAssociationSet[].CidrBlock]'"
        f" --output json --region {wish.region}",
        link=console.vpcs(wish.region),
        link_label=f"Your VPCs in {wish.region}",
    )


CHECK = Check(
    code="reserved_ranges",
    title="Ranges of Kubernetes and Docker",
    blocking=False,
    relies_on=("region", "astro_cidr", "peers"),
    run=run,
    subject="No range is taken by Kubernetes or Docker",
    look_up=_look_up,
)

"""Address ranges a customer types: CIDR blocks, DNS servers, and what may not overlap."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network

from onboarding.facts.text import trimmed

PRIVATE = tuple(IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918. `is_private` of the standard library means more than that."""

ASTRO_PREFIXES = range(16, 20)
"""AWS allows a VPC /16 to /28 (VPC User Guide, "VPC CIDR blocks"); Astro needs a /19 at least."""
PEER_PREFIXES = range(16, 29)
MOST_CIDRS = 50
MOST_DNS_SERVERS = 4
"""As many as a DHCP option set takes (EC2 API, CreateDhcpOptions)."""

DOCKER = "172.17.0.0/16"
SERVICE_RANGES = ("10.100.0.0/16", "172.20.0.0/16")
"""EKS gives Kubernetes services one of these when none is asked for (EKS API, CreateCluster)."""
DEFAULT_VPCS = "172.31.0.0/16"
"""Every default VPC has this range (VPC User Guide, "Default VPCs")."""

_CGNAT = IPv4Network("100.64.0.0/10")
_UNUSABLE = tuple(
    IPv4Network(each)
    for each in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")
)
_OCTETS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"


def cidr(typed: str, prefixes: range = PEER_PREFIXES) -> str:
    """One block in canonical text, inside RFC 1918, with a prefix length in `prefixes`."""
    text = trimmed(typed)
    sizes = f"/{prefixes.start} to /{prefixes.stop - 1}"
    if not text:
        raise ValueError("Type a CIDR block, such as 10.60.0.0/19.")
    match = re.fullmatch(rf"({_OCTETS})/([0-9]|[1-9][0-9])", text)
    if not match:
        raise ValueError(
            f"{_shown(text)} is not a CIDR block. Type four numbers and a size, such as "
            "10.60.0.0/19."
        )
    address, length = _ipv4(match[1]), int(match[2])
    if length > 32:
        raise ValueError(f"/{length} is not a size. Use {sizes}.")
    network = IPv4Network((address, length), strict=False)
    if length not in prefixes:
        which = "small" if length > prefixes.start else "large"
        raise ValueError(f"A /{length} is too {which}. Use {sizes}.")
    if not any(network.subnet_of(each) for each in PRIVATE):
        raise ValueError(
            f"{_shown(text)} is not a private range. Use one inside 10.0.0.0/8, 172.16.0.0/12 or "
            "192.168.0.0/16."
        )
    if network.network_address != address:
        raise ValueError(f"{text} does not begin where its block begins: that is {network}.")
    return text


def astro_cidr(typed: str) -> str:
    """The block of the Astro VPC: /16 to /19."""
    return cidr(typed, ASTRO_PREFIXES)


def cidr_list(typed: str) -> tuple[str, ...]:
    """Blocks with commas or line ends between; a comma at the end is forgiven. 50 at most.

    Each is /16 to /28 (what a VPC may have), and none may overlap another.
    """
    found = tuple(cidr(each) for each in _items(typed, "CIDR block", MOST_CIDRS))
    for one, other in clashes(found):
        raise ValueError(_clash(found[one], found[other]))
    return found


def dns_servers(typed: str) -> tuple[str, ...]:
    """One to four different IPv4 addresses that a server can have."""
    found = tuple(
        _server(each) for each in _items(typed, "address of a DNS server", MOST_DNS_SERVERS)
    )
    if len(set(found)) < len(found):
        twice = next(each for each in found if found.count(each) > 1)
        raise ValueError(f"{twice} is listed twice. List each server once.")
    return found


def dns_warnings(servers: Iterable[str], peers: Iterable[str]) -> list[str]:
    """What is odd about these servers, given the CIDR blocks of the peer VPCs.

    The resolver at a VPC's base plus two answers that VPC alone, not over a peering connection
    (VPC User Guide, "DNS attributes for your VPC").
    """
    resolvers = {str(IPv4Network(each).network_address + 2) for each in peers}
    warnings = []
    for server in servers:
        if not any(IPv4Address(server) in each for each in PRIVATE):
            warnings.append(
                f"{server} is not a private address. The cluster reaches it over the internet, "
                "not over the peering connection."
            )
        elif server in resolvers:
            warnings.append(
                f"{server} looks like a VPC’s own resolver. That does not answer over peering: "
                "give a server of your own, or an inbound endpoint of Route 53 Resolver."
            )
    return warnings


def overlaps(one: str, other: str) -> bool:
    return IPv4Network(one).overlaps(IPv4Network(other))


def clashes(blocks: Sequence[str]) -> list[tuple[int, int]]:
    """Places of blocks that overlap, as (earlier, later); every block that does is in a pair.

    Goes through the blocks once, in the order of their addresses.
    """
    spans = sorted((*_span(block), place) for place, block in enumerate(blocks))
    pairs, reach, holder = [], -1, -1
    for first, last, place in spans:
        if first <= reach:
            pairs.append((min(holder, place), max(holder, place)))
        if last > reach:
            reach, holder = last, place
    return sorted(pairs)


def service_range(astro: str) -> str:
    """Where Kubernetes services get their addresses, when the Astro VPC has this block.

    EKS takes 172.20.0.0/16 for a VPC inside 10.0.0.0/8, else 10.100.0.0/16
    (amazon-eks-ami, bootstrap.sh).
    """
    return SERVICE_RANGES[1] if overlaps(astro, "10.0.0.0/8") else SERVICE_RANGES[0]


def reserved_warning(block: str, services: str | None = None) -> str | None:
    """A sentence when the block has addresses that mean something else on a node, else None.

    `services` is the cluster's service range, given for a peer's block.
    """
    if overlaps(block, DOCKER):
        return (
            f"{DOCKER} is used by Docker on many machines. Addresses in it may not be reached; "
            "choose another block if you can."
        )
    if services and overlaps(block, services):
        return (
            f"{block} lies in {services}, which this cluster uses for its Kubernetes services. "
            "What has an address there cannot be reached from Airflow."
        )
    return None


def suggest_free(taken: Iterable[str], prefix: int = 19) -> str | None:
    """A private block of that size that overlaps none of `taken`, or None when there is none.

    Ranges that often mean something else (default VPCs, Docker, EKS services) are left out.
    """
    size = 2 ** (32 - prefix)
    avoided = (DEFAULT_VPCS, DOCKER, *SERVICE_RANGES)
    busy = sorted(_span(block) for block in (*taken, *avoided))
    for pool in (PRIVATE[1], PRIVATE[0], PRIVATE[2]):
        start, end = _span(str(pool))
        for first, last in busy:
            if first >= start + size:
                break
            if last >= start:
                start = -(-(last + 1) // size) * size
        if start + size - 1 <= end:
            return f"{IPv4Address(start)}/{prefix}"
    return None


def described(block: str) -> str:
    """`172.20.0.0/19` → "8,192 addresses, 172.20.0.0 to 172.20.31.255"."""
    network = IPv4Network(block)
    return f"{network.num_addresses:,} addresses, {network[0]} to {network[-1]}"


def _span(block: str) -> tuple[int, int]:
    network = IPv4Network(block)
    return int(network.network_address), int(network.broadcast_address)


def _clash(one: str, other: str) -> str:
    return f"{one} is listed twice." if one == other else f"{one} and {other} overlap."


def _shown(text: str) -> str:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return f"“{shown}”" if text.isprintable() else "This"


def _items(typed: str, what: str, most: int) -> list[str]:
    text = trimmed(typed)
    if not text:
        raise ValueError(f"Type at least one {what}.")
    # Line by line, so that a comma at the end of any line is forgiven, and a blank line too.
    lines = (trimmed(line).removesuffix(",") for line in text.split("\n"))
    items = [trimmed(item) for line in lines if line for item in line.split(",")]
    if not items or not all(items):
        raise ValueError("There is a comma with nothing before it. Take it out.")
    if len(items) > most:
        raise ValueError(f"Give at most {most} here. There are {len(items)}.")
    return items


def _ipv4(text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except ValueError:
        raise ValueError(
            f"{_shown(text)} is not an IPv4 address: four numbers from 0 to 255, without leading "
            "zeros."
        ) from None


def _server(text: str) -> str:
    if not re.fullmatch(_OCTETS, text):
        raise ValueError(
            f"{_shown(text)} is not an IPv4 address. Type four numbers, such as 10.0.0.53, with "
            "commas between several servers."
        )
    address = _ipv4(text)
    if any(address in each for each in _UNUSABLE):
        raise ValueError(f"{text} cannot be the address of a DNS server.")
    return text

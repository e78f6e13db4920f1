"""The facts of a built cluster, as support types them in. Judged as everything that is typed."""

import re
from ipaddress import IPv4Address

from onboarding.facts.text import trimmed

MOST_IPS = 20


def cluster_id(typed: str) -> str:
    """Astro's own ID of a cluster: 2 to 40 letters, digits and hyphens. Raises `ValueError`."""
    text = trimmed(typed)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{1,39}", text, re.ASCII):
        raise ValueError("A cluster ID has 2 to 40 letters, digits and hyphens.")
    return text


def vpc_id(typed: str) -> str:
    """`vpc-` and 8 or 17 hexadecimal digits. Raises `ValueError`."""
    return _resource("vpc", typed)


def connection_id(typed: str) -> str:
    """`pcx-` and 8 or 17 hexadecimal digits. Raises `ValueError`."""
    return _resource("pcx", typed)


def _resource(kind: str, typed: str) -> str:
    text = trimmed(typed)
    if not re.fullmatch(rf"{kind}-([0-9a-f]{{8}}|[0-9a-f]{{17}})", text, re.ASCII):
        raise ValueError(f"Type {kind}- and 8 or 17 digits, each 0 to 9 or a to f.")
    return text


def external_ips(typed: str) -> str:
    """Public IPv4 addresses, each once, stored with commas between. Raises `ValueError`."""
    parts = [part for part in re.split(r"[,\s]+", trimmed(typed), flags=re.ASCII) if part]
    found: list[str] = []
    for part in parts:
        try:
            address = IPv4Address(part)
        except ValueError:
            raise ValueError(f"“{part[:40]}” is not an IPv4 address.") from None
        if not address.is_global:
            raise ValueError(f"{address} is not an address of the public internet.")
        if str(address) in found:
            raise ValueError(f"{address} stands there twice.")
        found.append(str(address))
    if len(found) > MOST_IPS:
        raise ValueError(f"Type at most {MOST_IPS} addresses.")
    return ",".join(found)

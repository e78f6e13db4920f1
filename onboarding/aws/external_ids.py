"""The only values the portal ever sends to STS as an external ID."""

import base64
import re
import secrets


def guarded_external_id(value: str) -> str:
    """`value`, if it has the shape the portal makes. Nothing else is ever sent to STS."""
    if re.fullmatch(r"astro-[a-z2-7]{32}", value) is None:
        raise ValueError("an external ID must be astro- and 32 characters of base32")
    return value


def random_external_id() -> str:
    """A value of the right shape that opens no role: 160 bits by chance."""
    return "astro-" + base64.b32encode(secrets.token_bytes(20)).decode().lower()

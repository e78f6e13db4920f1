"""The Regions a VPC to peer with may be in: every one of AWS's commercial partition."""

import json
from functools import cache
from importlib.resources import files


@cache
def peer_regions() -> dict[str, str]:
    """Names by code. Astro runs in fewer; a peering connection may cross Regions."""
    rows = json.loads((files(__package__) / "data" / "peer_regions.json").read_text("utf-8"))
    return {row["code"]: row["name"] for row in rows}

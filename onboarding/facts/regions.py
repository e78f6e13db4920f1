"""The AWS Regions Astro runs in."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Region:
    code: str
    name: str
    opt_in: bool
    """AWS keeps it off until the account enables it (`account:EnableRegion`)."""
    worker_types_not_offered: frozenset[str]

    @property
    def label(self) -> str:
        return f"{self.name} · {self.code}"


@cache
def regions() -> dict[str, Region]:
    """All Regions by code, in the order of the code."""
    rows = json.loads((files(__package__) / "data" / "regions.json").read_text())
    found = [
        Region(
            row["code"],
            row["name"],
            row["opt_in"],
            frozenset(row["worker_types_not_offered"]),
        )
        for row in rows
    ]
    return {region.code: region for region in sorted(found, key=lambda region: region.code)}

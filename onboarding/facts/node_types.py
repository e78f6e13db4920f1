"""The EC2 instance types Astro offers for worker nodes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class NodeType:
    name: str
    family: str
    vcpu: int
    memory_gib: int
    nvme_gb: int
    production_recommended: bool

    @property
    def label(self) -> str:
        disk = f", {self.nvme_gb} GB NVMe" if self.nvme_gb else ""
        return f"{self.name} · {self.vcpu} vCPU, {self.memory_gib} GiB{disk}"


@cache
def node_types() -> dict[str, NodeType]:
    """All node types by name, in the order of the guide."""
    rows = json.loads((files(__package__) / "data" / "node_types.json").read_text())
    return {row["name"]: NodeType(**row) for row in rows}

"""The address ranges of an answer, side by side: what takes which, and what does not go together."""

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.facts import networks


@dataclass(frozen=True)
class Range:
    owner: str
    block: str

    @property
    def description(self) -> str:
        return networks.described(self.block)


@dataclass(frozen=True)
class AddressPlan:
    astro: Range | None
    """None while no block is typed that could be used."""
    peers: Sequence[Range]

    @property
    def ranges(self) -> list[Range]:
        return [*([self.astro] if self.astro else []), *self.peers]

    @property
    def clashes(self) -> list[tuple[Range, Range]]:
        """The pairs of ranges that overlap."""
        ranges = self.ranges
        pairs = networks.clashes([each.block for each in ranges])
        return [(ranges[one], ranges[other]) for one, other in pairs]

    @property
    def suggestion(self) -> str | None:
        """A free block for the Astro VPC, when the one typed is taken or cannot be used."""
        taken = [each.block for each in self.peers]
        if self.astro and not any(networks.overlaps(self.astro.block, each) for each in taken):
            return None
        return networks.suggest_free(taken)

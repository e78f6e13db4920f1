"""Finding a permission, a limit or a denial by words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from onboarding.policy.document import Denial, Edition, Grant, Group, LeftOut

LONGEST = 100
"""Characters of a query that are looked at."""


@dataclass(frozen=True)
class Found:
    groups: tuple[Group, ...]
    """With those of their grants that were found; all of them if the service itself was."""
    denials: tuple[Denial, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def count(self) -> int:
        grants = sum(len(group.grants) for group in self.groups)
        return grants + len(self.denials) + len(self.left_out)


def find(edition: Edition, query: str) -> Found:
    """What has every word of `query` in it, in any letter case. No words find everything.

    A word may be an action that only a pattern allows: `ec2:DescribeVpcs` finds `ec2:Describe*`.
    """
    words = query[:LONGEST].lower().split()
    groups = (_narrowed(group, words) for group in edition.groups)
    return Found(
        tuple(group for group in groups if group),
        tuple(row for row in edition.denials if _has(words, [row.sentence], row.actions)),
        tuple(row for row in edition.left_out if _has(words, [row.sentence], row.actions)),
    )


def _narrowed(group: Group, words: list[str]) -> Group | None:
    about = [group.service, group.title, group.purpose]
    if _has(words, about, ()):
        return group
    grants = tuple(
        grant for grant in group.grants if _has(words, [*about, *_texts(grant)], grant.actions)
    )
    return replace(group, grants=grants) if grants else None


def _texts(grant: Grant) -> tuple[str, ...]:
    return grant.purpose, grant.limit, grant.policy


def _has(words: list[str], texts: Iterable[str], actions: Iterable[str]) -> bool:
    text = "\n".join([*texts, *actions]).lower()
    return all(word in text or _in_pattern(word, actions) for word in words)


def _in_pattern(word: str, actions: Iterable[str]) -> bool:
    """Whether `word` is an action that one of the patterns stands for."""
    starts = [action.lower().removesuffix("*") for action in actions if action.endswith("*")]
    if ":" not in word:
        starts = [start.partition(":")[2] for start in starts]
    return any(word.startswith(start) for start in starts)

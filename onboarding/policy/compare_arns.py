"""Patterns of ARNs: which lie within which.

AWS compares ARNs part by part: a `*` within a part does not reach over its colon, though one at the
very end does. Its own simulators compare the whole text. What is called contained here is so by
either reading. Source: IAM User Guide, "IAM JSON policy elements: Resource".
"""

from collections.abc import Sequence

from onboarding.policy.compare_globs import ANYTHING, Pattern, Token, Wild, contained

_COLON: Token = frozenset(":")
_PARTS = 6
"""arn, partition, service, Region, account, resource."""


def arn_contained(inner: Pattern, outers: Sequence[Pattern]) -> bool:
    """Whether all that `inner` names is named by one of `outers`. Raises TooComplex.

    The resources may be covered by several patterns together, everything before them by each.
    """
    if inner in outers or ANYTHING in outers:
        return True
    rests: dict[int, list[Pattern]] = {}
    for outer in outers:
        wanted = _split(outer, _PARTS)
        given = _split(inner, len(wanted))
        comparable = len(wanted) == _PARTS or _ends_open(wanted[-1])
        if comparable and len(given) == len(wanted) and _within(given[:-1], wanted[:-1]):
            rests.setdefault(len(wanted), []).append(wanted[-1])
    return any(contained(_split(inner, parts)[-1], rest) for parts, rest in rests.items())


def _within(given: Sequence[Pattern], wanted: Sequence[Pattern]) -> bool:
    return all(contained(one, [other]) for one, other in zip(given, wanted, strict=True))


def _ends_open(part: Pattern) -> bool:
    """Whether its only `*` is its last letter."""
    return bool(part) and part[-1] is Wild.STAR and Wild.STAR not in part[:-1]


def _split(whole: Pattern, most: int) -> list[Pattern]:
    parts: list[list[Token]] = [[]]
    for token in whole:
        if token == _COLON and len(parts) < most:
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]

"""Patterns of IAM (`*`, `?`): whether one holds all that another does, and whether they meet.

A `${variable}` may stand for anything: it holds nothing but itself, and meets everything.
"""

from functools import lru_cache

MANY = 50_000


@lru_cache(maxsize=MANY)
def covers_pattern(pattern: str, other: str) -> bool:
    """Whether `pattern` surely matches everything that the pattern `other` matches."""
    if pattern in ("*", other):
        return True
    if "${" in pattern or not set("*?") & set(pattern):
        return False
    # How much of `pattern` may have matched so far, one character of `other` at a time.
    reached = _past_stars(pattern, {0})
    for sign in other:
        reached = _past_stars(pattern, {_after(pattern, at, sign) for at in reached} - {-1})
    return len(pattern) in reached


def _after(pattern: str, at: int, sign: str) -> int:
    """Where `pattern` stands once `sign` is read at `at`; -1 where it does not match.

    A star of the other pattern is matched by a star alone.
    """
    if at == len(pattern):
        return -1
    if pattern[at] == "*":
        return at
    return at + 1 if sign != "*" and pattern[at] in ("?", sign) else -1


def _past_stars(pattern: str, places: set[int]) -> set[int]:
    """The places, and those behind the stars that stand there: a star may match nothing."""
    found = set(places)
    for place in places:
        while place < len(pattern) and pattern[place] == "*":
            place += 1
            found.add(place)
    return found


@lru_cache(maxsize=MANY)
def touch(one: str, other: str) -> bool:
    """Whether some text may match both patterns."""
    if "${" in one or "${" in other or "*" in (one, other):
        return True
    if not one or not other:
        return not one.strip("*") and not other.strip("*")
    if one[0] == "*":
        return touch(one[1:], other) or touch(one, other[1:])
    if other[0] == "*":
        return touch(other, one)
    return (one[0] in ("?", other[0]) or other[0] == "?") and touch(one[1:], other[1:])

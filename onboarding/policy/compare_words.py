"""A difference between two sets of policies, in words."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from onboarding.policy import actions
from onboarding.policy.compare_rules import Rule

_SHOWN = 3
"""Things named in a sentence before the rest is only counted."""


_CAPITALS = {word: word.upper() for word in ("acl", "api", "db", "dhcp", "id", "nat", "vpc")}
_UNCOUNTED = ("access", "data", "information", "status", "usage")


class Reason(Enum):
    NEW = "new"
    RESOURCES = "resources"
    CONDITIONS = "conditions"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Gap:
    """What one statement says and the other set does not."""

    rule: Rule
    actions: tuple[str, ...]
    """As AWS writes them, and patterns where it is about actions that AWS's list does not have."""
    reason: Reason
    why: str = ""
    """Why it cannot be decided."""


def sentence(gap: Gap, kind: str, purpose: str, *, bounded: bool) -> str:
    """What it means for a customer, such as "May now delete buckets (Amazon S3)."."""
    parts = [_opening(gap, kind, bounded=bounded) + _rest(gap) + "."]
    if gap.reason is Reason.UNCLEAR:
        parts.append(f"This is not certain: {gap.why}.")
    if purpose:
        parts.append(f"Purpose: {purpose}")
    return " ".join(parts)


def detail(gap: Gap, old: Sequence[Rule], new: Sequence[Rule]) -> str:
    """The actions in full, and the statements that speak of them, before and after."""
    lines = [f"Actions: {', '.join(gap.actions)}"] if gap.actions else []
    for title, rules in (("Before", old), ("After", new)):
        told = [_json(rule) for rule in rules if _concerns(rule, gap)]
        lines += [f"{title}:", *(told or ["(nothing)"])]
    return "\n".join(lines)


def phrase(action: str) -> str:
    """`s3:DeleteBucket` as "delete buckets"; a pattern or an unknown action as it is written."""
    if action.startswith("but "):
        return f"use every action {action}"
    if action.lower() not in actions.known():
        return f"use every action {action}" if _is_pattern(action) else f"use {action}"
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", action.partition(":")[2])
    shown = [word if len(word) > 1 and word.isupper() else word.lower() for word in words]
    shown = [_CAPITALS.get(word, word) for word in shown]
    return " ".join((*shown[:-1], _several(shown[-1])) if len(shown) > 1 else shown)


def _several(word: str) -> str:
    if word in _UNCOUNTED or (word.endswith("s") and not word.endswith("ss")):
        return word
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(ss|x|ch|sh)$", word) else f"{word}s"


def _opening(gap: Gap, kind: str, *, bounded: bool) -> str:
    gained = kind != "reduces"
    if gap.rule.effect == "Deny":
        text = "no longer forbidden to " if gained else "now forbidden to "
        return f"Roles that Astro makes are {text}" if bounded else f"Is {text}"
    text = "may now " if gained else "may no longer "
    return f"Roles that Astro makes {text}" if bounded else text.capitalize()


def _rest(gap: Gap) -> str:
    if not gap.actions:
        return "do what a statement says that cannot be compared"
    text = _things(list(_by_service(gap.actions)))
    if gap.reason is Reason.RESOURCES:
        text += ", on other resources than before"
    if gap.reason is Reason.CONDITIONS:
        text += ", under other conditions than before"
    return text + _where(gap.rule)


def _by_service(names: Sequence[str]) -> Iterator[str]:
    services: dict[str, list[str]] = {}
    for name in names:
        services.setdefault(name.partition(":")[0].lower(), []).append(name)
    for prefix, there in services.items():
        text = _things([phrase(name) for name in there])
        title = actions.services().get(prefix)
        yield f"{text} ({title})" if title else text


def _is_pattern(name: str) -> bool:
    return "*" in name or "?" in name


def _where(rule: Rule) -> str:
    listed = _listed(rule)
    text = ""
    if listed and listed != ["*"]:
        named = {_name(arn) for arn in listed}
        if len(named) == 1 and "" not in named and not rule.all_resources_but:
            text = f", only where the name begins with {named.pop()}"
        else:
            text = f", {'except ' if rule.all_resources_but else 'only '}on {_things(listed)}"
    return text + (", within the conditions of the statement" if rule.tests else "")


def _listed(rule: Rule) -> list[str]:
    value = rule.statement.get("NotResource" if rule.all_resources_but else "Resource", [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _name(arn: str) -> str:
    """What names begin with that match; empty if the ARN limits something else."""
    found = re.fullmatch(r"arn:[^:]*:[^:]*:[*]?:[*]?:([a-z-]+[:/])?([\w.-]+)\*(/\*)?", arn)
    return found[2] if found else ""


def _things(names: Sequence[str]) -> str:
    if len(names) <= _SHOWN + 1:
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"


def _concerns(rule: Rule, gap: Gap) -> bool:
    if rule.effect != gap.rule.effect:
        return False
    same = rule.canonical == gap.rule.canonical or (rule.sid != "" and rule.sid == gap.rule.sid)
    names = [name.lower() for name in gap.actions]
    return same or any(
        actions.matches(one, name) or actions.matches(name, one)
        for name in names
        for one in rule.actions
    )


def _json(rule: Rule) -> str:
    return json.dumps(rule.statement, indent=2, ensure_ascii=False)

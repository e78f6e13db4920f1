"""The statements of managed policies, read for comparison."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from onboarding.policy import actions
from onboarding.policy.compare_conditions import Test, tests
from onboarding.policy.compare_globs import Pattern, pattern, walk
from onboarding.policy.compare_values import Unclear
from onboarding.policy.document import ManagedPolicy

_ACTION = re.compile(r"\*|[a-z0-9*?-]+:[a-z0-9*?]+")
_EVERY_ACTION = pattern("?*:?*")
_ELEMENTS = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition",
}  # fmt: skip
_VERSION = "2012-10-17"


@dataclass(frozen=True)
class Rule:
    """One statement. `unclear` says why nothing but its equal covers it; empty where it is clear."""

    policy: str
    effect: str
    statement: Any = field(compare=False)
    canonical: str
    """The statement without its Sid, the order of its lists and the case of its actions."""
    actions: tuple[str, ...] = ()
    """Patterns in lower case."""
    all_actions_but: bool = False
    resources: tuple[Pattern, ...] = ()
    all_resources_but: bool = False
    tests: tuple[Test, ...] = ()
    unclear: str = ""

    def takes(self, matched: frozenset[str]) -> bool:
        """Whether it speaks of an action that exactly these of all the patterns match."""
        return matched.isdisjoint(self.actions) == self.all_actions_but

    def as_written(self, action: str) -> str:
        """The action or pattern in the case in which the statement has it."""
        written = self.statement.get("Action", [])
        names = [written] if isinstance(written, str) else written
        return next((name for name in names if name.lower() == action), action)

    @property
    def sid(self) -> str:
        return str(self.statement.get("Sid", "")) if isinstance(self.statement, Mapping) else ""


@dataclass(frozen=True)
class Class:
    """Actions that the same patterns match: one that AWS has, or all others of a pattern."""

    action: str
    """In lower case; of a pattern, one that would fall under it."""
    matched: frozenset[str]
    pattern: str = ""
    """What stands in the statement; empty where that is the action itself."""
    is_listed: bool = True
    """Whether it is an action of AWS's list, and not one that would fall under the pattern."""


def rules(policies: Sequence[ManagedPolicy]) -> list[Rule]:
    return [rule for policy in policies for rule in _rules(policy)]


def classes(rule: Rule, others: frozenset[str]) -> Iterator[Class]:
    """All actions of `rule`, sorted by which patterns of `others` match. Raises TooComplex.

    A pattern gives the actions of AWS's list that it matches, and what else it would match: an
    action that AWS adds tomorrow is matched by it too.
    """
    every = frozenset(others.union(rule.actions))
    if not rule.all_actions_but:
        for one in rule.actions:
            if _is_wild(one):
                yield from _of_pattern(one, rule, every)
            else:
                yield Class(one, _matching(one, every), is_listed=one in actions.known())
    else:
        yield from _of_pattern("*", rule, every)


def _of_pattern(one: str, rule: Rule, every: frozenset[str]) -> Iterator[Class]:
    shown = f"but {', '.join(rule.actions)}" if rule.all_actions_but else one
    found: set[frozenset[str]] = set()
    for action in actions.matching(one):
        matched = _matching(action, every)
        if rule.takes(matched):
            found.add(matched)
            yield Class(action, matched, shown)
    ordered = sorted(every)
    inner = _EVERY_ACTION if one == "*" else pattern(one)
    for indexes, example in walk(inner, [pattern(other) for other in ordered]):
        matched = frozenset(ordered[index] for index in indexes)
        if rule.takes(matched) and matched not in found:
            found.add(matched)
            yield Class(example, matched, shown, is_listed=False)


def _matching(action: str, every: frozenset[str]) -> frozenset[str]:
    wild = (one for one in every if _is_wild(one) and actions.matches(one, action))
    return every & {action} | frozenset(wild)


@cache
def _is_wild(one: str) -> bool:
    return "*" in one or "?" in one


def _rules(policy: ManagedPolicy) -> Iterator[Rule]:
    document = policy.document
    version = document.get("Version", "2008-10-17")
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list | tuple) else [statements]:
        effect = statement.get("Effect", "") if isinstance(statement, Mapping) else ""
        canonical = _canonical(statement, version)
        try:
            yield _read(policy.name, statement, version, canonical)
        except Unclear as error:
            yield Rule(policy.name, str(effect), statement, canonical, unclear=str(error))


def _read(policy: str, statement: Any, version: str, canonical: str) -> Rule:
    if not isinstance(statement, Mapping) or statement.get("Effect") not in ("Allow", "Deny"):
        raise Unclear("this statement neither allows nor denies")
    if version != _VERSION:
        raise Unclear(f"the policy's Version is not {_VERSION}, so variables mean something else")
    if unknown := sorted(set(statement) - _ELEMENTS):
        raise Unclear(f"the statement has the element {unknown[0]}")
    names, but_actions = _either(statement, "Action")
    places, but_resources = _either(statement, "Resource")
    return Rule(
        policy,
        statement["Effect"],
        statement,
        canonical,
        tuple(sorted({_action(name) for name in names})),
        but_actions,
        tuple(dict.fromkeys(pattern(place) for place in places)),
        but_resources,
        tests(statement.get("Condition", {})),
    )


def _either(statement: Mapping[str, Any], element: str) -> tuple[list[str], bool]:
    """What `element` lists, and whether it stands there as `NotAction` or `NotResource`."""
    there = [name for name in (element, f"Not{element}") if name in statement]
    if len(there) != 1:
        raise Unclear(f"the statement needs one of {element} and Not{element}")
    values = statement[there[0]]
    listed = list(values) if isinstance(values, list | tuple) else [values]
    if not all(isinstance(one, str) for one in listed):
        raise Unclear(f"the statement's {there[0]} is not text")
    return listed, there[0] != element


def _action(name: str) -> str:
    lowered = name.lower() if name.isascii() else name
    if not _ACTION.fullmatch(lowered):
        raise Unclear(f"“{name}” is not the name of an action")
    return lowered


def _canonical(statement: Any, version: str) -> str:
    if not isinstance(statement, Mapping):
        return json.dumps([version, statement], sort_keys=True)
    kept = {
        name: _sorted(value, lower=name in ("Action", "NotAction"))
        for name, value in statement.items()
        if name != "Sid"
    }
    return json.dumps([version, kept], sort_keys=True)


def _sorted(value: Any, *, lower: bool) -> Any:
    """Lists in order, one value like a list of one."""
    if isinstance(value, Mapping):
        return {key: _sorted(one, lower=lower) for key, one in value.items()}
    listed = list(value) if isinstance(value, list | tuple) else [value]
    if lower:
        listed = [one.lower() if isinstance(one, str) and one.isascii() else one for one in listed]
    return sorted(listed, key=lambda one: json.dumps(one, sort_keys=True))

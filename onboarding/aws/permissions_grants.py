"""Single grants of IAM policies, and whether one covers or touches another.

Sources: IAM User Guide, "IAM JSON policy elements" (Action and condition keys ignore letter case,
Resource does not; conditions are joined by AND, the values of one by OR) and "Policy variables".
What cannot be decided from the text alone is never taken as covered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onboarding.aws.permissions_patterns import covers_pattern, touch
from onboarding.aws.trust_text import parsed

ELEMENTS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
WIDENING = frozenset({"StringEquals", "StringLike", "ArnEquals", "ArnLike"})
"""Operators that let more in with every value added."""
UNDECIDED = frozenset({(("?", "?"), frozenset({"?"}))})
"""The tests of a condition that was not understood: equal to no other."""

Tests = frozenset[tuple[tuple[str, str], frozenset[str]]]
"""Operator and key with the values asked for, the key in lower case."""


@dataclass(frozen=True)
class Scope:
    """Actions or resources: what the one pattern matches, or all that none of them matches."""

    patterns: tuple[str, ...]
    turned: bool = False

    def covers(self, other: "Scope") -> bool:
        """Whether everything in `other` is surely in here too."""
        if other.turned:
            if not self.turned:
                return self.patterns == ("*",)
            return all(
                any(covers_pattern(o, mine) for o in other.patterns) for mine in self.patterns
            )
        if self.turned:
            return not any(touch(mine, other.patterns[0]) for mine in self.patterns)
        return covers_pattern(self.patterns[0], other.patterns[0])

    def touches(self, other: "Scope") -> bool:
        """Whether something may be in both."""
        if self.turned and other.turned:
            return True
        if self.turned or other.turned:
            left_out, single = (self, other) if self.turned else (other, self)
            return not any(covers_pattern(each, single.patterns[0]) for each in left_out.patterns)
        return touch(self.patterns[0], other.patterns[0])


@dataclass(frozen=True)
class Grant:
    """One action on one resource, allowed or denied under `tests`."""

    policy: str
    sid: str
    action: str
    """As written; of a NotAction, `all but` and its list."""
    actions: Scope
    resources: Scope
    tests: Tests
    is_strange: bool = False
    """Its statement holds an element that is not understood."""

    @property
    def effect(self) -> tuple[Scope, Scope, Tests, bool]:
        """What it does, wherever it is written."""
        return self.actions, self.resources, self.tests, self.is_strange

    @property
    def is_undecided(self) -> bool:
        """Whether its effect cannot be told from the text alone."""
        return self.is_strange or any("${" in each for each in self.resources.patterns)

    def covers(self, other: "Grant") -> bool:
        return (
            not self.is_strange
            and self.actions.covers(other.actions)
            and self.resources.covers(other.resources)
            and _asks_no_more(self.tests, other.tests)
        )

    def touches(self, other: "Grant") -> bool:
        """Whether both may speak about one request; conditions are left out of account."""
        return self.actions.touches(other.actions) and self.resources.touches(other.resources)


def grants(policy: str, document: Any, effect: str, account_id: str) -> tuple[Grant, ...]:
    """Every grant of that `effect` in a document, as IAM gives it or as its JSON."""
    document = parsed(document)
    if not isinstance(document, Mapping):
        return ()
    # Only the present version of the language knows variables; in an older one they are plain text.
    known = {"${aws:PrincipalAccount}": account_id, "${aws:principalaccount}": account_id}
    variables = known if document.get("Version") == "2012-10-17" else {}
    return tuple(
        grant
        for statement in _listed(document.get("Statement", []))
        if isinstance(statement, Mapping) and statement.get("Effect") == effect
        for grant in _of_statement(policy, statement, account_id, variables)
    )


def _of_statement(
    policy: str, statement: Mapping[str, Any], account_id: str, variables: Mapping[str, str]
) -> Iterator[Grant]:
    tests = _tests(statement.get("Condition"), variables)
    strange = bool(set(statement) - ELEMENTS) or tests == UNDECIDED
    for action, actions in _actions(statement):
        for resources in _resources(statement, account_id, variables):
            yield Grant(
                policy=policy,
                sid=str(statement.get("Sid", "")),
                action=action,
                actions=actions,
                resources=resources,
                tests=tests,
                is_strange=strange,
            )


def _actions(statement: Mapping[str, Any]) -> Iterator[tuple[str, Scope]]:
    if "NotAction" in statement:
        left_out = [str(each) for each in _listed(statement["NotAction"])]
        lowered = tuple(each.lower() for each in left_out)
        yield f"all but {', '.join(left_out)}", Scope(lowered, turned=True)
        return
    for each in _listed(statement.get("Action", [])):
        yield str(each), Scope((str(each).lower(),))


def _resources(
    statement: Mapping[str, Any], account_id: str, variables: Mapping[str, str]
) -> Iterator[Scope]:
    turned = "NotResource" in statement
    given = statement["NotResource" if turned else "Resource"] if _has_resource(statement) else "*"
    patterns = tuple(_resource(str(each), account_id, variables) for each in _listed(given))
    if turned:
        yield Scope(patterns, turned=True)
    else:
        yield from (Scope((each,)) for each in patterns)


def _has_resource(statement: Mapping[str, Any]) -> bool:
    return "Resource" in statement or "NotResource" in statement


def _resource(text: str, account_id: str, variables: Mapping[str, str]) -> str:
    """IAM acts in its own account alone: there * and the account's ID say the same."""
    text = _replaced(text, variables)
    everywhere = "arn:aws:iam::*:"
    if text.startswith(everywhere):
        return f"arn:aws:iam::{account_id}:{text.removeprefix(everywhere)}"
    return text


def _tests(condition: Any, variables: Mapping[str, str]) -> Tests:
    if condition in (None, {}):
        return frozenset()
    if not isinstance(condition, Mapping):
        return UNDECIDED
    tests: dict[tuple[str, str], frozenset[str]] = {}
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            return UNDECIDED
        for key, given in keys.items():
            test = (str(operator), str(key).lower())
            if test in tests:  # twice, in two spellings
                return UNDECIDED
            tests[test] = frozenset(_replaced(_value(each), variables) for each in _listed(given))
    return frozenset(tests.items())


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _replaced(text: str, variables: Mapping[str, str]) -> str:
    for name, value in variables.items():
        text = text.replace(name, value)
    return text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _asks_no_more(mine: Tests, theirs: Tests) -> bool:
    """Whether whoever passes `theirs` passes `mine`: fewer tests, or more values in one."""
    asked = dict(theirs)
    return all(
        test in asked and (values == asked[test] or (test[0] in WIDENING and values > asked[test]))
        for test, values in mine
    )

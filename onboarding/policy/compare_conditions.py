"""Conditions of IAM statements: whether one block lets through only what another does.

Proved test by test: each test of the wider block must follow from one of the narrower. What a test
does without its key in the request decides as much as its values: a negated operator, `IfExists`
and `ForAllValues` all let such a request through. Source: IAM User Guide, "IAM JSON policy
elements: Condition operators" and "Set operators for multivalued context keys".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from onboarding.policy.compare_globs import ANYTHING
from onboarding.policy.compare_values import OPERATORS, Operator, Unclear

_OPERATOR = re.compile(r"(ForAnyValue:|ForAllValues:)?([A-Za-z]+?)(IfExists)?")
_MOST_WAYS = 64

SINGLE_VALUED = (
    "account:targetregion",
    "aws:principalaccount",
    "aws:requestedregion",
    "aws:requesttag/",
    "aws:resourceaccount",
    "aws:resourcetag/",
    "ec2:createaction",
    "iam:awsservicename",
    "iam:passedtoservice",
    "iam:permissionsboundary",
    "iam:resourcetag/",
    "kms:viaservice",
)
"""Keys of which a request has one value at most. Of any other, a plain operator may meet several.

Source: AWS's service authorization reference, condition keys of the type String or ARN.
"""


@dataclass(frozen=True)
class Test:
    """One operator, one key, and the values of which one must match."""

    quantifier: str
    name: str
    """The operator without what stands before and after it."""
    if_exists: bool
    key: str
    """In lower case: AWS does not tell keys apart by case."""
    values: tuple[str, ...]
    """Sorted, each once."""

    @property
    def operator(self) -> Operator:
        return OPERATORS[self.name]

    @property
    def parsed(self) -> list[Any]:
        return [self.operator.parse(value) for value in self.values]

    @property
    def needs_key(self) -> bool:
        """Whether it certainly fails without the key."""
        if self.name == "Null":
            return self.values == ("false",)
        without = self.if_exists or self.operator.negated
        return self.quantifier != "ForAllValues:" and not without

    @property
    def passes_without_key(self) -> bool:
        """Whether it certainly holds without the key."""
        if self.name == "Null":
            return self.values != ("false",)
        if self.quantifier:
            return self.quantifier == "ForAllValues:"
        return self.if_exists or self.operator.negated

    @property
    def is_single_valued(self) -> bool:
        return self.key.startswith(SINGLE_VALUED)


def tests(block: Any) -> tuple[Test, ...]:
    """The tests of a Condition block, all of which must hold. Raises Unclear."""
    if not isinstance(block, Mapping):
        raise Unclear("the Condition is not a block of operators")
    found = tuple(
        _test(operator, key, wanted)
        for operator, keys in block.items()
        for key, wanted in _keys(keys)
    )
    places = {(test.quantifier, test.name, test.if_exists, test.key) for test in found}
    if len(places) < len(found):
        raise Unclear("a condition names one key twice")
    return found


def implies(given: Sequence[Test], wanted: Sequence[Test]) -> bool:
    """Whether all that passes `given` passes `wanted`. Raises TooComplex."""
    return all(_follows(given, test) for test in wanted)


def ways(given: tuple[Test, ...]) -> Iterator[tuple[Test, ...]]:
    """The tests as alternatives that together let through the same: a value each.

    Only where one value decides: not all of several values that a request may have.
    """
    choices = [list(_alternatives(test)) for test in given]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_WAYS:
        yield given
    else:
        yield from product(*choices)


def _alternatives(test: Test) -> Iterator[Test]:
    plain = test.name in OPERATORS and not test.operator.negated and not test.if_exists
    single = test.quantifier == "" and test.is_single_valued
    if plain and (single or test.quantifier == "ForAnyValue:"):
        yield from (replace(test, values=(value,)) for value in test.values)
    else:
        yield test


def _keys(keys: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(keys, Mapping) or not keys:
        raise Unclear("a condition operator has no keys")
    yield from keys.items()


def _test(operator: str, key: str, wanted: Any) -> Test:
    parsed = _OPERATOR.fullmatch(operator)
    if parsed is None or (parsed[2] != "Null" and parsed[2] not in OPERATORS):
        raise Unclear(f"the condition operator {operator} is not known")
    values = tuple(sorted({_value(one) for one in (wanted if _several(wanted) else [wanted])}))
    if not values:
        raise Unclear("a condition has no values")
    if parsed[2] == "Null":
        values = _presence(operator, values)
    test = Test(
        parsed[1] or "",
        parsed[2],
        parsed[3] is not None,
        key.lower() if key.isascii() else key,
        values,
    )
    if test.name != "Null":
        _ = test.parsed  # raises Unclear now and not amid a comparison
    return test


def _several(wanted: Any) -> bool:
    return isinstance(wanted, list | tuple)


def _value(one: Any) -> str:
    """JSON's true and 5 mean the same as the texts "true" and "5"."""
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, str | int | float):
        return str(one)
    raise Unclear("a condition compares with something that is no value")


def _presence(operator: str, values: tuple[str, ...]) -> tuple[str, ...]:
    lowered = tuple(sorted({value.lower() for value in values}))
    if operator != "Null" or not set(lowered) <= {"true", "false"}:
        raise Unclear(f"the condition {operator} asks for something other than true or false")
    return lowered


def _follows(given: Sequence[Test], wanted: Test) -> bool:
    same_key = [test for test in given if test.key == wanted.key]
    if wanted in same_key:
        return True
    present = any(test.needs_key for test in same_key)
    absent = any(test.name == "Null" and test.values == ("true",) for test in same_key)
    if wanted.name == "Null":
        return _presence_follows(wanted, present, absent)
    if absent and wanted.passes_without_key:
        return True
    return any(_narrows(test, wanted, present) for test in same_key if test.name != "Null")


def _presence_follows(wanted: Test, present: bool, absent: bool) -> bool:
    if len(wanted.values) == 2:
        return True
    return present if wanted.values == ("false",) else absent


def _narrows(given: Test, wanted: Test, present: bool) -> bool:
    """Whether `wanted` holds wherever `given` does. `present`: the key is known to be there."""
    if given.quantifier != wanted.quantifier:
        return False
    alike = (given.if_exists, given.operator.negated) == (wanted.if_exists, wanted.operator.negated)
    if not (alike or present or given.needs_key or wanted.passes_without_key):
        return False
    return _values_within(given, wanted)


def _values_within(given: Test, wanted: Test) -> bool:
    """Whether each value that meets `given` meets `wanted`."""
    family = given.operator.family
    if family is not wanted.operator.family:
        return False
    have, want = given.parsed, wanted.parsed
    match given.operator.negated, wanted.operator.negated:
        case False, False:
            return all(family.within(one, want) for one in have)
        case True, True:
            return all(family.within(one, have) for one in want)
        case False, True:
            # A plain operator asks of several values that one match, or that none do.
            decided = given.quantifier != "" or given.is_single_valued
            return decided and all(family.apart(one, other) for one in have for other in want)
    return ANYTHING in want

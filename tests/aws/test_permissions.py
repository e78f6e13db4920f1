from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.aws.permissions import Attached, Comparison, Excess, Gap, Policy, compare
from onboarding.aws.permissions_patterns import covers_pattern, touch
from tests.aws.permission_documents import (
    ACCOUNT,
    ALL,
    MAIN,
    OTHER,
    PUBLISHED,
    doc,
    really_published,
)
from tests.aws.permission_pairs import PAIRS, Row


def actions(found: tuple[Gap | Excess, ...]) -> set[str]:
    return {each.action for each in found}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_compared_statement_by_statement(name: str) -> None:
    row = PAIRS[name]

    found = compare(PUBLISHED, row.given())

    seen = {kind: actions(getattr(found, kind)) for kind in KINDS}
    assert seen == {kind: getattr(row, kind) for kind in KINDS}
    assert found.is_enough is not bool(row.missing or row.taken)
    assert found.is_as_published is not any(getattr(row, kind) for kind in KINDS)
    if row.why:
        assert {str(gap.why) for gap in found.missing} == {row.why}


KINDS = ("missing", "excess", "taken", "at_risk", "not_denied")


def test_a_gap_names_the_policy_that_gives_it_and_who_takes_it() -> None:
    assert compare(PUBLISHED, PAIRS["a whole policy left out"].given()).missing == (
        Gap("ec2:CreateVpc", OTHER),
    )
    taken = compare(PUBLISHED, PAIRS["a Deny added that always bites"].given()).taken
    assert taken == (Gap("ec2:TerminateInstances", MAIN, by="Guard"),)


def test_policies_are_told_apart_as_absent_and_as_changed() -> None:
    found = compare(PUBLISHED, Attached(ACCOUNT, (Policy(MAIN, doc()),)))

    assert (found.absent, found.changed) == ((OTHER,), (MAIN,))
    assert compare(PUBLISHED, Attached(ACCOUNT, ALL)).changed == ()


def test_the_published_policies_are_what_they_say() -> None:
    real = really_published()

    found = compare(real, Attached(ACCOUNT, real.policies))

    assert found == Comparison(real.version, found.total)
    assert found.total > 100


def drop_one_action(published: Any, policy: int, statement: int) -> tuple[str, tuple[Policy, ...]]:
    document = published.policies[policy].document
    kept = [dict(each) for each in document["Statement"]]
    listed = kept[statement]["Action"]
    listed = [listed] if isinstance(listed, str) else listed
    kept[statement] |= {"Action": listed[1:]}
    changed = replace(published.policies[policy], document=doc(*kept))
    rest = published.policies[:policy] + published.policies[policy + 1 :]
    return listed[0], (changed, *rest)


def test_every_single_action_left_out_of_the_real_policies_is_named() -> None:
    real = really_published()
    for number, policy in enumerate(real.policies):
        for place, statement in enumerate(policy.document["Statement"]):
            action, attached = drop_one_action(real, number, place)
            found = compare(real, Attached(ACCOUNT, attached))
            named = found.missing if statement["Effect"] == "Allow" else found.not_denied
            others = [each for each in found.missing + found.not_denied if each.action != action]
            assert action in actions(named) or action_is_given_elsewhere(real, action, statement)
            assert not others


def action_is_given_elsewhere(real: Any, action: str, statement: dict[str, Any]) -> bool:
    """Two published statements may give one action; then leaving out one changes nothing."""
    found = [
        each
        for policy in real.policies
        for each in policy.document["Statement"]
        if each["Effect"] == statement["Effect"]
        and any(covers_pattern(str(one).lower(), action.lower()) for one in each["Action"])
    ]
    return len(found) > 1


def test_a_comparison_of_the_real_policies_takes_no_time_to_speak_of() -> None:
    real = really_published()
    began = perf_counter()

    compare(real, Attached(ACCOUNT, ()))

    assert perf_counter() - began < 1


PATTERNS = st.text("ab*?", max_size=6)
TEXTS = st.text("ab", max_size=6)


def matches(pattern: str, text: str) -> bool:
    """By the book, one character at a time."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


@given(PATTERNS, PATTERNS, TEXTS)
def test_what_is_covered_matches_too(pattern: str, other: str, text: str) -> None:
    if covers_pattern(pattern, other) and matches(other, text):
        assert matches(pattern, text)


@given(PATTERNS, PATTERNS, TEXTS)
def test_patterns_that_match_one_text_touch(one: str, other: str, text: str) -> None:
    if matches(one, text) and matches(other, text):
        assert touch(one, other)


@given(PATTERNS, TEXTS)
def test_a_pattern_covers_and_touches_the_very_texts_it_matches(pattern: str, text: str) -> None:
    assert covers_pattern(pattern, text) == touch(pattern, text) == matches(pattern, text)


def test_the_table_has_rows_of_every_kind() -> None:
    assert len(PAIRS) >= 25
    for kind in KINDS:
        assert any(getattr(row, kind) for row in PAIRS.values() if isinstance(row, Row))

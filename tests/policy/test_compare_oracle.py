"""The comparison against an evaluator that knows nothing of it: the simulated IAM.

Whatever compares as not expanding must allow no request that was refused before; what compares as
the same must answer every request alike.
"""

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from onboarding.policy.compare import compare
from onboarding.policy.compare_arns import arn_contained
from onboarding.policy.compare_globs import contained, disjoint, pattern
from onboarding.policy.document import ManagedPolicy
from portal.demo.simulator.conditions import any_like
from portal.demo.simulator.evaluate import Principal, Question, Verdict, evaluate
from tests.policy.compared import REAL, policies

CALLER = Principal("210987654321", "arn:aws:sts::210987654321:assumed-role/x/y")
NAME = "aws:username"
TAG = "aws:resourcetag/owner"
KEYS = "aws:tagkeys"

ACTIONS = st.sampled_from(
    [
        "s3:GetObject", "s3:getobject", "s3:GetObjectAcl", "s3:PutObject", "ec2:RunInstances",
        "s3:*", "s3:Get*", "s3:GetObject*", "s3:?utObject", "*", "ec2:*", "s3:*Object", "foo:Bar",
    ]
)  # fmt: skip
RESOURCES = st.sampled_from(
    [
        "*", "arn:aws:s3:::*", "arn:aws:s3:::a*", "arn:aws:s3:::ab", "arn:aws:s3:::a?",
        "arn:aws:s3:::a?*", "arn:aws:s3:::a", "arn:aws:s3:::*b", "arn:aws:s3:*", "arn:aws:*:::ab",
        "arn:aws:s3:::${aws:username}", "arn:aws:s3:::a${aws:username}", "arn:aws:s3:::a*/b",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    ["a", "b", "ab", "A", "a*", "*", "?", "${aws:username}", "a${aws:username}"]
)
NUMBERS = st.sampled_from(["1", "2", "2.5", "3"])
RANGES = st.sampled_from(["10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.1.2.3/32"])
TIMES = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "1767225600"])
STRINGS = (
    "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
)  # fmt: skip
ORDER = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def operators(names: Sequence[str]) -> st.SearchStrategy[str]:
    return st.tuples(
        st.sampled_from(["", "", "ForAnyValue:", "ForAllValues:"]),
        st.sampled_from(names),
        st.sampled_from(["", "", "IfExists"]),
    ).map("".join)


def conditions(
    names: Sequence[str], keys: Sequence[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    listed = st.lists(values, min_size=1, max_size=3)
    return st.builds(
        lambda operator, key, wanted: {operator: {key: wanted}},
        operators(names),
        st.sampled_from(keys),
        listed,
    )


CONDITIONS = st.one_of(
    st.just({}),
    conditions(
        STRINGS,
        [TAG, KEYS, NAME], WORDS,
    ),
    conditions([f"Numeric{name}" for name in ORDER], ["s3:max-keys"], NUMBERS),
    conditions([f"Date{name}" for name in ORDER], ["aws:currenttime"], TIMES),
    conditions(["IpAddress", "NotIpAddress"], ["aws:sourceip"], RANGES),
    conditions(["Bool"], ["aws:securetransport"], st.sampled_from(["true", "false", "True"])),
    conditions(
        ["ArnLike", "ArnNotLike"], ["aws:sourcearn"],
        st.sampled_from(["arn:aws:s3:::a*", "arn:aws:s3:::ab", "arn:aws:*:::*", "*"]),
    ),
    st.builds(
        lambda key, values: {"Null": {key: values}},
        st.sampled_from([TAG, KEYS, NAME]),
        st.lists(st.sampled_from(["true", "false"]), min_size=1, max_size=2),
    ),
)  # fmt: skip

STATEMENTS = st.builds(
    lambda effect, action, names, resource, places, conditions: {
        "Effect": effect,
        action: names,
        resource: places,
        "Condition": {k: v for block in conditions for k, v in block.items()},
    },
    st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "Action", "NotAction"]),
    st.lists(ACTIONS, min_size=1, max_size=2),
    st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]),
    st.lists(RESOURCES, min_size=1, max_size=2),
    st.lists(CONDITIONS, max_size=2),
)

REQUESTS = st.builds(
    lambda action, resource, context: Question(CALLER, action, resource, context),
    st.sampled_from(
        ["s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTomorrow", "s3:PutObject",
         "ec2:RunInstances", "ec2:Tomorrow", "foo:Bar", "foo:Tomorrow"]
    ),
    st.sampled_from(
        [f"arn:aws:s3:::{name}" for name in ("a", "ab", "abb", "b", "A", "a/b", "ab/b", "a*")]
        + ["arn:aws:sqs:::ab", "arn:aws:s3:eu-west-1::ab"]
    ),
    st.fixed_dictionaries(
        {},
        optional={
            NAME: st.sampled_from([("a",), ("b",), ("",), ("*",), ("bb",)]),
            TAG: st.sampled_from([("a",), ("b",), ("ab",), ("A",), ("",), ("aab",)]),
            KEYS: st.lists(st.sampled_from(["a", "b", "ab", "A"]), max_size=2).map(tuple),
            "s3:max-keys": st.sampled_from([("0",), ("1",), ("2",), ("2.5",), ("2.7",), ("3",), ("9",)]),
            "aws:currenttime": st.sampled_from([("2025-12-31T00:00:00Z",), ("2026-01-01T00:00:00Z",), ("2026-01-01T09:00:00Z",), ("2026-01-03T00:00:00Z",)]),
            "aws:sourceip": st.sampled_from([("10.1.2.3",), ("10.200.0.1",), ("192.0.2.1",)]),
            "aws:securetransport": st.sampled_from([("true",), ("false",)]),
            "aws:sourcearn": st.sampled_from([("arn:aws:s3:::ab",), ("arn:aws:sqs:::b",)]),
        },
    ),
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements after some of the changes that people make."""
    after = copy.deepcopy(before)
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(["drop", "add", "narrow", "narrow", "narrow"]))
        where = draw(st.integers(0, len(after) - 1)) if after else 0
        if change == "add" or not after:
            after.insert(where, draw(STATEMENTS))
        elif change == "drop":
            after.pop(where)
        else:
            narrow(draw, after[where])
    return after


def narrow(draw: st.DrawFn, statement: dict[str, Any]) -> None:
    match draw(st.sampled_from(["resource", "action", "condition", "values", "operator"])):
        case "resource":
            statement |= {"Resource": [draw(RESOURCES)]}
            statement.pop("NotResource", None)
        case "action":
            statement |= {"Action": [draw(ACTIONS)]}
            statement.pop("NotAction", None)
        case "condition":
            statement["Condition"] |= draw(CONDITIONS)
        case "values":
            for keys in statement["Condition"].values():
                keys |= {name: values[:1] for name, values in keys.items()}
        case "operator":
            block = statement["Condition"]
            texts = [name for name in block if "String" in name]
            block |= {draw(operators(STRINGS)): block.pop(name) for name in texts}


PAIRS = st.lists(STATEMENTS, min_size=1, max_size=3).flatmap(
    lambda before: st.tuples(st.just(before), changed(before))
)


def allowed(content: Sequence[ManagedPolicy], question: Question) -> bool:
    return evaluate([one.document for one in content], question) is Verdict.ALLOWED


@settings(max_examples=250, deadline=None)
@given(pair=PAIRS, requests=st.lists(REQUESTS, min_size=40, max_size=60))
def test_what_does_not_expand_allows_no_request_that_was_refused(
    pair: tuple[list[Any], list[Any]], requests: list[Question]
) -> None:
    before, after = policies(*pair[0]), policies(*pair[1])
    comparison = compare(before, after)
    event("expands" if comparison.expands else "reduces")
    if comparison.expands:
        return
    for request in requests:
        assert allowed(before, request) or not allowed(after, request), request
        if not comparison.differences:
            assert allowed(before, request) == allowed(after, request), request


@settings(max_examples=100, deadline=None)
@given(statements=st.lists(STATEMENTS, max_size=4), data=st.data())
def test_order_and_repetition_make_no_difference(
    statements: list[dict[str, Any]], data: st.DataObject
) -> None:
    before = policies(*statements)
    after = policies(*data.draw(st.permutations(statements)), *statements[:1])
    assert compare(before, after).differences == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_shipped_document_with_a_statement_less(data: st.DataObject) -> None:
    """Asked about every action it names itself: less is never more."""
    index = data.draw(st.integers(0, len(REAL) - 1))
    listed = REAL[index].document["Statement"]
    gone = data.draw(st.sampled_from(listed))
    kept = {"Version": "2012-10-17", "Statement": [one for one in listed if one is not gone]}
    after = [*REAL[:index], ManagedPolicy(REAL[index].name, "", kept), *REAL[index + 1 :]]
    comparison = compare(REAL, after)
    assert comparison.expands == (gone["Effect"] == "Deny" and bool(comparison.differences))
    names = [name.replace("*", "X") for name in gone["Action"]]
    for name in names:
        request = Question(CALLER, name, data.draw(st.sampled_from(ARNS)), {})
        if not comparison.expands:
            assert allowed(REAL, request) or not allowed(after, request)


ARNS = [
    "arn:aws:iam::210987654321:role/astro-x",
    "arn:aws:iam::210987654321:role/astronomer-remote-management",
    "arn:aws:s3:::astro-x",
    "arn:aws:ec2:us-east-1:210987654321:instance/i-1",
]

TEXTS = st.text("ab:*?", max_size=6)


@settings(max_examples=500, deadline=None)
@given(inner=TEXTS, outers=st.lists(TEXTS, max_size=3), sample=st.text("abc:", max_size=6))
def test_a_text_of_a_contained_pattern_is_a_text_of_the_others(
    inner: str, outers: list[str], sample: str
) -> None:
    patterns = [pattern(one) for one in outers]
    within = contained(pattern(inner), patterns)
    event(f"contained: {within}")
    assert within or not arn_contained(pattern(inner), patterns)
    if any_like(inner, sample, {}) and not any_like(outers, sample, {}):
        assert not within
    for one in outers:
        if any_like(inner, sample, {}) and any_like(one, sample, {}):
            assert not disjoint(pattern(inner), pattern(one))


@settings(max_examples=300, deadline=None)
@given(inner=st.text("ab*?", max_size=4), outers=st.lists(st.text("ab*?", max_size=4), max_size=3))
def test_what_is_not_contained_has_a_text_that_shows_it(inner: str, outers: list[str]) -> None:
    """All texts of up to 9 letters are tried: shorter patterns differ in a shorter text."""
    if contained(pattern(inner), [pattern(one) for one in outers]):
        return
    texts = [""]
    for _ in range(7):
        if any(any_like(inner, one, {}) and not any_like(outers, one, {}) for one in texts):
            return
        texts = [text + letter for text in texts for letter in "abc"]
    raise AssertionError("no text shows it")


SEVERAL: list[tuple[str, ...]] = [
    (), ("a",), ("b",), ("ab",), ("A",), ("aab",), ("c",), ("a", "b"), ("a", "c"), ("c", "A"),
]  # fmt: skip
BLOCKS = conditions(STRINGS, [KEYS], st.sampled_from(["a", "b", "ab", "A", "a*", "*"]))


@settings(max_examples=400, deadline=None)
@given(before=BLOCKS, more=BLOCKS, with_null=st.booleans())
def test_a_condition_follows_only_where_no_value_shows_otherwise(
    before: dict[str, Any], more: dict[str, Any], with_null: bool
) -> None:
    """One key, all its values: what a sampled request would seldom hit."""
    after = more | ({"Null": {KEYS: "false"}} if with_null else {})
    old, new = (
        policies({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": block})
        for block in (before, after)
    )
    within = not compare(old, new).expands
    event(f"within: {within}")
    for values in SEVERAL:
        asked = Question(CALLER, "s3:GetObject", "arn:aws:s3:::a", {KEYS: values})
        assert not within or allowed(old, asked) or not allowed(new, asked), values

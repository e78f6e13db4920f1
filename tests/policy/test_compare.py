"""Whether a new set of policies expands what the old one allows: pairs with the right verdict."""

import json
import time
from typing import Any

import pytest

from onboarding.policy import actions
from onboarding.policy.compare import Comparison, compare, purposes
from onboarding.policy.compare_globs import MOST_STATES, TooComplex, contained, pattern
from onboarding.policy.document import BOUNDARY_NAME, ManagedPolicy, shipped
from tests.policy import write_actions
from tests.policy.compare_scene import (
    ASTRO,
    GET,
    REGION,
    S3,
    but,
    elsewhere,
    when,
    where,
)
from tests.policy.compared import REAL, allow, deny, policies
from tests.policy.pairs_of_conditions import PAIRS as CONDITIONS
from tests.policy.pairs_of_denials import PAIRS as DENIALS
from tests.policy.pairs_of_statements import PAIRS as STATEMENTS

PAIRS = STATEMENTS | CONDITIONS | DENIALS


def verdict(comparison: Comparison) -> str:
    kinds = {difference.kind for difference in comparison.differences}
    if not kinds:
        return "same"
    if "undecided" in kinds:
        return "undecided"
    return "both" if len(kinds) == 2 else kinds.pop()


def as_policies(content: Any) -> list[ManagedPolicy]:
    """A list of statements as one policy."""
    if content and isinstance(content[0], ManagedPolicy):
        return list(content)
    return policies(*content)


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_has_its_verdict(name: str) -> None:
    before, after, expected = PAIRS[name]
    comparison = compare(as_policies(before), as_policies(after))
    assert verdict(comparison) == expected, comparison.differences
    assert comparison.expands == (expected not in ("same", "reduces"))


@pytest.mark.parametrize("name", PAIRS)
def test_everything_equals_itself(name: str) -> None:
    for content in PAIRS[name][:2]:
        same = as_policies(content)
        assert compare(same, same).differences == ()


def test_the_policy_a_statement_stands_in_makes_no_difference() -> None:
    put = allow("s3:PutObject")
    one = [*policies(GET, put, name="A"), *policies(name="B")]
    two = [*policies(GET, name="B"), *policies(put, name="C")]
    assert compare(one, two).differences == ()


def test_a_statement_moved_into_the_boundary_lets_the_roles_astro_makes_do_more() -> None:
    outside = [*policies(GET, name="A"), *policies(name=BOUNDARY_NAME)]
    inside = [*policies(name="A"), *policies(GET, name=BOUNDARY_NAME)]
    (difference,) = compare(outside, inside).differences
    assert (difference.kind, difference.policy) == ("expands", BOUNDARY_NAME)
    assert difference.sentence == "Roles that Astro makes may now get objects (Amazon S3)."
    assert verdict(compare(inside, outside)) == "reduces"


def test_what_expands_the_whole_is_not_told_again_of_the_boundary() -> None:
    old = policies(GET, name=BOUNDARY_NAME)
    new = policies(GET, allow("s3:PutObject"), name=BOUNDARY_NAME)
    assert len(compare(old, new).differences) == 1


def test_the_shipped_document_equals_itself_however_it_is_cut() -> None:
    pieces = [
        {key: value for key, value in statement.items() if key != "Sid"} | {"Action": [action]}
        for policy in REAL
        for statement in policy.document["Statement"]
        for action in statement["Action"]
    ]
    boundary = [policy for policy in REAL if policy.name == BOUNDARY_NAME]
    cut = [*policies(*reversed(pieces), name="Cut"), *boundary]
    assert compare(REAL, REAL).differences == ()
    assert compare(REAL, cut).differences == compare(cut, REAL).differences == ()


def test_each_statement_of_the_shipped_document_counts() -> None:
    """Without any one Allow it reduces, without any one Deny it expands; and the other way round."""
    for index, policy in enumerate(REAL):
        for statement in policy.document["Statement"]:
            kept = [one for one in policy.document["Statement"] if one is not statement]
            document = policy.document | {"Statement": kept}
            fewer = [*REAL[:index], ManagedPolicy(policy.name, "", document), *REAL[index + 1 :]]
            less, more = verdict(compare(REAL, fewer)), verdict(compare(fewer, REAL))
            expected = ("reduces", "expands")
            if statement["Effect"] == "Deny":
                expected = ("expands", "reduces")
            assert (less, more) in (expected, ("same", "same")), statement["Sid"]


def test_the_shipped_document_is_compared_within_a_second() -> None:
    changed = json.loads(json.dumps([policy.document for policy in REAL]).replace("astro-", "ast-"))
    after = [ManagedPolicy(p.name, "", d) for p, d in zip(REAL, changed, strict=True)]
    compare(REAL, REAL)  # reads the list of actions once
    start = time.perf_counter()
    assert compare(REAL, after).expands
    assert time.perf_counter() - start < 1


def test_patterns_without_end_are_undecided_and_not_waited_for() -> None:
    wild = "arn:aws:s3:::" + "*a" + "?" * 40
    start = time.perf_counter()
    comparison = compare(policies(where(wild)), policies(where(wild + "*b" + "?" * 40)))
    assert comparison.expands
    assert time.perf_counter() - start < 20
    with pytest.raises(TooComplex):
        contained(pattern("*a" + "?" * 40), [pattern("*a" + "?" * 39)])
    assert MOST_STATES <= 50_000


def test_a_difference_says_what_it_means_and_shows_the_statement() -> None:
    before = policies(allow("s3:GetObject", Sid="Objects", Resource=[ASTRO]))
    grown = allow(["s3:GetObject", "s3:DeleteBucket"], Sid="Objects", Resource=[ASTRO])
    comparison = compare(before, policies(grown), purposes={"Objects": "Keeps task logs."})
    (difference,) = comparison.differences
    assert difference.as_data() == {
        "kind": "expands",
        "policy": "One",
        "sentence": "May now delete buckets (Amazon S3), only where the name begins with astro-."
        " Purpose: Keeps task logs.",
        "detail": difference.detail,
    }
    assert difference.detail.startswith("Actions: s3:DeleteBucket\nBefore:\n{")
    assert difference.detail.endswith("After:\n" + json.dumps(grown, indent=2))


def test_an_edition_says_what_its_statements_are_for() -> None:
    said = purposes(shipped())
    assert said["S3Objects"] == (
        "Writes and reads task logs. Only in buckets whose name begins with astro-."
    )
    assert set(said) == {s["Sid"] for policy in REAL for s in policy.document["Statement"]}


SENTENCES = {
    "May now use every action s3:* (Amazon S3).": ([allow(S3)], [allow("s3:*")]),
    "May no longer decrypt (AWS Key Management Service).": ([allow("kms:Decrypt")], []),
    "Is no longer forbidden to create policies (IAM).": ([deny("iam:CreatePolicy")], []),
    "Is now forbidden to create VPCs (Amazon EC2).": ([], [deny("ec2:CreateVpc")]),
    "May now get objects (Amazon S3), on other resources than before.": ([where(ASTRO)], [GET]),
    "May now get objects (Amazon S3), under other conditions than before.": (
        [when("StringEquals", REGION, "a")],
        [GET],
    ),
    "May now use foo:Bar. This is not certain: AWS's list of actions does not have foo:Bar.": (
        [],
        [allow("foo:Bar")],
    ),
    "May now use every action but iam:*.": ([], [but("iam:*")]),
    "May now get objects (Amazon S3), except on arn:aws:s3:::astro-*.": ([], [elsewhere(ASTRO)]),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence(sentence: str) -> None:
    before, after = SENTENCES[sentence]
    found = compare(as_policies(before), as_policies(after)).differences
    assert sentence in [difference.sentence for difference in found]


def test_the_list_of_actions_is_what_the_reference_has() -> None:
    """`python -m tests.policy.write_actions` writes it anew."""
    written = write_actions.TARGET.read_text("ascii").splitlines()
    assert written[0] == write_actions.source()
    assert written[1].startswith("# written on 20")
    assert written[2:] == write_actions.lines()
    assert len(actions.known()) > 20_000
    assert actions.known()["s3:getobject"] == "s3:GetObject"
    assert "s3:getobject" in actions.matching("s3:get*")

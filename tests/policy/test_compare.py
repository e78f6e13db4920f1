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
from tests.policy.compared import REAL, allow, deny, policies

S3 = [action for action in actions.known().values() if action.startswith("s3:")]
ASTRO = "arn:aws:s3:::astro-*"
LOGS = "arn:aws:s3:::astro-logs-*"
OURS = "arn:aws:iam::${aws:PrincipalAccount}:role/astro-*"
GET = allow("s3:GetObject")
REGION = "aws:RequestedRegion"


def when(operator: str, key: str, *values: Any) -> dict[str, Any]:
    """A statement with one condition."""
    return allow("s3:GetObject", Condition={operator: {key: list(values)}})


def where(*resources: str, action: str = "s3:GetObject") -> dict[str, Any]:
    return allow(action, Resource=list(resources))


def but(*names: str, effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "NotAction": list(names), "Resource": "*"} | elements


def elsewhere(*resources: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:GetObject", "NotResource": list(resources)}


def version(text: str | None, *statements: Any) -> list[ManagedPolicy]:
    document = {"Version": text, "Statement": list(statements)}
    return [ManagedPolicy("One", "", {k: v for k, v in document.items() if v is not None})]


OPAQUE = allow("s3:GetObject", Condition={"StringSoundsLike": {"aws:username": "eve"}})

# name: before, after, verdict. "same" has no difference at all, "both" expands and reduces.
PAIRS: dict[str, tuple[Any, Any, str]] = {
    # What makes no difference
    "nothing and nothing": ([], [], "same"),
    "the same": ([GET], [GET], "same"),
    "another Sid": ([allow("s3:GetObject", Sid="A")], [allow("s3:GetObject", Sid="B")], "same"),
    "the case of an action": ([GET], [allow("S3:getOBJECT")], "same"),
    "one action in a list": ([allow(["s3:GetObject"])], [GET], "same"),
    "an action twice": ([GET], [GET, GET], "same"),
    "the order of actions": (
        [allow(["s3:GetObject", "s3:PutObject"])],
        [allow(["s3:PutObject", "s3:GetObject"])],
        "same",
    ),
    "a statement split": (
        [allow(["s3:GetObject", "s3:PutObject"])],
        [GET, allow("s3:PutObject")],
        "same",
    ),
    "statements merged": (
        [where(ASTRO), where("arn:aws:s3:::b*")],
        [where("arn:aws:s3:::b*", ASTRO)],
        "same",
    ),
    "a pattern beside what it covers": (
        [allow("s3:Get*")],
        [allow(["s3:Get*", "s3:GetObject"])],
        "same",
    ),
    "a star twice": ([where("arn:aws:s3:::a**")], [where("arn:aws:s3:::a*")], "same"),
    "no condition and an empty one": ([GET], [allow("s3:GetObject", Condition={})], "same"),
    "the case of a condition's key": (
        [when("StringEquals", "aws:RequestedRegion", "a")],
        [when("StringEquals", "AWS:requestedregion", "a")],
        "same",
    ),
    "a word and JSON's own true": (
        [when("Bool", "aws:SecureTransport", "true")],
        [when("Bool", "aws:SecureTransport", True)],
        "same",
    ),
    "one value split in two statements": (
        [when("StringEquals", REGION, "a", "b")],
        [when("StringEquals", REGION, "a"), when("StringEquals", REGION, "b")],
        "same",
    ),
    "two statements merged to one with two values": (
        [when("ForAnyValue:StringEquals", "aws:TagKeys", x) for x in "ab"],
        [when("ForAnyValue:StringEquals", "aws:TagKeys", "a", "b")],
        "same",
    ),
    "a Deny of everything over a new Allow": (
        [deny("s3:DeleteBucket")],
        [deny("s3:DeleteBucket"), allow("s3:DeleteBucket")],
        "same",
    ),
    "an unknown action kept": ([allow("foo:Bar")], [allow("foo:Bar")], "same"),
    "an unknown operator kept": ([OPAQUE], [OPAQUE], "same"),
    "Null of both": (
        [GET],
        [when("Null", "aws:TagKeys", "true", "false")],
        "same",
    ),
    "ArnEquals and ArnLike": (
        [when("ArnEquals", "aws:SourceArn", "arn:aws:sns:*:*:t*")],
        [when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:t*")],
        "same",
    ),
    # Actions
    "an action added": ([GET], [GET, allow("s3:DeleteBucket")], "expands"),
    "an action removed": ([GET, allow("s3:DeleteBucket")], [GET], "reduces"),
    "everything removed": ([GET], [], "reduces"),
    "the first action": ([], [GET], "expands"),
    "an action in place of another": ([GET], [allow("s3:PutObject")], "both"),
    "a wildcard over the full list": ([allow(S3)], [allow("s3:*")], "expands"),
    "the full list for a wildcard": ([allow("s3:*")], [allow(S3)], "reduces"),
    "a narrower wildcard": ([allow("s3:Get*")], [allow("s3:GetObject*")], "reduces"),
    "a wider wildcard": ([allow("s3:GetObject*")], [allow("s3:Get*")], "expands"),
    "a question mark for a letter": ([GET], [allow("s3:GetObjec?")], "expands"),
    "a letter for a question mark": ([allow("s3:GetObjec?")], [GET], "reduces"),
    "patterns that only together cover": (
        [allow(["s3:Get*", "s3:?et*", "s3:*"])],
        [allow(["s3:*"])],
        "same",
    ),
    "everything": ([allow("s3:*")], [allow("*")], "expands"),
    "a star for two stars": ([allow("*:*")], [allow("*")], "same"),
    "another service's wildcard": ([allow("s3:*")], [allow("s3express:*")], "both"),
    "an unknown action": ([GET], [GET, allow("foo:Bar")], "undecided"),
    "an unknown action under the old wildcard": (
        [allow("foo:*")],
        [allow("foo:Bar")],
        "reduces",
    ),
    "no service": ([GET], [GET, allow("GetObject")], "undecided"),
    "letters of another script": ([allow("s3:*")], [allow("s3:GetОbject")], "undecided"),
    "the Kelvin sign is no k": ([allow("kms:*")], [allow("\u212ams:Encrypt")], "undecided"),
    # Resources
    "a resource for all": ([GET], [where(ASTRO)], "reduces"),
    "all for a resource": ([where(ASTRO)], [GET], "expands"),
    "a narrower name": ([where(ASTRO)], [where(LOGS)], "reduces"),
    "a wider name": ([where(LOGS)], [where(ASTRO)], "expands"),
    "another name": ([where(ASTRO)], [where("arn:aws:s3:::other-*")], "both"),
    "the case of a resource": ([where(ASTRO)], [where("arn:aws:s3:::Astro-*")], "both"),
    "a resource added": ([where(ASTRO)], [where(ASTRO, "arn:aws:s3:::b")], "expands"),
    "a resource removed": ([where(ASTRO, "arn:aws:s3:::b")], [where(ASTRO)], "reduces"),
    "covered by two together": (
        [where("arn:aws:s3:::a", "arn:aws:s3:::a?*")],
        [where("arn:aws:s3:::a*")],
        "same",
    ),
    "not quite covered by two": (
        [where("arn:aws:s3:::a", "arn:aws:s3:::a??*")],
        [where("arn:aws:s3:::a*")],
        "expands",
    ),
    "an account number": (
        [where("arn:aws:iam::123456789012:role/a", action="iam:GetRole")],
        [where("arn:aws:iam::*:role/a", action="iam:GetRole")],
        "expands",
    ),
    "a star that would have to reach over colons": (
        [where("arn:aws:*c:us-east-1:1:t", action="sns:Publish")],
        [where("arn:aws:sns:c:us-east-1:1:t", action="sns:Publish")],
        "both",
    ),
    "a variable kept": (
        [where(OURS, action="iam:GetRole")],
        [where(OURS.replace("astro-*", "astro-a"), action="iam:GetRole")],
        "reduces",
    ),
    "a variable in place of a star": (
        [where("arn:aws:iam::*:role/astro-*", action="iam:GetRole")],
        [where(OURS, action="iam:GetRole")],
        "reduces",
    ),
    "a star in place of a variable": (
        [where(OURS, action="iam:GetRole")],
        [where("arn:aws:iam::*:role/astro-*", action="iam:GetRole")],
        "expands",
    ),
    "a variable's value may be long": (
        [where("arn:aws:s3:::?")],
        [where("arn:aws:s3:::${aws:username}")],
        "both",
    ),
    "a star meant literally": (
        [where("arn:aws:s3:::a${*}")],
        [where("arn:aws:s3:::a*")],
        "expands",
    ),
    "no resource at all": ([GET], [{"Effect": "Allow", "Action": "s3:GetObject"}], "undecided"),
    # Conditions
    "a condition added": ([GET], [when("StringEquals", REGION, "a")], "reduces"),
    "a condition dropped": ([when("StringEquals", REGION, "a")], [GET], "expands"),
    "a value added": (
        [when("StringEquals", REGION, "a")],
        [when("StringEquals", REGION, "a", "b")],
        "expands",
    ),
    "a value removed": (
        [when("StringEquals", REGION, "a", "b")],
        [when("StringEquals", REGION, "b")],
        "reduces",
    ),
    "another key": (
        [when("StringEquals", REGION, "a")],
        [when("StringEquals", "aws:PrincipalAccount", "a")],
        "both",
    ),
    "equal for like": (
        [when("StringLike", REGION, "us-*")],
        [when("StringEquals", REGION, "us-east-1")],
        "reduces",
    ),
    "like for equal": (
        [when("StringEquals", REGION, "us-*")],
        [when("StringLike", REGION, "us-*")],
        "expands",
    ),
    "without regard to case": (
        [when("StringEquals", REGION, "A")],
        [when("StringEqualsIgnoreCase", REGION, "a")],
        "expands",
    ),
    "with regard to case": (
        [when("StringEqualsIgnoreCase", REGION, "a")],
        [when("StringEquals", REGION, "A")],
        "reduces",
    ),
    "case in another script": (
        [when("StringEqualsIgnoreCase", REGION, "ß")],
        [when("StringEqualsIgnoreCase", REGION, "SS")],
        "undecided",
    ),
    "a negated value added": (
        [when("StringNotEquals", REGION, "a")],
        [when("StringNotEquals", REGION, "a", "b")],
        "reduces",
    ),
    "a negated value removed": (
        [when("StringNotEquals", REGION, "a", "b")],
        [when("StringNotEquals", REGION, "a")],
        "expands",
    ),
    "one for all but another": (
        [when("StringNotEquals", REGION, "a")],
        [when("StringEquals", REGION, "b")],
        "reduces",
    ),
    "all but another for one": (
        [when("StringEquals", REGION, "b")],
        [when("StringNotEquals", REGION, "a")],
        "expands",
    ),
    "all but one of a key that may have many": (
        [when("StringNotEquals", "aws:TagKeys", "a")],
        [when("StringEquals", "aws:TagKeys", "b")],
        "both",
    ),
    "IfExists added": (
        [when("StringEquals", REGION, "a")],
        [when("StringEqualsIfExists", REGION, "a")],
        "expands",
    ),
    "IfExists removed": (
        [when("StringEqualsIfExists", REGION, "a")],
        [when("StringEquals", REGION, "a")],
        "reduces",
    ),
    "IfExists of a key that must be there": (
        [when("StringEquals", REGION, "a")],
        [
            allow(
                "s3:GetObject",
                Condition={"StringEqualsIfExists": {REGION: "a"}, "Null": {REGION: "false"}},
            )
        ],
        "same",
    ),
    "ForAllValues is true of nothing": (
        [when("ForAnyValue:StringEquals", "aws:TagKeys", "a")],
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a")],
        "both",
    ),
    "ForAllValues for a plain operator": (
        [when("StringEquals", "aws:TagKeys", "a")],
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a")],
        "both",
    ),
    "fewer values of ForAllValues": (
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a", "b")],
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a")],
        "reduces",
    ),
    "ForAllValues split by value": (
        [when("ForAllValues:StringEquals", "aws:TagKeys", x) for x in "ab"],
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a", "b")],
        "expands",
    ),
    "ForAnyValue with IfExists": (
        [when("ForAnyValue:StringEquals", "aws:TagKeys", "a")],
        [when("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", "a")],
        "expands",
    ),
    "nothing for one of ForAnyValue": (
        [when("ForAnyValue:StringEquals", "aws:TagKeys", "a")],
        [when("Null", "aws:TagKeys", "true")],
        "both",
    ),
    "nothing for all of ForAllValues": (
        [when("ForAllValues:StringEquals", "aws:TagKeys", "a")],
        [when("Null", "aws:TagKeys", "true")],
        "reduces",
    ),
    "fewer values of ForAnyValue": (
        [when("ForAnyValue:StringLike", "aws:TagKeys", "a*")],
        [when("ForAnyValue:StringLike", "aws:TagKeys", "ab")],
        "reduces",
    ),
    "a key that must be there": ([GET], [when("Null", "aws:TagKeys", "false")], "reduces"),
    "a key that need not be there": ([when("Null", "aws:TagKeys", "false")], [GET], "expands"),
    "Null turned over": (
        [when("Null", "aws:TagKeys", "false")],
        [when("Null", "aws:TagKeys", "true")],
        "both",
    ),
    "Bool turned over": (
        [when("Bool", "aws:SecureTransport", "true")],
        [when("Bool", "aws:SecureTransport", "false")],
        "both",
    ),
    "a lower number": (
        [when("NumericLessThan", "s3:max-keys", 10)],
        [when("NumericLessThanEquals", "s3:max-keys", 9)],
        "reduces",
    ),
    "a higher number": (
        [when("NumericLessThan", "s3:max-keys", 10)],
        [when("NumericLessThanEquals", "s3:max-keys", 10)],
        "expands",
    ),
    "a number that is none": (
        [when("NumericLessThan", "s3:max-keys", 10)],
        [when("NumericLessThan", "s3:max-keys", "ten")],
        "undecided",
    ),
    "an earlier end": (
        [when("DateLessThan", "aws:CurrentTime", "2026-02-01T00:00:00Z")],
        [when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")],
        "reduces",
    ),
    "a later end": (
        [when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")],
        [when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:01Z")],
        "expands",
    ),
    "a smaller range of addresses": (
        [when("IpAddress", "aws:SourceIp", "10.0.0.0/8")],
        [when("IpAddress", "aws:SourceIp", "10.1.0.0/16")],
        "reduces",
    ),
    "a larger range of addresses": (
        [when("IpAddress", "aws:SourceIp", "10.1.0.0/16")],
        [when("IpAddress", "aws:SourceIp", "10.0.0.0/8")],
        "expands",
    ),
    "a range halved": (
        [when("IpAddress", "aws:SourceIp", "10.0.0.0/9", "10.128.0.0/9")],
        [when("IpAddress", "aws:SourceIp", "10.0.0.0/8")],
        "same",
    ),
    "a range no longer kept out": (
        [when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")],
        [when("NotIpAddress", "aws:SourceIp", "10.0.0.0/9")],
        "expands",
    ),
    "another ARN": (
        [when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:a*")],
        [when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:1:ab")],
        "reduces",
    ),
    "an unknown operator": ([GET], [OPAQUE], "undecided"),
    "an unknown operator dropped": ([OPAQUE], [GET], "undecided"),
    "a condition without values": ([GET], [when("StringEquals", REGION)], "undecided"),
    "a boundary required": (
        [allow("iam:CreateRole")],
        [allow("iam:CreateRole", Condition={"StringEquals": {"iam:PermissionsBoundary": "x"}})],
        "reduces",
    ),
    # Deny
    "a Deny added": ([GET], [GET, deny("s3:DeleteBucket")], "reduces"),
    "a Deny removed": ([GET, deny("s3:DeleteBucket")], [GET], "expands"),
    "a Deny with a condition": (
        [deny("s3:DeleteBucket")],
        [deny("s3:DeleteBucket", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
        "expands",
    ),
    "a Deny without its condition": (
        [deny("s3:DeleteBucket", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
        [deny("s3:DeleteBucket")],
        "reduces",
    ),
    "a Deny of fewer resources": (
        [deny("s3:DeleteBucket")],
        [deny("s3:DeleteBucket", Resource=ASTRO)],
        "expands",
    ),
    "a Deny of fewer actions": ([deny("s3:*")], [deny("s3:Delete*")], "expands"),
    "a Deny by a list for a wildcard": ([deny("s3:*")], [deny(S3)], "expands"),
    "a Deny that now reads Allow": ([deny("s3:GetObject")], [GET], "expands"),
    "an Allow that a Deny takes back in part": (
        [allow("s3:Get*")],
        [allow("s3:*"), deny("s3:Put*")],
        "both",
    ),
    # What is no policy
    "another Version": (version("2012-10-17", GET), version("2008-10-17", GET), "undecided"),
    "no Version": (version("2012-10-17", GET), version(None, GET), "undecided"),
    "an old Version kept": (version("2008-10-17", GET), version("2008-10-17", GET), "same"),
    "an effect of no meaning": ([GET], [GET | {"Effect": "allow"}], "undecided"),
    "an element of no meaning": ([GET], [GET | {"Principal": "*"}], "undecided"),
    "both Action and NotAction": ([GET], [GET | {"NotAction": "iam:*"}], "undecided"),
    "a statement that is text": ([GET], [GET, "Allow"], "undecided"),
    # NotAction and NotResource
    "all but some for one service": ([allow("s3:*")], [but("iam:*")], "expands"),
    "one service for all but some": ([but("iam:*")], [allow("s3:*")], "reduces"),
    "one of the excepted": ([but("iam:*")], [allow("iam:GetRole")], "both"),
    "more excepted": ([but("iam:*")], [but("iam:*", "s3:*")], "reduces"),
    "fewer excepted": ([but("iam:*", "s3:*")], [but("iam:*")], "expands"),
    "an exception narrowed": ([but("iam:*")], [but("iam:Get*")], "expands"),
    "an exception by a list": ([but("s3:*")], [but(*S3)], "expands"),
    "a Deny of all but fewer": (
        [but("s3:*", effect="Deny")],
        [but("s3:Get*", effect="Deny")],
        "reduces",
    ),
    "a Deny of all but more": (
        [but("s3:Get*", effect="Deny")],
        [but("s3:*", effect="Deny")],
        "expands",
    ),
    "all but nothing": ([allow("*")], [but()], "same"),
    "everywhere but there": ([elsewhere(ASTRO)], [GET], "expands"),
    "not there any more": ([GET], [elsewhere(ASTRO)], "reduces"),
    "fewer places excepted": ([elsewhere(ASTRO)], [elsewhere(LOGS)], "expands"),
    "more places excepted": ([elsewhere(LOGS)], [elsewhere(ASTRO)], "reduces"),
    "one place that is not excepted": ([elsewhere(ASTRO)], [where("arn:aws:s3:::b*")], "reduces"),
    "one place that is excepted in part": ([elsewhere(LOGS)], [where(ASTRO)], "both"),
    "a variable may name the excepted": (
        [elsewhere(ASTRO)],
        [where("arn:aws:s3:::${aws:username}")],
        "both",
    ),
}


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

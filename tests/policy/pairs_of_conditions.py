"""Pairs that differ in their conditions."""

from tests.policy.compare_scene import (
    GET,
    OPAQUE,
    REGION,
    Pairs,
    when,
)
from tests.policy.compared import allow

PAIRS: Pairs = {
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
}

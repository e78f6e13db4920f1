"""Pairs that differ in actions and resources, or in nothing."""

from tests.policy.compare_scene import (
    ASTRO,
    GET,
    LOGS,
    OPAQUE,
    OURS,
    REGION,
    S3,
    Pairs,
    when,
    where,
)
from tests.policy.compared import allow, deny

PAIRS: Pairs = {
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
}

"""Pairs that differ in denials and negations, and what is no policy."""

from tests.policy.compare_scene import (
    ASTRO,
    GET,
    LOGS,
    S3,
    Pairs,
    but,
    elsewhere,
    version,
    where,
)
from tests.policy.compared import allow, deny

PAIRS: Pairs = {
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

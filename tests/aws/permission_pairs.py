"""Pairs of what was published and what is attached, with what the comparison must say.

The published side is small, so that each row shows one thing; its parts are those of the real one.
"""

import json
from typing import NamedTuple

from onboarding.aws.permissions import Attached, Policy
from tests.aws.permission_documents import (
    ACCOUNT,
    ALL,
    HERE,
    MAIN,
    MAKE,
    MORE_ASKED,
    NET,
    NEVER,
    OTHER,
    OTHER_REGIONS,
    PASS,
    READ,
    RUN,
    SPELT,
    THREE,
    TWO,
    allow,
    deny,
    doc,
    main,
    without,
)


class Row(NamedTuple):
    """Every field is a set of actions but `same`: whether all is as published."""

    attached: tuple[Policy, ...]
    missing: frozenset[str] | set[str] = frozenset()
    excess: frozenset[str] | set[str] = frozenset()
    taken: frozenset[str] | set[str] = frozenset()
    at_risk: frozenset[str] | set[str] = frozenset()
    not_denied: frozenset[str] | set[str] = frozenset()
    inline: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    why: str = ""
    """Said of every missing one."""

    def given(self) -> Attached:
        return Attached(ACCOUNT, self.attached, self.inline, self.boundary)


PASSES, MAKES = {"iam:PassRole"}, {"iam:CreateRole"}
EVERYTHING = {
    "ec2:Describe*", "eks:ListClusters", "ec2:RunInstances", "ec2:TerminateInstances",
    "iam:PassRole", "iam:CreateRole", "ec2:CreateVpc",
}  # fmt: skip

PAIRS: dict[str, Row] = {
    "equal": Row(ALL),
    "in another order": Row(main(NEVER, MAKE, PASS, RUN, READ)),
    "actions in another order": Row(main(READ, allow(RUN["Action"][::-1]), PASS, MAKE, NEVER)),
    "a list of one": Row(main(READ, RUN, PASS | {"Action": ["iam:PassRole"]}, MAKE, NEVER)),
    "one statement that is no list": Row((ALL[0], Policy(OTHER, {**doc(), "Statement": NET}))),
    "other Sids": Row(main(*(without(each, "Sid") for each in (READ, RUN, PASS, MAKE, NEVER)))),
    "as JSON text": Row((Policy(MAIN, json.dumps(ALL[0].document)), ALL[1])),
    "under other names": Row((Policy("One", ALL[0].document), Policy("Two", ALL[1].document))),
    "all in one policy": Row((Policy(MAIN, doc(READ, RUN, PASS, MAKE, NEVER, NET)),)),
    "actions in other letters": Row(
        main(allow(["EC2:describe*", "eks:LISTCLUSTERS"]), RUN, PASS, MAKE, NEVER)
    ),
    "resources in other letters": Row(
        main(READ, RUN, PASS, MAKE | {"Resource": "arn:aws:iam::*:ROLE/*"}, NEVER),
        missing=MAKES,
        excess=MAKES,
        why="only on some resources",
    ),
    "the key of a condition in other letters": Row(
        main(READ, RUN, PASS | {"Condition": SPELT}, MAKE, NEVER)
    ),
    "the values of a condition in another order": Row(
        main(READ, RUN, PASS | {"Condition": TWO}, MAKE, NEVER)
    ),
    "the account's own ID in a condition": Row(
        main(READ, RUN, PASS, MAKE | {"Condition": HERE}, NEVER)
    ),
    "the account's own ID in a resource": Row(
        main(READ, RUN, PASS, MAKE | {"Resource": f"arn:aws:iam::{ACCOUNT}:role/*"}, NEVER)
    ),
    "a variable in the old language": Row(
        (Policy(MAIN, doc(READ, RUN, PASS, MAKE, NEVER, version="2008-10-17")), ALL[1]),
        missing=MAKES,
        excess=MAKES,
        why="only under a condition",
    ),
    "a wildcard that holds more": Row(
        main(allow(["ec2:*", "eks:List*"]), PASS, MAKE, NEVER), excess={"ec2:*", "eks:List*"}
    ),
    "the guide's single policy": Row(
        (Policy(MAIN, doc(allow(["ec2:*", "eks:*", "iam:*"]))),),
        excess={"ec2:*", "eks:*", "iam:*"},
        not_denied={"cloudtrail:Delete*"},
    ),
    "an administrator": Row(
        (Policy("AdministratorAccess", doc(allow("*"))),),
        excess={"*"},
        not_denied={"cloudtrail:Delete*"},
    ),
    "a question mark in place of a star": Row(
        main(READ | {"Action": ["ec2:Describe?", "eks:ListClusters"]}, RUN, PASS, MAKE, NEVER),
        missing={"ec2:Describe*"},
        why="only a part of it",
    ),
    "an action left out": Row(
        main(READ, allow("ec2:RunInstances"), PASS, MAKE, NEVER),
        missing={"ec2:TerminateInstances"},
        why="not allowed",
    ),
    "a part of a wildcard": Row(
        main(allow(["ec2:DescribeVpcs", "eks:ListClusters"]), RUN, PASS, MAKE, NEVER),
        missing={"ec2:Describe*"},
        why="only a part of it",
    ),
    "a whole policy left out": Row(ALL[:1], missing={"ec2:CreateVpc"}, why="not allowed"),
    "nothing at all": Row((), missing=EVERYTHING, not_denied={"cloudtrail:Delete*"}),
    "a narrower resource": Row(
        main(READ, RUN | {"Resource": "arn:aws:ec2:us-east-1:*:instance/*"}, PASS, MAKE, NEVER),
        missing=set(RUN["Action"]),
        why="only on some resources",
    ),
    "a resource with a variable": Row(
        main(READ, RUN | {"Resource": "arn:aws:ec2:*:*:*/${aws:username}"}, PASS, MAKE, NEVER),
        missing=set(RUN["Action"]),
        why="we cannot tell from the text",
    ),
    "a condition added": Row(
        main(READ, RUN | {"Condition": OTHER_REGIONS}, PASS, MAKE, NEVER),
        missing=set(RUN["Action"]),
        why="only under a condition",
    ),
    "a further test in a condition": Row(
        main(READ, RUN, PASS | {"Condition": MORE_ASKED}, MAKE, NEVER),
        missing=PASSES,
        why="only under a condition",
    ),
    "a condition dropped": Row(
        main(READ, RUN, without(PASS, "Condition"), MAKE, NEVER), excess=PASSES
    ),
    "an empty condition": Row(
        main(READ, RUN, PASS | {"Condition": {}}, MAKE, NEVER), excess=PASSES
    ),
    "a value more in a condition": Row(
        main(READ, RUN, PASS | {"Condition": THREE}, MAKE, NEVER), excess=PASSES
    ),
    "a value less in a condition": Row(
        main(
            READ,
            RUN,
            allow(
                "iam:PassRole",
                PASS["Resource"],
                {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            ),
            MAKE,
            NEVER,
        ),
        missing=PASSES,
        why="only under a condition",
    ),
    "a condition in a shape that is none": Row(
        main(READ, RUN, PASS | {"Condition": "open"}, MAKE, NEVER),
        missing=PASSES,
        excess=PASSES,
        why="we cannot tell from the text",
    ),
    "one key of a condition in two spellings": Row(
        main(
            READ,
            RUN,
            PASS
            | {
                "Condition": {
                    "StringEquals": PASS["Condition"]["StringEquals"] | {"IAM:PassedToService": "x"}
                }
            },
            MAKE,
            NEVER,
        ),
        missing=PASSES,
        excess=PASSES,
        why="we cannot tell from the text",
    ),
    "an element we do not know": Row(
        main(READ, RUN, PASS, MAKE | {"Principal": "*"}, NEVER),
        missing=MAKES,
        excess=set(),
        why="we cannot tell from the text",
    ),
    "a Deny dropped": Row(main(READ, RUN, PASS, MAKE), not_denied={"cloudtrail:Delete*"}),
    "a Deny that spares some": Row(
        main(READ, RUN, PASS, MAKE, NEVER | {"Condition": OTHER_REGIONS}),
        not_denied={"cloudtrail:Delete*"},
    ),
    "a Deny that holds more than ours": Row(main(READ, RUN, PASS, MAKE, deny("cloudtrail:*"))),
    "a Deny added that always bites": Row(
        (*ALL, Policy("Guard", doc(deny("ec2:TerminateInstances")))),
        taken={"ec2:TerminateInstances"},
    ),
    "a Deny added that bites elsewhere": Row(
        (*ALL, Policy("Guard", doc(deny("ec2:Run*", "*", OTHER_REGIONS)))),
        at_risk={"ec2:RunInstances"},
    ),
    "a Deny added on some resources": Row(
        (*ALL, Policy("Guard", doc(deny("iam:*", "arn:aws:iam::*:role/audit")))),
        at_risk=PASSES | MAKES,
    ),
    "a Deny added of what Astro does not do": Row((*ALL, Policy("Guard", doc(deny("rds:*"))))),
    "a Deny of all but": Row(
        (
            *ALL,
            Policy(
                "Guard", doc({"Effect": "Deny", "NotAction": ["ec2:*", "eks:*"], "Resource": "*"})
            ),
        ),
        taken=PASSES | MAKES,
    ),
    "missing from a policy and given inline": Row(ALL[:1], inline=(Policy("Extra", doc(NET)),)),
    "more given inline": Row(ALL, inline=(Policy("Extra", doc(allow("s3:*"))),), excess={"s3:*"}),
    "NotAction that holds ours": Row(
        (Policy(MAIN, doc({"Effect": "Allow", "NotAction": "rds:*", "Resource": "*"}, NEVER)),),
        excess={"all but rds:*"},
    ),
    "NotAction that leaves out ours": Row(
        (
            Policy(
                MAIN, doc({"Effect": "Allow", "NotAction": ["ec2:Run*"], "Resource": "*"}, NEVER)
            ),
        ),
        missing={"ec2:RunInstances"},
        excess={"all but ec2:Run*"},
        why="not allowed",
    ),
    "NotResource": Row(
        main(
            READ,
            without(RUN, "Resource") | {"NotResource": "arn:aws:ec2:*:*:vpc/*"},
            PASS,
            MAKE,
            NEVER,
        ),
        missing=set(RUN["Action"]),
        why="only on some resources",
    ),
    "NotResource that leaves out something else": Row(
        main(READ, RUN, without(PASS, "Resource") | {"NotResource": "arn:aws:s3:::*"}, MAKE, NEVER),
        excess=PASSES,
    ),
    "a boundary that allows all": Row(ALL, boundary=Policy("Wall", doc(allow("*")))),
    "a boundary that lacks a service": Row(
        ALL, boundary=Policy("Wall", doc(allow(["ec2:*", "eks:*"]))), taken=PASSES | MAKES
    ),
    "a boundary with a condition": Row(
        ALL,
        boundary=Policy("Wall", doc(allow(["ec2:*", "eks:*"]), allow("iam:*", "*", OTHER_REGIONS))),
        at_risk=PASSES | MAKES,
    ),
    "a boundary that denies": Row(
        ALL, boundary=Policy("Wall", doc(allow("*"), deny("ec2:Run*"))), taken={"ec2:RunInstances"}
    ),
    "text that is no policy": Row(
        (Policy(MAIN, "{"), ALL[1]),
        missing=EVERYTHING - {"ec2:CreateVpc"},
        not_denied={"cloudtrail:Delete*"},
    ),
}

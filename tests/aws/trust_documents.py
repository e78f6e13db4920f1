"""Trust policies with the fault each one has. A row adds to, or takes from, the published policy."""

from typing import Any

from onboarding.facts import TRUST_PRINCIPAL

OURS = "astro-" + "a2" * 16
ANOTHER = "astro-" + "z7" * 16
Document = dict[str, Any]


def statement(**changes: Any) -> Document:
    """The published statement with elements changed; None takes one away."""
    published: Document = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": OURS}},
    }
    changed = {**published, **changes}
    return {key: value for key, value in changed.items() if value is not None}


def policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def asks(operator: str, value: Any, key: str = "sts:ExternalId") -> Document:
    return policy(statement(Condition={operator: {key: value}}))


def trusts(principal: Any) -> Document:
    return policy(statement(Principal=principal))


OPEN = statement(Condition=None)

SAFE: dict[str, Document] = {
    "as published": policy(statement()),
    "one statement outside a list": {"Statement": statement()},
    "key in other letter case": asks("StringEquals", OURS, "STS:externalid"),
    "a list of the one id": asks("StringEquals", [OURS]),
    "StringLike without a wildcard": asks("StringLike", OURS),
    "the account's number for its ARN": trusts({"AWS": "406882777402"}),
    "one role of Astro's": trusts({"AWS": "arn:aws:iam::406882777402:role/portal"}),
    "action in other letter case": policy(statement(Action="STS:assumerole")),
    "session tags allowed too": policy(statement(Action=["sts:AssumeRole", "sts:TagSession"])),
    "a further condition narrows": policy(
        statement(
            Condition={
                "StringEquals": {"sts:ExternalId": OURS},
                "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
            }
        )
    ),
    "Null beside the exact id": policy(
        statement(
            Condition={
                "StringEquals": {"sts:ExternalId": OURS},
                "Null": {"sts:ExternalId": "false"},
            }
        )
    ),
    "a Deny besides": policy(
        statement(),
        {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"},
    ),
}

UNSAFE: dict[str, tuple[Document, str, str]] = {
    "no condition": (policy(OPEN), "no_condition", "Statement[0].Condition"),
    "an empty condition": (
        policy(statement(Condition={})),
        "no_condition",
        "Statement[0].Condition",
    ),
    "a condition on something else": (
        asks("StringEquals", "o-1234567890", "aws:PrincipalOrgID"),
        "no_external_id",
        "Statement[0].Condition",
    ),
    "an operator without keys": (
        policy(statement(Condition={"StringEquals": "x"})),
        "no_external_id",
        "Statement[0].Condition",
    ),
    "StringLike *": (
        asks("StringLike", "*"),
        "wildcard_id",
        "Statement[0].Condition.StringLike",
    ),
    "StringLike with the beginning": (
        asks("StringLike", "astro-*"),
        "wildcard_id",
        "Statement[0].Condition.StringLike",
    ),
    "StringLike with a question mark": (
        asks("StringLike", OURS[:-1] + "?"),
        "wildcard_id",
        "Statement[0].Condition.StringLike",
    ),
    "StringLike with ours and a pattern": (
        asks("StringLike", [OURS, "*"]),
        "wildcard_id",
        "Statement[0].Condition.StringLike",
    ),
    "a list of ids": (
        asks("StringEquals", [OURS, ANOTHER]),
        "several_ids",
        "Statement[0].Condition.StringEquals",
    ),
    "the key twice in two spellings": (
        policy(
            statement(
                Condition={"StringEquals": {"sts:ExternalId": OURS, "sts:externalId": ANOTHER}}
            )
        ),
        "several_ids",
        "Statement[0].Condition.StringEquals",
    ),
    "another id": (
        asks("StringEquals", ANOTHER),
        "wrong_id",
        "Statement[0].Condition.StringEquals",
    ),
    "our id in capitals": (
        asks("StringEquals", OURS.upper()),
        "wrong_id",
        "Statement[0].Condition.StringEquals",
    ),
    "our id and a space": (
        asks("StringEquals", OURS + " "),
        "wrong_id",
        "Statement[0].Condition.StringEquals",
    ),
    "an empty list of ids": (
        asks("StringEquals", []),
        "wrong_id",
        "Statement[0].Condition.StringEquals",
    ),
    "letter case ignored": (
        asks("StringEqualsIgnoreCase", OURS),
        "ignore_case",
        "Statement[0].Condition.StringEqualsIgnoreCase",
    ),
    "Null": (asks("Null", "false"), "null", "Statement[0].Condition.Null"),
    "IfExists": (
        asks("StringEqualsIfExists", OURS),
        "if_exists",
        "Statement[0].Condition.StringEqualsIfExists",
    ),
    "ForAllValues": (
        asks("ForAllValues:StringEquals", OURS),
        "for_all_values",
        "Statement[0].Condition.ForAllValues:StringEquals",
    ),
    "ForAnyValue": (
        asks("ForAnyValue:StringEquals", OURS),
        "for_any_value",
        "Statement[0].Condition.ForAnyValue:StringEquals",
    ),
    "turned around": (
        asks("StringNotEquals", OURS),
        "not_equals",
        "Statement[0].Condition.StringNotEquals",
    ),
    "an operator for other things": (
        asks("ArnLike", OURS),
        "other_operator",
        "Statement[0].Condition.ArnLike",
    ),
    "anyone": (trusts("*"), "wildcard_principal", "Statement[0].Principal.AWS"),
    "any AWS account": (trusts({"AWS": "*"}), "wildcard_principal", "Statement[0].Principal.AWS"),
    "anyone besides us": (
        trusts({"AWS": [TRUST_PRINCIPAL, "*"]}),
        "wildcard_principal",
        "Statement[0].Principal.AWS",
    ),
    "another vendor besides us": (
        trusts({"AWS": [TRUST_PRINCIPAL, "arn:aws:iam::111122223333:root"]}),
        "foreign_principal",
        "Statement[0].Principal.AWS",
    ),
    "a service besides us": (
        trusts({"AWS": TRUST_PRINCIPAL, "Service": "ec2.amazonaws.com"}),
        "foreign_principal",
        "Statement[0].Principal.Service",
    ),
    "another account whose number begins like ours": (
        trusts({"AWS": [TRUST_PRINCIPAL, "arn:aws:iam::4068827774021:root"]}),
        "foreign_principal",
        "Statement[0].Principal.AWS",
    ),
    "another partition": (
        trusts({"AWS": [TRUST_PRINCIPAL, "arn:aws-cn:iam::406882777402:root"]}),
        "foreign_principal",
        "Statement[0].Principal.AWS",
    ),
    "not somebody": (
        policy(
            statement(),
            statement(Principal=None, NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}),
        ),
        "not_principal",
        "Statement[1].NotPrincipal",
    ),
    "nobody named": (
        policy(statement(), statement(Principal=None)),
        "no_principal",
        "Statement[1].Principal",
    ),
    "every action": (policy(statement(Action="*")), "wildcard_action", "Statement[0].Action"),
    "every action of STS": (
        policy(statement(Action=["sts:*"])),
        "wildcard_action",
        "Statement[0].Action",
    ),
    "not an action": (
        policy(statement(Action=None, NotAction="sts:TagSession")),
        "not_action",
        "Statement[0].NotAction",
    ),
    "another action": (
        policy(statement(Action="sts:AssumeRoleWithSAML")),
        "other_action",
        "Statement[0].Action",
    ),
    "a second statement that is open": (
        policy(statement(), OPEN),
        "no_condition",
        "Statement[1].Condition",
    ),
    "open, and a Deny that repairs it": (
        policy(
            OPEN,
            {
                "Effect": "Deny",
                "Principal": {"AWS": TRUST_PRINCIPAL},
                "Action": "sts:AssumeRole",
                "Condition": {"StringNotEquals": {"sts:ExternalId": OURS}},
            },
        ),
        "no_condition",
        "Statement[0].Condition",
    ),
    "an effect in other letters": (
        policy(statement(), statement(Effect="allow")),
        "unreadable",
        "Statement[1].Effect",
    ),
    "an element we do not know": (
        policy(statement(notprincipal="*")),
        "unknown_element",
        "Statement[0].notprincipal",
    ),
    "a second list of statements": (
        {**policy(statement()), "statement": [OPEN]},
        "unreadable",
        "",
    ),
    "a statement that is text": (
        {"Statement": ["Allow"]},
        "unreadable",
        "",
    ),
    "only a Deny": (
        policy({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}),
        "nobody_allowed",
        "Statement",
    ),
    "empty": ({}, "nobody_allowed", "Statement"),
}
"""Document, the code of its only fault, and the path where it lies."""

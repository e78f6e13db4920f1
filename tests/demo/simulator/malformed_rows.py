"""Trust policies that IAM refuses to store."""

from tests.demo.simulator.trust_words import (
    EQUALS,
    GRAMMAR,
    KEY,
    MALFORMED,
    NEIGHBOUR,
    NOT_PRINCIPAL,
    OPERATORS,
    PRINCIPAL,
    RIGHT,
    VENDOR_ID,
    Row,
    allow,
    aws,
)

MALFORMED_ROWS = (
    Row("resource", allow(EQUALS, Resource="*"), MALFORMED, GRAMMAR),
    Row("no principal", {"Effect": "Allow", "Action": "sts:AssumeRole"}, MALFORMED, GRAMMAR),
    Row("empty principal", allow(EQUALS, {}), MALFORMED, PRINCIPAL),
    Row("empty principal list", allow(EQUALS, aws()), MALFORMED, PRINCIPAL),
    Row(
        "unknown account",
        allow(EQUALS, aws("arn:aws:iam::999900001111:root")),
        MALFORMED,
        PRINCIPAL,
    ),
    Row(
        "unknown role",
        allow(EQUALS, aws(f"arn:aws:iam::{NEIGHBOUR}:role/none")),
        MALFORMED,
        PRINCIPAL,
    ),
    Row(
        "part of an ARN as wildcard",
        allow(EQUALS, aws(f"arn:aws:iam::{VENDOR_ID}:role/*")),
        MALFORMED,
        PRINCIPAL,
    ),
    Row(
        "not principal",
        {"Effect": "Deny", "NotPrincipal": aws(VENDOR_ID), "Action": "sts:AssumeRole"},
        MALFORMED,
        NOT_PRINCIPAL,
    ),
    Row("another service's action", allow(EQUALS, Action="iam:GetRole"), MALFORMED, GRAMMAR),
    Row("unknown operator", allow({"StringIs": {KEY: RIGHT}}), MALFORMED, OPERATORS),
    Row("unknown effect", {**allow(EQUALS), "Effect": "Permit"}, MALFORMED, GRAMMAR),
    Row("unknown field", {**allow(EQUALS), "Conditions": {}}, MALFORMED, GRAMMAR),
    Row("no statements", [], MALFORMED, GRAMMAR),
    Row("unknown version", allow(EQUALS), MALFORMED, GRAMMAR, version="2020-01-01"),
)

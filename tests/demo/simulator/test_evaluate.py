"""The evaluator where no call reaches it yet."""

import pytest

from portal.demo.simulator.conditions import holds
from portal.demo.simulator.evaluate import Principal, Question, Verdict, evaluate

USER = Principal("111122223333", "arn:aws:iam::111122223333:user/one")
ARN = "arn:aws:s3:::bucket/logs/today"


def ask(action: str = "s3:GetObject", resource: str = ARN) -> Question:
    return Question(USER, action, resource, {"aws:username": ("one",)})


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ({"NotPrincipal": {"AWS": "444455556666"}, "Effect": "Deny", "Action": "*"}, "DENIED"),
        ({"NotPrincipal": {"AWS": "111122223333"}, "Effect": "Deny", "Action": "*"}, "SILENT"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "ALLOWED"),
        ({"Effect": "Allow", "NotAction": ["iam:*", "S3:Get*"], "Resource": "*"}, "SILENT"),
        ({"Effect": "Allow", "Action": "s3:Get?bject", "Resource": "*"}, "ALLOWED"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*"}, "ALLOWED"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::Bucket/*"}, "SILENT"),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::bucket/*"}, "SILENT"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "*/${aws:username}/*"}, "SILENT"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "*/${aws:none}"}, "SILENT"),
    ],
)
def test_statements(statement: dict[str, object], verdict: str) -> None:
    assert evaluate([{"Statement": statement}], ask()) is Verdict[verdict]


def test_an_account_named_whole_only_hands_the_decision_on() -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*"}
    assert evaluate([{"Statement": trust}], ask()) is Verdict.ALLOWED
    assert evaluate([{"Statement": trust}], ask(), by_account=False) is Verdict.SILENT


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("NumericLessThan", "10", True),
        ("NumericLessThan", "5", False),
        ("NumericNotEquals", "5", False),
        ("NumericEquals", "five", False),
        ("ForAllValues:NumericGreaterThan", "2", False),
        ("ForAnyValue:NumericGreaterThan", "2", True),
        ("ForAllValues:NumericNotEquals", "7", True),
        ("ForAnyValue:NumericNotEquals", ["1", "5"], False),
    ],
)
def test_numbers_and_sets(operator: str, wanted: object, expected: bool) -> None:
    several = operator.startswith("For")
    context = {"s3:number": ("1", "5") if several else ("5",)}
    assert holds({operator: {"s3:Number": wanted}}, context) is expected


def test_a_variables_value_is_no_wildcard() -> None:
    context = {"aws:username": ("*",), "s3:prefix": ("anything",)}
    assert not holds({"StringLike": {"s3:prefix": "${aws:username}"}}, context)
    assert holds({"StringLike": {"s3:prefix": "${*}"}}, {"s3:prefix": ("*",)})

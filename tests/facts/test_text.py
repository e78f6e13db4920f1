"""What a person types, as it is stored."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.facts import CONTROL_PLANE_ACCOUNT, text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345678901", "An AWS account ID has 12 digits. This one has 11."),
        ("1234567890123", "An AWS account ID has 12 digits. This one has 13."),
        (CONTROL_PLANE_ACCOUNT, "This is Astronomer’s own account. Type the ID of your account."),
        ("000000000000", "No AWS account has this ID. Type the ID of your account."),
        ("arn:aws:iam::123456789012:root", "This is an ARN."),
        ("1234 5678 9012", "An AWS account ID is 12 digits and nothing else"),
        ("1234-56789012", "An AWS account ID is 12 digits and nothing else"),
        ("１２３４５６７８９０１２", "An AWS account ID is 12 digits and nothing else"),
    ],
)
def test_a_wrong_account_id_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        text.account_id(typed)


@given(st.text(string.digits, min_size=12, max_size=12), st.text(text.BLANKS, max_size=3))
def test_every_other_twelve_digits_are_kept_as_text(digits: str, around: str) -> None:
    if digits in (CONTROL_PLANE_ACCOUNT, "0" * 12):
        return
    dashed = f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"
    assert text.account_id(around + digits + around) == digits
    assert text.account_id(around + dashed) == digits


@given(st.text(max_size=20))
def test_a_cluster_name_that_is_taken_is_one_that_eks_takes(typed: str) -> None:
    try:
        name = text.cluster_name(typed)
    except ValueError:
        return
    allowed = string.ascii_letters + string.digits
    assert name[0] in allowed
    assert set(name) <= set(allowed + "-_")
    assert name in typed


@pytest.mark.parametrize("typed", ["Acme", "9acme", "a--b", "acme-", "API", "x", "null"])
def test_short_names_that_make_no_host_name_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        text.short_name(typed)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Acme Data, Inc.", "acme-data-inc"),
        ("Čeština & Söhne", "cestina-sohne"),
        ("3M", ""),
        ("API", ""),
        ("日本", ""),
        ("A" * 60, "a" * 40),
    ],
)
def test_a_short_name_is_suggested_when_the_name_gives_one(name: str, suggestion: str) -> None:
    assert text.suggest_short_name(name) == suggestion


@given(st.text(max_size=80))
def test_every_suggestion_is_itself_a_short_name(name: str) -> None:
    suggestion = text.suggest_short_name(name)
    assert suggestion == "" or text.short_name(suggestion) == suggestion


@pytest.mark.parametrize("name", ["Shared services", "prod.network", "NetworkStack/Vpc", "v1"])
def test_a_vpc_may_be_given_by_its_name(name: str) -> None:
    assert text.vpc(f" {name}\n") == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("vpc-prod", "If this is a name, give the ID instead."),
        ("VPC-1a2b3c4d", "A VPC ID is vpc- and 8 or 17"),
        ("vpc_1a2b3c4d", "A VPC ID begins with vpc-"),
        ("subnet-0a1b2c3d4e5f60718", "This is the ID of a subnet."),
        ("vpce-1a2b3c4d", "This is the ID of a vpce."),
        ("123456789012", "This looks like an AWS account ID."),
        ("-n", "Begin with a letter or a digit"),
        ("prod{{7*7}}", "this name has “{” in it"),
    ],
)
def test_what_is_no_vpc_is_told_why(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        text.vpc(typed)


@given(st.integers(-50, 250))
def test_a_number_is_taken_exactly_when_it_is_in_range(number: int) -> None:
    if 2 <= number <= 100:
        assert text.whole_number(str(number), 2, 100) == number
    else:
        with pytest.raises(ValueError, match="from 2 to 100"):
            text.whole_number(str(number), 2, 100)


@pytest.mark.parametrize("typed", ["a\u202eb", "a\u200bb", "a\nb", "a\u2028b", "\ue000a", "a\x00"])
def test_a_name_with_something_hidden_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="hidden"):
        text.printable(typed, 1, 80)


def test_a_name_may_be_in_any_script() -> None:
    assert text.printable(" Société Générale – 株式会社 ", 2, 80) == "Société Générale – 株式会社"

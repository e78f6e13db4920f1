import pytest

from onboarding.facts.log_groups import log_group

ARN = "arn:aws:logs:us-east-1:111122223333:log-group:/audit/trail"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("aws-cloudtrail-logs", "aws-cloudtrail-logs"),
        (" /audit/trail_1.a#b ", "/audit/trail_1.a#b"),
        (ARN, "/audit/trail"),
        (f"{ARN}:*", "/audit/trail"),
        ("a" * 512, "a" * 512),
    ],
)
def test_a_name_is_taken_and_that_of_an_arn(typed: str, stored: str) -> None:
    assert log_group(typed) == stored


@pytest.mark.parametrize(
    "typed", ["a b", "a" * 513, "name:*", "näme", "a\nb", "$(id)", "trail'] | [0", "arn:aws:s3:::b"]
)
def test_anything_else_is_not(typed: str) -> None:
    with pytest.raises(ValueError, match="Type the name of a log group"):
        log_group(typed)

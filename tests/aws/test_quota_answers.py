"""What AWS decided, told from the request and the value: every status, before and after the lag."""

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.aws.actions.ask_quota import Request
from onboarding.aws.quota_answers import LAG, Answer, answer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON, LATE = timedelta(minutes=1), LAG + timedelta(minutes=1)
OPEN, CASE, LESS, NO = Answer.OPEN, Answer.CASE_OPENED, Answer.GRANTED_LESS, Answer.REFUSED


def request(status: str, ago: timedelta, case_id: str = "") -> Request:
    changed = NOW - ago
    return Request("r-1", status, 80, case_id, changed, changed, by_role=True)


def told(asked: Request | None, value: int) -> Answer:
    return answer(asked, value=value, before=5, desired=80, now=NOW)


@pytest.mark.parametrize(
    ("status", "ago", "untouched", "risen"),
    [
        # status, since when, what it means with the quota still at 5, and with 40 of the 80
        ("PENDING", SOON, OPEN, OPEN),
        ("PENDING", LATE, OPEN, OPEN),
        ("CASE_OPENED", LATE, CASE, CASE),
        ("APPROVED", SOON, OPEN, LESS),
        ("APPROVED", LATE, LESS, LESS),
        ("CASE_CLOSED", SOON, OPEN, LESS),
        ("CASE_CLOSED", LATE, NO, LESS),
        ("DENIED", SOON, NO, LESS),
        ("NOT_APPROVED", SOON, NO, LESS),
        ("INVALID_REQUEST", SOON, NO, LESS),
    ],
)
def test_each_status_means(status: str, ago: timedelta, untouched: Answer, risen: Answer) -> None:
    assert told(request(status, ago), 5) is untouched
    assert told(request(status, ago), 40) is risen


@pytest.mark.parametrize("value", [80, 100])
@pytest.mark.parametrize("status", ["PENDING", "CASE_OPENED", "APPROVED", "DENIED", "CASE_CLOSED"])
def test_the_value_itself_is_a_yes_whatever_the_status(status: str, value: int) -> None:
    assert told(request(status, SOON), value) is Answer.GRANTED


def test_a_closed_case_is_still_a_case_while_the_value_may_rise() -> None:
    assert told(request("CASE_CLOSED", SOON, "123"), 5) is Answer.CASE_OPENED


def test_a_request_that_is_gone_leaves_the_value() -> None:
    assert told(None, 5) is Answer.OPEN
    assert told(None, 40) is Answer.GRANTED_LESS
    assert told(None, 80) is Answer.GRANTED

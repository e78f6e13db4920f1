from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onboarding.aws.check import Finding, Status, Turn
from onboarding.aws.trust import TrustFault, faults
from onboarding.aws.verify import Answer, Probe, is_proved, judge
from tests.aws.trust_documents import OURS, UNSAFE

OPENED, DENIED, UNKNOWN = Answer.OPENED, Answer.DENIED, Answer.UNKNOWN
P, W, F, C = Status.PASSED, Status.WAITING, Status.FAILED, Status.COULD_NOT_CHECK
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
NO_CONDITION = faults(UNSAFE["no condition"][0], external_id=OURS)
ANY_ID = faults(UNSAFE["StringLike *"][0], external_id=OURS)
LACKING = Finding(F, saw="The role lacks 3.", turn=Turn.CUSTOMER)
UNREAD = Finding(C, saw="The role may not use iam:GetRole.", turn=Turn.CUSTOMER)


def look(
    opens: Answer = OPENED,
    without: Answer = DENIED,
    wrong: Answer = DENIED,
    *,
    seconds: float = 0,
    trust: tuple[TrustFault, ...] = (),
    read: bool = True,
    **more: Any,
) -> Probe:
    at = NOON + timedelta(seconds=seconds)
    ids = {"opens": "req-o", "without": "req-w", "wrong": "req-x", "identity": "req-i"}
    return Probe(opens, without, wrong, trust, read, ids, at, at, **more)


def statuses(first: Probe, second: Probe | None = None, waited: float = 30) -> list[Status]:
    """Of the four proofs."""
    return [item.finding.status for item in judge(first, second, waited_seconds=waited)][:4]


def test_two_good_looks_five_seconds_apart_prove_the_role() -> None:
    found = judge(look(), look(seconds=5), waited_seconds=30)

    assert is_proved(found)
    assert [item.code for item in found] == [
        "role_exists",
        "role_opens",
        "role_refuses_without",
        "role_refuses_wrong",
        "role_permissions",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (look(), None),
        (look(), look(seconds=4.9)),
        (look(opens=DENIED), look(seconds=30)),
        (look(), look(seconds=30, opens=DENIED)),
        (look(without=UNKNOWN), look(seconds=30)),
        (look(wrong=OPENED), look(seconds=30)),
    ],
    ids=["one look", "too soon", "opened late", "shut again", "unknown before", "open before"],
)
def test_a_refusal_counts_only_beside_two_openings_and_five_seconds(
    first: Probe, second: Probe | None
) -> None:
    assert not is_proved(judge(first, second, waited_seconds=30))


def test_the_wait_is_counted_to_the_first_question_of_the_second_look() -> None:
    slow = replace(look(seconds=9), began=NOON + timedelta(seconds=1))

    assert statuses(look(), slow) == [P, P, W, W]


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (look(), [P, P, W, W]),
        (look(DENIED), [W, W, W, W]),
        (look(UNKNOWN), [C, C, W, W]),
        (look(UNKNOWN, UNKNOWN, UNKNOWN), [C, C, C, C]),
        (look(OPENED, OPENED, OPENED, trust=NO_CONDITION), [P, P, F, F]),
        (look(OPENED, OPENED, OPENED, read=False), [P, P, F, F]),
        (look(OPENED, DENIED, OPENED, trust=ANY_ID), [P, P, W, F]),
        (look(OPENED, OPENED, OPENED), [P, P, W, W]),
        (look(OPENED, UNKNOWN, DENIED), [P, P, C, W]),
        (look(DENIED, OPENED, OPENED), [P, F, F, F]),
        (look(DENIED, UNKNOWN, UNKNOWN), [W, W, C, C]),
    ],
)
def test_one_look_is_read_without_guessing(probe: Probe, expected: list[Status]) -> None:
    assert statuses(probe) == expected


@pytest.mark.parametrize(
    "later",
    [
        look(opens=UNKNOWN, seconds=10),
        look(without=UNKNOWN, seconds=10),
        look(wrong=UNKNOWN, seconds=10),
    ],
    ids=["opens", "without", "wrong"],
)
def test_unknown_never_passes(later: Probe) -> None:

    assert not is_proved(judge(look(), later, waited_seconds=30))


def test_a_role_that_does_not_open_waits_for_the_customer_and_says_why() -> None:
    early = judge(look(DENIED), waited_seconds=20)[0].finding
    late = judge(look(DENIED), waited_seconds=121)[0].finding

    assert early.turn is late.turn is Turn.CUSTOMER
    assert "same answer for a role that does not exist" in early.saw
    assert any("AWS can take a minute" in step for step in early.fix.steps)
    assert not any("AWS can take a minute" in step for step in late.fix.steps)


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("no condition", "role_refuses_without"),
        ("IfExists", "role_refuses_without"),
        ("ForAllValues", "role_refuses_without"),
        ("turned around", "role_refuses_without"),
        ("StringLike *", "role_refuses_wrong"),
        ("a list of ids", "role_refuses_wrong"),
        ("another vendor besides us", "role_refuses_wrong"),
        ("any AWS account", "role_refuses_wrong"),
    ],
)
def test_a_fault_read_back_fails_though_every_probe_was_refused(row: str, finding: str) -> None:
    found_faults = faults(UNSAFE[row][0], external_id=OURS)

    found = judge(look(trust=found_faults), look(seconds=9, trust=found_faults), waited_seconds=30)

    failed = {item.code: item.finding for item in found if item.finding.status is F}
    assert list(failed) == [finding]
    assert found_faults[0].explanation in failed[finding].cause
    assert found_faults[0].path in failed[finding].cause


def test_faults_read_in_the_first_look_count_when_the_second_could_not_read() -> None:
    bad = faults(UNSAFE["a list of ids"][0], external_id=OURS)
    unread = replace(look(seconds=9), trust_read=False)

    assert statuses(look(trust=bad), unread) == [P, P, P, F]


def test_an_open_role_names_the_wrong_line_and_the_fix() -> None:
    bad = faults(UNSAFE["no condition"][0], external_id=OURS)

    finding = judge(look(OPENED, OPENED, OPENED, trust=bad), waited_seconds=3)[2].finding

    assert "without an external ID" in finding.saw
    assert "Statement[0].Condition" in finding.cause
    assert finding.turn is Turn.CUSTOMER
    assert finding.fix.steps


def test_an_open_role_that_cannot_be_read_names_the_likely_line() -> None:
    unread = replace(look(OPENED, OPENED, OPENED), trust_read=False)

    assert "sts:ExternalId" in judge(unread, waited_seconds=3)[2].finding.cause


@pytest.mark.parametrize(
    ("whose", "words"),
    [(Turn.AWS, "do nothing"), (Turn.SUPPORT, "our side"), (Turn.CUSTOMER, "check again")],
)
def test_an_unknown_answer_says_whose_turn_it_is(whose: Turn, words: str) -> None:
    probe = replace(look(UNKNOWN, UNKNOWN, UNKNOWN), whose=whose, problem="Rate exceeded")

    finding = judge(probe, waited_seconds=3)[0].finding

    assert finding.turn is whose
    assert words in finding.fix.steps[0]
    assert "Rate exceeded" in finding.saw


def test_a_finding_carries_the_request_ids_of_its_questions() -> None:
    found = judge(look(), look(seconds=9), waited_seconds=3)

    assert found[1].finding.request_ids == ("req-o", "req-i")
    assert found[2].finding.request_ids == ("req-w", "req-w")


@pytest.mark.parametrize("waited", [0, 4, 30, 119])
def test_a_way_in_left_over_from_older_rules_is_no_failure_while_aws_may_serve_them(
    waited: float,
) -> None:
    """IAM reads back the right policy, STS still obeys the one before."""
    finding = judge(look(OPENED, OPENED, OPENED), waited_seconds=waited)[2].finding

    assert finding.status is W
    assert finding.turn is Turn.AWS
    assert "older" in finding.saw


def test_after_two_minutes_a_way_in_is_a_failure_whatever_is_read_back() -> None:
    assert statuses(look(OPENED, OPENED, OPENED), waited=121) == [P, P, F, F]


@pytest.mark.parametrize("waited", [0, 4, 30, 119, 121])
@pytest.mark.parametrize(
    "first",
    [look(DENIED), look(OPENED, OPENED, OPENED), look(OPENED, DENIED, OPENED, read=False)],
    ids=["refused", "open", "open to any id"],
)
def test_what_an_older_policy_may_have_answered_never_proves(first: Probe, waited: float) -> None:
    assert not is_proved(judge(first, waited_seconds=waited))
    assert not is_proved(judge(first, look(seconds=9), waited_seconds=waited))


@pytest.mark.parametrize(
    ("waited", "calm"), [(0, True), (4, True), (30, True), (119, True), (121, False)]
)
def test_a_refusal_is_never_a_failure_and_after_two_minutes_says_what_to_compare(
    waited: float, calm: bool
) -> None:
    exists, opens = (each.finding for each in judge(look(DENIED), waited_seconds=waited)[:2])

    assert exists.status is opens.status is W
    words = " ".join(exists.fix.steps)
    assert ("can take a minute" in words) is calm
    assert ("letter by letter" in words) is not calm


@pytest.mark.parametrize("found", [LACKING, UNREAD], ids=["lacking", "unread"])
@pytest.mark.parametrize(("age", "status"), [(0, W), (4, W), (30, W), (119, W), (121, None)])
def test_the_policies_of_a_role_just_made_may_still_be_on_their_way(
    found: Finding, age: float, status: Status | None
) -> None:
    made = NOON - timedelta(seconds=age)
    seen = look(permissions=found, role_made=made)

    finding = judge(seen, waited_seconds=5000)[4].finding

    assert finding.status is (status or found.status)


def test_an_older_role_that_lacks_something_is_told_at_once() -> None:
    old = look(permissions=LACKING, role_made=NOON - timedelta(days=1))

    assert judge(old, waited_seconds=0)[4].finding is LACKING


@pytest.mark.parametrize(
    ("last", "status"),
    [(look(DENIED, seconds=9), W), (look(UNKNOWN, seconds=9), C), (look(seconds=9), F)],
    ids=["shut again", "no answer", "still open"],
)
def test_permissions_count_only_while_the_role_opens(last: Probe, status: Status) -> None:
    first = look(permissions=LACKING, role_made=NOON - timedelta(days=1))

    assert judge(first, last, waited_seconds=9)[4].finding.status is status


def test_what_the_role_may_do_makes_it_neither_safer_nor_less_safe() -> None:
    lacking = look(permissions=LACKING, role_made=NOON - timedelta(days=1))

    assert is_proved(judge(lacking, look(seconds=9), waited_seconds=9))

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.trust import TrustFault, faults
from onboarding.aws.verify import Answer, Probe, is_proved, judge
from tests.aws.trust_documents import OURS, UNSAFE

OPENED, DENIED, UNKNOWN = Answer.OPENED, Answer.DENIED, Answer.UNKNOWN
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def look(
    opens: Answer = OPENED,
    without: Answer = DENIED,
    wrong: Answer = DENIED,
    *,
    seconds: float = 0,
    trust: tuple[TrustFault, ...] = (),
) -> Probe:
    at = NOON + timedelta(seconds=seconds)
    ids = {"opens": "req-o", "without": "req-w", "wrong": "req-x", "identity": "req-i"}
    return Probe(opens, without, wrong, trust, True, ids, at, at)


def statuses(first: Probe, second: Probe | None = None, waited: float = 30) -> list[Status]:
    return [item.finding.status for item in judge(first, second, waited_seconds=waited)]


P, W, F, C = Status.PASSED, Status.WAITING, Status.FAILED, Status.COULD_NOT_CHECK


def test_two_good_looks_five_seconds_apart_prove_the_role() -> None:
    found = judge(look(), look(seconds=5), waited_seconds=30)

    assert is_proved(found)
    assert [item.code for item in found] == [
        "role_exists",
        "role_opens",
        "role_refuses_without",
        "role_refuses_wrong",
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
        (look(OPENED, OPENED, OPENED), [P, P, F, F]),
        (look(OPENED, DENIED, OPENED), [P, P, W, F]),
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


def test_a_look_travels_as_plain_data() -> None:
    probe = look(trust=faults(UNSAFE["StringLike *"][0], external_id=OURS))

    assert Probe.from_data(probe.as_data()) == probe
    assert OURS not in str(probe.as_data())

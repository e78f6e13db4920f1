import json
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.aws.check import Status, Turn
from onboarding.aws.errors import OwnAccount
from onboarding.aws.verify import Answer, Probe, is_proved, judge, probe
from onboarding.facts import CONTROL_PLANE_ACCOUNT, ROLE_NAME
from tests.aws.simulated import Log, SimulatedAws, Spy
from tests.aws.trust_documents import OPEN, OURS, SAFE, UNSAFE, policy, statement

OPENED, DENIED, UNKNOWN = Answer.OPENED, Answer.DENIED, Answer.UNKNOWN
NOT_FOR_IAM = {
    "an empty condition",
    "an operator without keys",
    "an operator for other things",
    "not an action",
    "another action",
    "an empty list of ids",
    "the key twice in two spellings",
    "not somebody",
    "nobody named",
    "an effect in other letters",
    "an element we do not know",
    "a second list of statements",
    "a statement that is text",
    "only a Deny",
    "empty",
    "every action",
    "another account whose number begins like ours",
    "another partition",
}
"""Rows that IAM refuses to store, or that let nobody in."""


def answers(one: Probe) -> tuple[Answer, Answer, Answer]:
    return one.opens, one.without, one.wrong


def two_looks(account_id: str) -> tuple[Probe, Probe]:
    first, second = (probe(account_id, OURS, region="us-east-1") for _ in range(2))
    return first, later(second, 10)


def later(one: Probe, seconds: float) -> Probe:
    moved = timedelta(seconds=seconds)
    return replace(one, at=one.at + moved, began=one.asked_at + moved)


@pytest.mark.parametrize("name", ["as published", "a list of the one id", "a Deny besides"])
def test_a_safe_role_is_proved_by_two_looks(aws: SimulatedAws, account_id: str, name: str) -> None:
    trust = SAFE[name] if name != "a Deny besides" else with_a_deny_that_spares_us()
    aws.make_role(account_id, trust)

    first, second = two_looks(account_id)

    assert answers(first) == answers(second) == (OPENED, DENIED, DENIED)
    assert first.trust_read
    assert first.trust_faults == ()
    assert is_proved(judge(first, second, waited_seconds=10))


def with_a_deny_that_spares_us() -> dict[str, object]:
    other = {"AWS": "arn:aws:iam::111122223333:root"}
    return policy(statement(), {"Effect": "Deny", "Principal": other, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize("name", sorted(set(UNSAFE) - NOT_FOR_IAM))
def test_no_unsafe_role_is_ever_proved(aws: SimulatedAws, account_id: str, name: str) -> None:
    document, _, _ = UNSAFE[name]
    aws.make_role(account_id, document)

    found = judge(*two_looks(account_id), waited_seconds=200)

    statuses = {item.code: item.finding.status for item in found}
    assert not is_proved(found)
    if statuses["role_opens"] is Status.PASSED:
        assert Status.FAILED in statuses.values()


def test_the_sample_role_without_a_condition_is_named_with_its_line(aws: SimulatedAws) -> None:
    one = probe("650987654321", OURS, region="us-east-1")

    assert one.opens is one.without is one.wrong is OPENED
    assert not is_proved(judge(one, later(one, 10), waited_seconds=10))


def test_a_role_open_to_all_fails_with_the_line_read_back(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, policy(OPEN))

    found = judge(probe(account_id, OURS, region="us-east-1"), waited_seconds=3)

    assert [item.finding.status for item in found[2:4]] == [Status.FAILED] * 2
    assert "Statement[0].Condition" in found[2].finding.cause


def test_an_absent_role_waits_for_the_customer(aws: SimulatedAws, account_id: str) -> None:
    one = probe(account_id, OURS, region="us-east-1")

    assert answers(one) == (DENIED, DENIED, DENIED)
    assert judge(one, waited_seconds=3)[0].finding.turn is Turn.CUSTOMER


@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("Throttling", Turn.AWS),
        ("ServiceUnavailable", Turn.AWS),
        ("InternalFailure", Turn.AWS),
        ("RegionDisabledException", Turn.CUSTOMER),
        ("InvalidClientTokenId", Turn.SUPPORT),
        ("ExpiredToken", Turn.SUPPORT),
    ],
)
def test_only_access_denied_counts_as_denied(
    aws: SimulatedAws, account_id: str, code: str, whose: Turn
) -> None:
    aws.make_role(account_id, SAFE["as published"])
    aws.fail("sts:AssumeRole", code)

    one = probe(account_id, OURS, region="us-east-1")

    assert answers(one) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert one.whose is whose


def test_an_aws_out_of_reach_is_unknown(aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    one = probe("210987654321", OURS, region="us-east-1")

    assert answers(one) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert one.whose is Turn.SUPPORT


def test_a_broken_set_up_of_ours_is_unknown_and_supports_turn(
    aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")

    one = probe("210987654321", OURS, region="us-east-1")

    assert answers(one) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert one.whose is Turn.SUPPORT


def test_two_looks_ask_sts_eight_times_at_most(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, SAFE["as published"])

    two_looks(account_id)

    assert len(aws.calls(account_id, "^sts:")) == 8
    assert len(aws.calls(account_id, "^sts:AssumeRole$")) == 6


def test_one_look_sends_no_id_a_random_one_and_ours(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, SAFE["as published"])
    spy = Spy()

    probe(account_id, OURS, region="us-east-1", session=spy)
    probe(account_id, OURS, region="us-east-1", session=spy)

    sent = [params.get("ExternalId") for params in spy.assumed]
    assert sent.count(None) == sent.count(OURS) == 2
    random = {str(value) for value in sent if value not in (None, OURS)}
    assert len(random) == 2
    assert all(len(value) == len(OURS) and value.startswith("astro-") for value in random)
    assert all("ExternalId" not in p for p in spy.assumed if p.get("ExternalId") is None)


def test_a_trust_policy_that_may_not_be_read_is_no_failure(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, SAFE["as published"], permissions=None)

    first, second = two_looks(account_id)

    assert not first.trust_read
    assert is_proved(judge(first, second, waited_seconds=10))


def test_every_question_leaves_its_request_id(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, SAFE["as published"])
    log = Log()

    one = probe(account_id, OURS, region="us-east-1", record=log)

    assert set(one.request_ids) == {"opens", "without", "wrong", "identity", "trust"}
    assert set(one.request_ids.values()) == {call.request_id for call in log.calls}


def test_old_rules_still_served_after_a_fix_prove_nothing(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, policy(OPEN))
    iam = aws.admin(account_id, "iam")
    aws.simulator.knobs(propagation_seconds=3600)
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=published_text())

    found = judge(*two_looks(account_id), waited_seconds=10)

    assert not is_proved(found)


def published_text() -> str:
    return json.dumps(SAFE["as published"])


def test_astros_own_account_is_never_probed(aws: SimulatedAws) -> None:
    log = Log()

    with pytest.raises(OwnAccount):
        probe(CONTROL_PLANE_ACCOUNT, OURS, region="us-east-1", record=log)

    assert log.calls == []


def test_an_ill_shaped_id_is_never_probed_nor_repeated(aws: SimulatedAws) -> None:
    with pytest.raises(ValueError, match="external ID") as caught:
        probe("210987654321", "hunter2-hunter2", region="us-east-1")

    assert "hunter2" not in str(caught.value)

"""While the external ID is being renewed: the new one first, then the former one, and no way else."""

import json

import boto3
import pytest

from onboarding.aws.account import connect
from onboarding.aws.check import Status, Turn
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import Denied
from onboarding.aws.trust import faults
from onboarding.aws.verify import Answer, Probe, is_proved, judge, probe
from onboarding.facts import ROLE_NAME
from tests.aws.simulated import Log, SimulatedAws, Spy
from tests.aws.test_verify import later
from tests.aws.trust_documents import OPEN, OURS, asks, policy, statement

FORMER = "astro-" + "b3" * 16
OTHER = "astro-" + "c4" * 16
OPENED, DENIED = Answer.OPENED, Answer.DENIED


def trusts(*ids: str) -> dict[str, object]:
    given: object = ids[0] if len(ids) == 1 else list(ids)
    return policy(statement(Condition={"StringEquals": {"sts:ExternalId": given}}))


def two_looks(account_id: str, session: SessionFactory = boto3.Session) -> tuple[Probe, Probe]:
    first = probe(account_id, OURS, former=FORMER, region="us-east-1", session=session)
    second = probe(
        account_id, OURS, former=FORMER, before=first, region="us-east-1", session=session
    )
    return first, later(second, 10)


def opens(*looks: Probe) -> Status:
    found = {each.code: each.finding for each in judge(*looks, waited_seconds=200)}
    return found["role_opens"].status


def test_an_updated_role_is_proved_and_refuses_the_former_id(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, trusts(OURS))

    first, second = two_looks(account_id)

    assert (first.opens, first.by_former, first.former) == (OPENED, False, None)
    assert (second.opens, second.by_former, second.former) == (OPENED, False, DENIED)
    assert is_proved(judge(first, second, waited_seconds=200))
    assert opens(first, second) is Status.PASSED


def test_a_role_with_the_former_id_stays_proved_and_is_to_be_updated(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, trusts(FORMER))

    looks = two_looks(account_id)

    assert [look.by_former for look in looks] == [True, True]
    found = {each.code: each.finding for each in judge(*looks, waited_seconds=200)}
    assert is_proved(judge(*looks, waited_seconds=200))
    assert found["role_opens"].status is Status.WARNING
    assert found["role_opens"].turn is Turn.CUSTOMER
    assert "still opens with the former external ID: update it" in found["role_opens"].saw
    refusals = ("role_exists", "role_refuses_without", "role_refuses_wrong")
    assert {found[code].status for code in refusals} == {Status.PASSED}


def test_a_role_with_both_is_safe_and_the_former_is_to_be_taken_out(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, trusts(OURS, FORMER))

    looks = two_looks(account_id)

    assert (looks[1].by_former, looks[1].former) == (False, OPENED)
    assert is_proved(judge(*looks, waited_seconds=200))
    assert opens(*looks) is Status.WARNING


@pytest.mark.parametrize("ids", [(OTHER,), (OURS, OTHER), (FORMER, OTHER)])
def test_no_third_id_is_good(aws: SimulatedAws, account_id: str, ids: tuple[str, ...]) -> None:
    aws.make_role(account_id, trusts(*ids))

    assert not is_proved(judge(*two_looks(account_id), waited_seconds=200))


def test_an_open_role_is_unsafe_whichever_id_opens_it(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, policy(OPEN))

    assert not is_proved(judge(*two_looks(account_id), waited_seconds=200))


@pytest.mark.parametrize("ids", [(OURS,), (FORMER,), (OURS, FORMER), (OTHER,)])
def test_two_looks_ask_sts_eight_times_at_most(
    aws: SimulatedAws, account_id: str, ids: tuple[str, ...]
) -> None:
    aws.make_role(account_id, trusts(*ids))

    two_looks(account_id)

    assert len(aws.calls(account_id, "^sts:")) <= 8


def test_what_is_sent_is_the_new_one_then_the_former_one_and_nothing_else_of_ours(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, trusts(FORMER))
    spy = Spy()

    two_looks(account_id, spy)

    sent = [params.get("ExternalId") for params in spy.assumed]
    ours = [value for value in sent if value in (OURS, FORMER)]
    assert ours == [OURS, FORMER, FORMER]
    assert sent.count(None) == 2


def test_a_role_changed_between_the_looks_is_not_taken_for_updated(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, trusts(FORMER))
    first = probe(account_id, OURS, former=FORMER, region="us-east-1")
    iam = aws.admin(account_id, "iam")
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=json.dumps(trusts(OURS)))

    second = probe(account_id, OURS, former=FORMER, before=first, region="us-east-1")

    assert second.opens is DENIED
    assert second.former is None


def test_without_a_former_one_no_other_is_ever_tried(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, trusts(FORMER))

    one = probe(account_id, OURS, region="us-east-1")

    assert one.opens is DENIED


def test_connecting_works_with_either_and_with_no_other(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, trusts(FORMER))

    assert connect(account_id, OURS, "us-east-1", former=FORMER).account_id == account_id
    with pytest.raises(Denied):
        connect(account_id, OURS, "us-east-1", former=OTHER)
    with pytest.raises(Denied):
        connect(account_id, OURS, "us-east-1")


def test_an_updated_role_is_entered_at_the_first_try(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, trusts(OURS))

    connect(account_id, OURS, "us-east-1", former=FORMER)

    assert len(aws.calls(account_id, "^sts:AssumeRole$")) == 1


@pytest.mark.parametrize("bad", ["hunter2-hunter2", "*"])
def test_an_ill_shaped_former_id_is_never_sent_nor_repeated(aws: SimulatedAws, bad: str) -> None:
    with pytest.raises(ValueError, match="external ID") as asked:
        probe("210987654321", OURS, former=bad, region="us-east-1")
    assert bad not in str(asked.value)


def test_neither_id_is_in_a_log_or_a_repr(
    aws: SimulatedAws, account_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    aws.make_role(account_id, trusts(OURS, FORMER))
    caplog.set_level("DEBUG")
    log = Log()

    looks = [probe(account_id, OURS, former=FORMER, region="us-east-1", record=log)]

    told = repr(looks) + repr(log.calls) + repr(judge(*looks, waited_seconds=1))
    assert OURS not in told
    assert FORMER not in told


def test_faults_name_neither_id() -> None:
    listed = asks("StringEquals", [OURS, FORMER, OTHER])

    (fault,) = faults(listed, external_id=OURS, former=FORMER)

    assert fault.code == "several_ids"
    assert not [each for each in (OURS, FORMER, OTHER) if each in repr(fault)]
    assert faults(asks("StringEquals", [OURS, FORMER]), external_id=OURS, former=FORMER) == ()
    assert faults(asks("StringEquals", []), external_id=OURS, former=FORMER)

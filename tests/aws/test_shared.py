"""What several checks ask is asked once, and answered to all of them."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Event
from typing import Any

import pytest

from onboarding.aws.account import Account
from onboarding.aws.errors import Denied
from onboarding.aws.recording import collecting
from onboarding.aws.shared import Shared
from onboarding.aws.together import at_once
from tests.aws.simulated import Log, SimulatedAws


class Slow(Account):
    """An account whose answer comes when the test lets it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.account_id, self.region = "210987654321", "us-east-1"
        self.asked: list[tuple[str, str, str | None, dict[str, Any]]] = []
        self.may_answer = Event()
        self.error = error

    def ask(self, service: str, method: str, region: str | None = None, **params: Any) -> Any:
        self.asked.append((service, method, region, params))
        assert self.may_answer.wait(10)
        if self.error:
            raise self.error
        return {"n": len(self.asked)}


def test_who_asks_while_the_call_is_under_way_waits_for_its_answer() -> None:
    slow = Slow()
    shared = Shared(slow)

    with ThreadPoolExecutor(3) as pool:
        going = [pool.submit(shared.ask, "ec2", "describe_vpcs") for _ in range(3)]
        slow.may_answer.set()
        found = [one.result() for one in going]

    assert found == [{"n": 1}] * 3
    assert len(slow.asked) == 1


def test_another_region_or_parameter_is_another_question() -> None:
    slow = Slow()
    slow.may_answer.set()
    shared = Shared(slow)

    shared.ask("ec2", "describe_vpcs")
    shared.ask("ec2", "describe_vpcs", "us-east-1")
    shared.ask("ec2", "describe_vpcs", "eu-west-1")
    shared.ask("ec2", "describe_vpcs", VpcIds=["vpc-1"])

    assert [(region, params) for _, _, region, params in slow.asked] == [
        (None, {}),
        ("eu-west-1", {}),
        (None, {"VpcIds": ["vpc-1"]}),
    ]


def test_a_refusal_is_given_to_all_who_asked() -> None:
    slow = Slow(Denied("No.", code="AccessDenied"))
    slow.may_answer.set()
    shared = Shared(slow)

    for _ in range(2):
        with pytest.raises(Denied):
            shared.ask("ec2", "describe_vpcs")
    assert len(slow.asked) == 1


def test_a_mistake_of_ours_leaves_nobody_waiting() -> None:
    slow = Slow(RuntimeError("a mistake"))
    slow.may_answer.set()
    shared = Shared(slow)

    for _ in range(2):
        with pytest.raises(RuntimeError):
            shared.ask("ec2", "describe_vpcs")


def test_everybody_is_told_the_request_id_and_the_record_has_it_once(
    aws: SimulatedAws, account_id: str
) -> None:
    log = Log()
    shared = Shared(aws.account(account_id, record=log))

    def ask() -> list[str]:
        with collecting() as calls:
            shared.ask_all("ec2", "describe_vpcs", "Vpcs")
        return [call.request_id for call in calls]

    assert ask() == ask() == [call.request_id for call in log.calls]
    assert len(log.calls) == 1


def test_calls_made_side_by_side_count_among_those_of_the_block(
    aws: SimulatedAws, account_id: str
) -> None:
    account = aws.account(account_id)

    with collecting() as calls:
        at_once(
            lambda: account.ask_all("ec2", "describe_vpcs", "Vpcs"),
            lambda: account.ask_all("ec2", "describe_subnets", "Subnets"),
        )

    assert {call.action for call in calls} == {"DescribeVpcs", "DescribeSubnets"}


def test_of_several_failures_the_first_in_order_rises() -> None:
    def fail(text: str) -> Any:
        raise ValueError(text)

    with pytest.raises(ValueError, match="one"):
        at_once(lambda: 1, lambda: fail("one"), lambda: fail("two"))
    assert copy_context().run(at_once) == []

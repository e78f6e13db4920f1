"""Increase requests that are decided while one watches."""

import time
from typing import Any

import pytest

from portal.demo.simulator.samples import BRAND_NEW
from tests.demo.simulator.conftest import World, refused

ON_DEMAND = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}


def ask(world: World, desired: float = 80) -> tuple[Any, str]:
    quotas = world.admin("service-quotas", BRAND_NEW)
    made = quotas.request_service_quota_increase(**ON_DEMAND, DesiredValue=desired)
    return quotas, made["RequestedQuota"]["Id"]


def status(quotas: Any, request_id: str) -> str:
    found = quotas.get_requested_service_quota_change(RequestId=request_id)
    return str(found["RequestedQuota"]["Status"])


def value(quotas: Any) -> float:
    return float(quotas.get_service_quota(**ON_DEMAND)["Quota"]["Value"])


def test_nothing_is_decided_unless_told(world: World) -> None:
    quotas, request_id = ask(world)
    assert status(quotas, request_id) == "PENDING"
    assert world.control("knobs")["quota_answers"] is None


def test_a_request_becomes_a_case_and_then_is_approved(world: World) -> None:
    world.control("knobs", {"quota_answers": {"case_after_seconds": 0.4, "after_seconds": 1}})
    quotas, request_id = ask(world)
    assert status(quotas, request_id) == "PENDING"
    time.sleep(0.4)
    assert status(quotas, request_id) == "CASE_OPENED"
    assert value(quotas) == 5
    time.sleep(0.6)
    assert value(quotas) == 80
    assert status(quotas, request_id) == "APPROVED"
    found = quotas.get_requested_service_quota_change(RequestId=request_id)["RequestedQuota"]
    took = found["LastUpdated"] - found["Created"]
    assert took.total_seconds() == pytest.approx(1, abs=0.01)
    assert found["CaseId"]


@pytest.mark.parametrize(
    ("more", "desired", "expected"),
    [
        ({"status": "APPROVED", "granted": 40}, 80, 40),
        ({"status": "APPROVED", "granted": 400}, 80, 80),
        ({"status": "DENIED"}, 80, 5),
        ({"status": "CASE_CLOSED"}, 80, 5),
    ],
)
def test_less_may_be_granted_or_nothing(
    world: World, more: dict[str, Any], desired: float, expected: float
) -> None:
    world.control("knobs", {"quota_answers": {"after_seconds": 0, **more}})
    quotas, request_id = ask(world, desired)
    assert status(quotas, request_id) == more["status"]
    assert value(quotas) == expected


def test_another_request_may_follow_a_decided_one(world: World) -> None:
    world.control("knobs", {"quota_answers": {"after_seconds": 0, "granted": 40}})
    ask(world)
    quotas, _ = ask(world)
    history = quotas.list_requested_service_quota_change_history_by_quota(**ON_DEMAND)
    assert [one["Status"] for one in history["RequestedQuotas"]] == ["APPROVED", "APPROVED"]


def test_turned_off_requests_stay_open(world: World) -> None:
    world.control("knobs", {"quota_answers": {"after_seconds": 0}})
    world.control("knobs", {"quota_answers": None})
    quotas, request_id = ask(world)
    assert status(quotas, request_id) == "PENDING"
    again = quotas.request_service_quota_increase
    assert refused(again, **ON_DEMAND, DesiredValue=90) == "ResourceAlreadyExistsException"

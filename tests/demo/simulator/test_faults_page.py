"""The page on which a person makes the simulated AWS slow, faulty or strict."""

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from portal.demo.simulator.samples import BRAND_NEW, HEALTHY
from tests.demo.simulator.conftest import World, refused

ON_DEMAND = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}


def page(world: World) -> str:
    answer = requests.get(f"{world.url}/console/faults", timeout=10)
    assert answer.status_code == 200
    return answer.text


def turn(world: World, what: str, **form: Any) -> requests.Response:
    given = {"what": what, **form}
    return requests.post(f"{world.url}/console/faults", given, timeout=10)


def test_speed_is_set(world: World) -> None:
    answer = turn(world, "speed", latency_ms=7, propagation_seconds="1.5", region_seconds=3)
    assert answer.status_code == 200
    knobs = world.control("knobs")
    assert (knobs["latency_ms"], knobs["propagation_seconds"]) == (7, 1.5)
    assert knobs["region_seconds"] == 3
    assert 'value="1.5"' in page(world)


def test_a_service_is_throttled_and_goes_out(world: World) -> None:
    turn(world, "throttle", service="iam", times=1)
    assert "The next 1 calls of iam:* are throttled." in page(world)
    assert refused(world.admin("iam", HEALTHY).list_roles) == "Throttling"
    turn(world, "throttle", service="", times=1)
    assert refused(world.admin("ec2", HEALTHY).describe_vpcs) == "RequestLimitExceeded"
    turn(world, "outage", services=["ec2", "eks"])
    assert refused(world.admin("eks", HEALTHY).list_clusters) == "ServiceUnavailableException"
    assert re.search(r'value="ec2" checked', page(world))

    turn(world, "calm")

    assert world.admin("ec2", HEALTHY).describe_vpcs()
    assert world.control("knobs")["outage"] == []


def test_an_account_is_limited_and_freed(world: World) -> None:
    ec2 = world.admin("ec2", HEALTHY)
    turn(world, "scp", account=HEALTHY, policy="everything")
    assert refused(ec2.describe_vpcs) == "UnauthorizedOperation"
    assert f"{HEALTHY} · Healthy is limited by its organization." in page(world)
    turn(world, "scp", account=HEALTHY, policy="none")
    assert ec2.describe_vpcs()["Vpcs"]


def test_a_region_is_set(world: World) -> None:
    turn(world, "region", account=BRAND_NEW, region="ap-east-1", status="ENABLING")
    account = world.admin("account", BRAND_NEW)
    assert account.get_region_opt_status(RegionName="ap-east-1")["RegionOptStatus"] == "ENABLING"


@pytest.mark.parametrize(
    ("decision", "status", "value"),
    [("approve", "APPROVED", 80), ("less", "APPROVED", 40), ("refuse", "DENIED", 5)],
)
def test_a_quota_request_is_decided(world: World, decision: str, status: str, value: float) -> None:
    quotas = world.admin("service-quotas", BRAND_NEW)
    asked = quotas.request_service_quota_increase(**ON_DEMAND, DesiredValue=80)["RequestedQuota"]
    assert "80 asked for, 5 now" in page(world)

    turn(world, "quota", request=asked["Id"], decision=decision, granted=40)

    found = quotas.get_requested_service_quota_change(RequestId=asked["Id"])["RequestedQuota"]
    assert found["Status"] == status
    assert quotas.get_service_quota(**ON_DEMAND)["Quota"]["Value"] == value
    assert "No request is open." in page(world)


@pytest.mark.parametrize(
    "form",
    [
        {"what": "speed", "latency_ms": "soon"},
        {"what": "throttle", "service": "iam", "times": ""},
        {"what": "scp", "account": HEALTHY, "policy": "unheard-of"},
        {"what": "scp", "account": "999900001111", "policy": "none"},
        {"what": "region", "account": HEALTHY, "region": "us-east-1", "status": "DISABLED"},
        {"what": "quota", "request": "none", "decision": "approve"},
        {"what": "unheard-of"},
        {},
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    world: World, form: dict[str, str]
) -> None:
    before = world.control("knobs")
    answer = requests.post(f"{world.url}/console/faults", form, timeout=10)
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text
    assert world.control("knobs") == before


def test_another_sites_page_cannot_turn_anything(world: World) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    answer = requests.post(
        f"{world.url}/console/faults", {"what": "calm"}, headers=headers, timeout=10
    )
    assert answer.status_code == 403


@pytest.mark.browser
def test_it_is_used_without_scripts_on_a_small_screen(world: World, browser: Browser) -> None:
    quotas = world.admin("service-quotas", BRAND_NEW)
    quotas.request_service_quota_increase(**ON_DEMAND, DesiredValue=80)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    visitor = context.new_page()
    visitor.goto(f"{world.url}/console/accounts")
    visitor.get_by_role("link", name="Faults").click()
    visitor.get_by_role("button", name="Approve less Running On-Demand").click()
    visitor.get_by_label("EC2", exact=True).check()
    visitor.get_by_role("button", name="Set the outage").click()

    assert visitor.get_by_label("EC2", exact=True).is_checked()
    assert world.control("knobs")["outage"] == ["ec2"]
    assert quotas.get_service_quota(**ON_DEMAND)["Quota"]["Value"] == 42
    wide = visitor.locator("html").evaluate("page => page.scrollWidth > page.clientWidth")
    assert not wide
    context.close()

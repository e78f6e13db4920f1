"""Service Quotas, per account and Region."""

from typing import Any

import pytest

from portal.demo.simulator.samples import BRAND_NEW, HEALTHY
from tests.demo.simulator.conftest import World, refused

ON_DEMAND = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
SPOT = {"ServiceCode": "ec2", "QuotaCode": "L-34B43A08"}


def value(client: Any, quota: dict[str, str]) -> float:
    return float(client.get_service_quota(**quota)["Quota"]["Value"])


def test_samples_have_the_quotas_their_sentence_tells(world: World) -> None:
    healthy = world.admin("service-quotas", HEALTHY, "eu-west-1")
    brand_new = world.admin("service-quotas", BRAND_NEW)
    assert (value(healthy, ON_DEMAND), value(healthy, SPOT)) == (256, 128)
    assert (value(brand_new, ON_DEMAND), value(brand_new, SPOT)) == (5, 5)


@pytest.mark.parametrize(
    ("service", "code"),
    [("ec2", "L-0263D0A3"), ("vpc", "L-F678F1CE"), ("vpc", "L-FE5A380F"), ("vpc", "L-A4707A72")],
)
def test_the_other_quotas_stand_at_awss_default(world: World, service: str, code: str) -> None:
    quotas = world.admin("service-quotas", HEALTHY)
    assert value(quotas, {"ServiceCode": service, "QuotaCode": code}) == 5


@pytest.mark.parametrize(
    "quota",
    [
        {"ServiceCode": "ec2", "QuotaCode": "L-00000000"},
        {"ServiceCode": "vpc", "QuotaCode": "L-1216C47A"},
        {"ServiceCode": "none", "QuotaCode": "L-1216C47A"},
    ],
)
def test_an_unknown_quota_is_no_such_resource(world: World, quota: dict[str, str]) -> None:
    quotas = world.admin("service-quotas", HEALTHY)
    assert refused(quotas.get_service_quota, **quota) == "NoSuchResourceException"


def test_the_knob_sets_one_account_and_region(world: World) -> None:
    knob = {"account": HEALTHY, "region": "us-east-1", "code": "L-1216C47A", "value": 39}
    world.control("knobs", {"quotas": knob})
    assert value(world.admin("service-quotas", HEALTHY), ON_DEMAND) == 39
    assert value(world.admin("service-quotas", HEALTHY, "us-east-2"), ON_DEMAND) == 256


def test_a_quota_without_an_applied_value_still_has_a_default(world: World) -> None:
    knob = {"account": HEALTHY, "region": "us-east-1", "code": "L-1216C47A", "value": None}
    world.control("knobs", {"quotas": [knob]})
    quotas = world.admin("service-quotas", HEALTHY)
    assert refused(quotas.get_service_quota, **ON_DEMAND) == "NoSuchResourceException"
    assert quotas.get_aws_default_service_quota(**ON_DEMAND)["Quota"]["Value"] == 5
    codes = [one["QuotaCode"] for one in quotas.list_service_quotas(ServiceCode="ec2")["Quotas"]]
    assert codes == ["L-34B43A08", "L-0263D0A3"]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ({"status": "APPROVED"}, 80),
        ({"status": "APPROVED", "granted": 60}, 60),
        ({"status": "DENIED"}, 5),
        ({"status": "CASE_OPENED"}, 5),
    ],
)
def test_a_request_is_kept_and_decided(
    world: World, decision: dict[str, Any], expected: float
) -> None:
    quotas = world.admin("service-quotas", BRAND_NEW)
    asked = quotas.request_service_quota_increase(**ON_DEMAND, DesiredValue=80)["RequestedQuota"]
    assert asked["Status"] == "PENDING"

    where = {"account": BRAND_NEW, "region": "us-east-1", "code": "L-1216C47A"}
    world.control("knobs", {"quota_requests": {**where, **decision}})

    found = quotas.get_requested_service_quota_change(RequestId=asked["Id"])["RequestedQuota"]
    history = quotas.list_requested_service_quota_change_history_by_quota(**ON_DEMAND)
    assert found["Status"] == decision["status"]
    assert [one["Id"] for one in history["RequestedQuotas"]] == [asked["Id"]]
    assert value(quotas, ON_DEMAND) == expected


def test_one_open_request_a_quota_and_never_below_the_value(world: World) -> None:
    quotas = world.admin("service-quotas", BRAND_NEW)
    ask = quotas.request_service_quota_increase
    assert refused(ask, **ON_DEMAND, DesiredValue=5) == "IllegalArgumentException"
    ask(**ON_DEMAND, DesiredValue=40)
    assert refused(ask, **ON_DEMAND, DesiredValue=50) == "ResourceAlreadyExistsException"
    elsewhere = world.admin("service-quotas", BRAND_NEW, "eu-west-1")
    history = elsewhere.list_requested_service_quota_change_history_by_quota(**ON_DEMAND)
    assert history["RequestedQuotas"] == []

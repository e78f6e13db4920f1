"""Opt-in Regions."""

import pytest

from onboarding.facts import ROLE_NAME
from portal.demo.simulator.samples import HEALTHY, HONG_KONG_OFF
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import assume, make_role

HONG_KONG = "ap-east-1"


def status(world: World, account_id: str, region: str = HONG_KONG) -> str:
    account = world.admin("account", account_id)
    return str(account.get_region_opt_status(RegionName=region)["RegionOptStatus"])


def test_the_status_of_a_region_is_the_accounts_own(world: World) -> None:
    assert status(world, HEALTHY) == "ENABLED"
    assert status(world, HONG_KONG_OFF) == "DISABLED"
    assert status(world, HONG_KONG_OFF, "us-east-1") == "ENABLED_BY_DEFAULT"


def test_enabling_takes_its_time(world: World) -> None:
    world.control("knobs", {"region_seconds": 60})
    account = world.admin("account", HONG_KONG_OFF)
    account.enable_region(RegionName=HONG_KONG)
    assert status(world, HONG_KONG_OFF) == "ENABLING"
    assert refused(account.enable_region, RegionName=HONG_KONG) == "ConflictException"


def test_an_enabled_region_can_be_used(world: World) -> None:
    world.control("knobs", {"region_seconds": 0})
    world.admin("account", HONG_KONG_OFF).enable_region(RegionName=HONG_KONG)
    assert status(world, HONG_KONG_OFF) == "ENABLED"
    assert world.admin("ec2", HONG_KONG_OFF, HONG_KONG).describe_vpcs()["Vpcs"]


def test_a_region_on_by_default_cannot_be_disabled(world: World) -> None:
    disable = world.admin("account", HEALTHY).disable_region
    assert refused(disable, RegionName="us-east-1") == "ValidationException"


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("cloudformation", "list_stacks", "InvalidClientTokenId"),
        ("eks", "list_clusters", "UnrecognizedClientException"),
        ("logs", "describe_log_groups", "UnrecognizedClientException"),
    ],
)
def test_a_region_that_is_off_does_not_know_the_keys(
    world: World, service: str, action: str, code: str
) -> None:
    client = world.admin(service, HONG_KONG_OFF, HONG_KONG)
    assert refused(getattr(client, action)) == code


def test_iam_is_global(world: World) -> None:
    assert world.admin("iam", HONG_KONG_OFF, HONG_KONG).list_roles()["Roles"] == []


def test_sts_gives_no_credentials_of_an_account_where_the_region_is_off(world: World) -> None:
    make_role(world, HONG_KONG_OFF)
    assert assume(world, HONG_KONG_OFF)
    arn = f"arn:aws:iam::{HONG_KONG_OFF}:role/{ROLE_NAME}"
    call = {"RoleArn": arn, "RoleSessionName": "probe", "ExternalId": "astro-example"}
    sts = world.vendor("sts", HONG_KONG)
    assert refused(sts.assume_role, **call) == "RegionDisabledException"


def test_describe_regions_tells_what_is_opted_in(world: World) -> None:
    ec2 = world.admin("ec2", HONG_KONG_OFF)
    enabled = {one["RegionName"] for one in ec2.describe_regions()["Regions"]}
    every = {
        one["RegionName"]: one["OptInStatus"]
        for one in ec2.describe_regions(AllRegions=True)["Regions"]
    }
    filters = [{"Name": "opt-in-status", "Values": ["opted-in"]}]
    opted_in = world.admin("ec2", HEALTHY).describe_regions(Filters=filters)["Regions"]
    assert HONG_KONG not in enabled
    assert every[HONG_KONG] == "not-opted-in"
    assert every["us-east-1"] == "opt-in-not-required"
    assert [one["RegionName"] for one in opted_in] == [HONG_KONG]


def test_a_region_that_does_not_exist_is_invalid(world: World) -> None:
    get = world.admin("account", HEALTHY).get_region_opt_status
    assert refused(get, RegionName="mars-1") == "ValidationException"
    assert refused(world.admin("ec2", HEALTHY, "mars-1").describe_vpcs) == "AuthFailure"

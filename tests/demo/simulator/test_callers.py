"""Who calls, and that nobody reaches another account."""

from typing import Any

import pytest

from onboarding.facts import ROLE_NAME
from portal.demo.simulator.samples import HEALTHY, NOT_CLEAN
from tests.demo.simulator.conftest import VENDOR, World, refused
from tests.demo.simulator.roles import assume, make_role


def test_every_kind_of_caller_is_told_who_it_is(world: World) -> None:
    make_role(world, HEALTHY)
    vendor = world.vendor("sts").get_caller_identity()
    admin = world.admin("sts", HEALTHY).get_caller_identity()
    session = world.client("sts", assume(world, HEALTHY)).get_caller_identity()
    assert vendor["Arn"] == "arn:aws:iam::406882777402:user/astro-install-portal"
    assert (vendor["Account"], admin["Account"]) == ("406882777402", HEALTHY)
    assert session["Arn"] == f"arn:aws:sts::{HEALTHY}:assumed-role/{ROLE_NAME}/probe"
    assert session["UserId"].startswith("AROA")


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("iam", "list_roles", "InvalidClientTokenId"),
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("account", "list_regions", "UnrecognizedClientException"),
        ("s3", "list_buckets", "InvalidAccessKeyId"),
    ],
)
def test_an_unknown_key_is_refused_in_the_services_own_words(
    world: World, service: str, action: str, code: str
) -> None:
    unknown = {**VENDOR, "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}
    assert refused(getattr(world.client(service, unknown), action)) == code


@pytest.mark.parametrize("token", ["", "another token"])
def test_a_temporary_key_is_worth_nothing_without_its_token(world: World, token: str) -> None:
    keys = {**world.keys(HEALTHY), "aws_session_token": token}
    assert refused(world.client("sts", keys).get_caller_identity) == "InvalidClientTokenId"


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("sts", "get_caller_identity", "ExpiredToken"),
        ("iam", "list_roles", "ExpiredToken"),
        ("ec2", "describe_vpcs", "RequestExpired"),
        ("account", "list_regions", "ExpiredTokenException"),
    ],
)
def test_expired_credentials_are_called_expired(
    world: World, service: str, action: str, code: str
) -> None:
    client = world.client(service, world.keys(HEALTHY, seconds=0))
    assert refused(getattr(client, action)) == code


def test_what_one_account_makes_no_other_account_sees(world: World) -> None:
    make_role(world, HEALTHY)
    world.admin("ec2", HEALTHY).create_vpc(CidrBlock="10.9.0.0/16")

    names = [role["RoleName"] for role in world.admin("iam", NOT_CLEAN).list_roles()["Roles"]]
    blocks = _blocks(world.admin("ec2", NOT_CLEAN))
    assert ROLE_NAME not in names
    assert sorted(blocks) == ["172.20.0.0/16", "172.31.0.0/16"]
    assert sorted(_blocks(world.admin("ec2", HEALTHY))) == ["10.9.0.0/16", "172.31.0.0/16"]


def test_a_header_does_not_choose_the_account(world: World) -> None:
    make_role(world, HEALTHY)
    iam = world.admin("iam", NOT_CLEAN)
    iam.meta.events.register(
        "before-sign.iam.ListRoles",
        lambda request, **_: request.headers.add_header("x-moto-account-id", HEALTHY),
    )
    assert iam.list_roles()["Roles"] == []


def test_the_sample_that_is_not_clean_has_an_instance(world: World) -> None:
    found = world.admin("ec2", NOT_CLEAN).describe_instances()["Reservations"]
    assert [one["Instances"][0]["State"]["Name"] for one in found] == ["running"]


def _blocks(ec2: Any) -> list[str]:
    return [vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"]]

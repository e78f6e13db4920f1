"""The sample accounts: each shows one thing that a customer may meet."""

import pytest

from portal.demo.simulator.samples import (
    HEALTHY,
    HONG_KONG_OFF,
    IN_ORGANIZATION,
    NOT_CLEAN,
    SAMPLES,
    UNSAFE_ROLE,
)
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import make_role


def test_names_and_numbers_stay() -> None:
    assert {one.name: one.account_id for one in SAMPLES} == {
        "Healthy": "210987654321",
        "Brand new": "320987654321",
        "Not clean": "430987654321",
        "Hong Kong off": "540987654321",
        "Unsafe role": "650987654321",
        "In an organization": "760987654321",
    }


def test_much_stands_in_the_account_that_is_not_clean(world: World) -> None:
    (cluster,) = world.admin("eks", NOT_CLEAN).list_clusters()["clusters"]
    (database,) = world.admin("rds", NOT_CLEAN).describe_db_instances()["DBInstances"]
    (stack,) = world.admin("cloudformation", NOT_CLEAN).list_stacks()["StackSummaries"]
    (reservation,) = world.admin("ec2", NOT_CLEAN).describe_instances()["Reservations"]
    assert cluster == database["DBInstanceIdentifier"] == stack["StackName"] == "warehouse"
    assert reservation["Instances"][0]["State"]["Name"] == "running"
    assert [one for one in world.control("journal") if one["action"].startswith("Create")] == []


@pytest.mark.parametrize(("account", "version"), [(HEALTHY, 2), (HONG_KONG_OFF, 1)])
def test_the_healthy_account_gives_tokens_of_version_2(
    world: World, account: str, version: int
) -> None:
    summary = world.admin("iam", account).get_account_summary()["SummaryMap"]
    assert summary["GlobalEndpointTokenVersion"] == version


def test_the_organization_lets_the_role_be_made_and_denies_a_way_to_the_internet(
    world: World,
) -> None:
    assert world.admin("organizations", IN_ORGANIZATION).describe_organization()["Organization"]
    make_role(world, IN_ORGANIZATION)
    ec2 = world.admin("ec2", IN_ORGANIZATION)
    assert ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert refused(ec2.create_internet_gateway) == "UnauthorizedOperation"
    assert world.admin("ec2", UNSAFE_ROLE).create_internet_gateway()

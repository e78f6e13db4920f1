"""Each fault of the creation is explained rightly, and leaves nothing twice and nothing changed."""

import pytest

from onboarding.aws.errors import AwsError
from onboarding.facts import POLICY_NAME
from tests.aws.actions.wanted import SPEC
from tests.faults.creation import DOCUMENTS, OTHER, ROWS, Row, emptied, policy
from tests.faults.world import Told, World, told

ALLOWED = {"CreatePolicy", "CreateRole", "AttachRolePolicy", "TagRole", "TagPolicy"}


def fault_of(world: World) -> Told:
    with pytest.raises(AwsError) as caught:
        world.create()
    return told(caught.value)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_is_explained_and_leaves_nothing_twice(world: World, row: Row) -> None:
    row.given(world)
    world.begin()

    said = fault_of(world)

    assert row.cause in said.cause
    assert (said.turn, said.layer) == (row.turn, row.layer)
    assert row.step in said.steps
    assert [one.cause for one in ROWS if one.family != row.family and one.cause in said.cause] == []
    if row.mend:
        row.mend(world)
        world.begin()
    world.mend()
    world.create()
    assert world.is_as_specified()
    assert set(world.writes().values()) <= {1}
    assert {name.split()[0] for name in world.writes()} <= ALLOWED
    world.begin()
    world.create()
    assert not world.writes()


def test_what_is_not_ours_stays_as_it_was(world: World) -> None:
    """Every row with something that stands there already: not one letter of it is changed.

    A name in other letters is met only when IAM refuses to make ours, so what IAM takes before
    that is there afterwards.
    """
    for row in ROWS:
        if row.mend is None or row.name == "too many policies on the role":
            continue
        row.given(world)
        before = world.holds()
        fault_of(world)
        after = world.holds()
        assert after["roles"] == before["roles"], row.name
        assert after["policies"] | before["policies"] == after["policies"], row.name
        assert row.name.endswith(("letters", "path")) or after == before, row.name
        emptied(world)


def test_five_versions_of_which_ours_is_in_force_are_adopted_and_kept(world: World) -> None:
    policy(DOCUMENTS[POLICY_NAME], versions=5)(world)

    world.create()

    arn = f"arn:aws:iam::{world.account_id}:policy/{POLICY_NAME}"
    assert world.is_as_specified()
    assert world.holds()["policies"][arn]["versions"] == 5


def test_a_wrong_end_would_be_seen(world: World) -> None:
    """The comparison that all rows end in tells a foreign document, a second role, a lost tag."""
    world.create()
    assert world.is_as_specified()
    iam = world.admin()
    for name in SPEC.tags:
        iam.untag_role(RoleName=SPEC.role_name, TagKeys=[name])
    assert not world.is_as_specified()
    world.create()
    assert world.is_as_specified()
    policy(OTHER, "Third")(world)
    assert not world.is_as_specified()

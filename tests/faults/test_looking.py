"""Each fault that is found by looking is told rightly, and looking changes nothing."""

import re

import pytest

from onboarding.aws.check import Status
from tests.aws.trust_documents import OURS
from tests.faults.looking import LONG_AGO, ROWS, Row, nothing, role
from tests.faults.world import World


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_is_wrong_is_told_rightly(world: World, row: Row) -> None:
    row.given(world)
    world.begin()

    found = row.ask(world)

    text = f"{found.saw} {found.cause} "
    steps = " ".join(found.fix.steps)
    assert (found.status, found.turn) == (row.status, row.turn)
    assert row.words in text
    assert row.step in steps
    assert (found.report.layer if found.report else "") == row.layer
    assert [one.words for one in ROWS if one.family != row.family and one.words in text] == []
    assert not world.writes()
    assert OURS not in repr(found)
    assert not re.search("A(KI|SI)A[A-Z0-9]{12}", repr(found))


def test_what_aws_did_not_answer_is_told_with_the_call_and_what_aws_said(world: World) -> None:
    for row in [one for one in ROWS if one.status is Status.COULD_NOT_CHECK]:
        row.given(world)
        report = row.ask(world).report
        world.mend()
        world.aws.simulator.reset()
        world.aws.simulator.add_account(world.account_id)
        world.region = "us-east-1"

        assert report is not None, row.name
        assert re.fullmatch("[a-z0-9]+:([A-Za-z]+|[*])", report.action), row.name
        assert report.code, row.name
        assert report.causes, row.name


@pytest.mark.parametrize("waited", [0.0, 4.0, 30.0, 119.0, 120.0, 121.0, LONG_AGO])
def test_a_role_not_seen_is_never_called_a_fault(world: World, waited: float) -> None:
    nothing(world)

    assert role("role_exists", waited)(world).status is Status.WAITING

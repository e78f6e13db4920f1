"""A role that was made a moment ago is waited for: AWS takes up to two minutes to make it known."""

from datetime import timedelta
from typing import Any

import pytest

from onboarding.models import Operation
from tests.jobs.role_scene import DENIED, LACKS, OPENED, UNKNOWN, proved_scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seconds", [0, 4, 30, 119])
def test_a_role_just_made_is_waited_for_before_it_is_said_to_lack_anything(seconds: int) -> None:
    scene = proved_scene(permissions=LACKS, role_age=timedelta(seconds=seconds))

    assert scene.statuses() == ["passed"] * 4 + ["waiting"]
    assert scene.kinds() == []


def test_two_minutes_after_it_was_made_it_is_said() -> None:
    scene = proved_scene(permissions=LACKS, role_age=timedelta(seconds=121))

    assert scene.statuses() == ["passed"] * 4 + ["failed"]


@pytest.mark.parametrize("seconds", [0, 4, 30, 114, 121])  # a run takes five seconds itself
@pytest.mark.parametrize(
    "answers",
    [{"opens": DENIED}, {"opens": OPENED, "without": OPENED, "wrong": OPENED}, {"opens": UNKNOWN}],
    ids=["refused", "older rules", "no answer"],
)
def test_waiting_for_a_new_role_never_proves_it_and_fails_it_only_after_two_minutes(
    answers: dict[str, Any], seconds: int
) -> None:
    scene = proved_scene(opens=DENIED).now(**answers)
    scene.pass_time(seconds)

    operation = scene.look()

    assert operation.state == Operation.State.QUEUED
    assert scene.kinds() == ([] if seconds < 120 or "without" not in answers else ["role_unsafe"])
    assert ("failed" in scene.statuses()) is (seconds > 120 and "without" in answers)

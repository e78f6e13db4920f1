"""What was proved and no longer holds is told once, when it is sure; a hiccup is not told at all."""

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from onboarding.aws.check import Finding
from onboarding.jobs import drift
from onboarding.models import Installation, Mail, Operation, Status
from tests.jobs.role_scene import (
    AWS_IS_BUSY,
    DENIED,
    LACKS,
    MAY_MORE,
    MAY_NOT_READ,
    NO_CONDITION,
    OPENED,
    UNKNOWN,
    Scene,
    proved_scene,
)

pytestmark = pytest.mark.django_db

PROVED = ["passed"] * 5
ONE_MAIL_EACH = ["role_drifted", "role_drifted_to_support"]
OPEN: dict[str, Any] = {"without": OPENED, "wrong": OPENED, "trust": (NO_CONDITION,)}


def told(scene: Scene) -> dict[str, Any]:
    event = scene.installation.events.filter(kind="role_drifted").last()
    assert event is not None
    return dict(event.data)


@pytest.mark.parametrize(
    ("answers", "change", "words"),
    [
        ({"opens": DENIED}, "GONE", "AWS refuses Astro"),
        ({"permissions": LACKS}, "LESS", "ec2:RunInstances"),
        ({"permissions": MAY_NOT_READ}, "LESS", "may not read"),
        ({"permissions": MAY_MORE}, "MORE", "s3:*"),
    ],
)
def test_a_change_is_told_after_two_minutes_and_once(
    answers: dict[str, Any], change: str, words: str
) -> None:
    scene = proved_scene().now(**answers)
    before = timezone.now()

    scene.looks_for(90)
    assert scene.kinds() == ["role_proved"]
    assert scene.mails() == []
    assert scene.statuses() == PROVED, "What was proved stands until it is sure."
    scene.looks_for(240)

    assert scene.kinds() == ["role_proved", "role_drifted"]
    assert scene.mails() == ONE_MAIL_EACH
    assert told(scene)["change"] == change
    assert datetime.fromisoformat(told(scene)["proved_at"]) < before
    for mail in Mail.objects.all():
        assert words in mail.text
    assert set(scene.statuses()) != {"passed"}


def test_a_way_in_for_others_is_told_at_once() -> None:
    scene = proved_scene().now(**OPEN)

    scene.look()

    assert scene.kinds() == ["role_proved", "role_drifted"]
    assert scene.mails() == ONE_MAIL_EACH
    assert told(scene)["change"] == "OPEN"
    assert "Statement[0].Condition" in Mail.objects.filter(name="role_drifted").get().text
    scene.looks_for(60)
    assert scene.mails() == ONE_MAIL_EACH


def test_a_fault_read_in_the_trust_policy_is_told_though_aws_still_refuses() -> None:
    scene = proved_scene().now(trust=(NO_CONDITION,))

    scene.look()

    assert told(scene)["change"] == "OPEN"


@pytest.mark.parametrize(
    "answers",
    [
        {"opens": UNKNOWN},
        {"opens": UNKNOWN, "without": UNKNOWN, "wrong": UNKNOWN},
        {"without": UNKNOWN},
        {"wrong": UNKNOWN},
        {"permissions": AWS_IS_BUSY},
        {"without": OPENED, "wrong": OPENED},
    ],
    ids=["opens", "nothing", "without", "wrong", "permissions", "older rules still served"],
)
def test_no_clear_answer_is_no_change_and_takes_nothing_away(answers: dict[str, Any]) -> None:
    scene = proved_scene().now(**answers)

    scene.looks_for(90)

    assert scene.kinds() == ["role_proved"]
    assert scene.statuses() == PROVED
    assert scene.mails() == []


def test_without_any_clear_answer_the_looks_end_after_ten_minutes() -> None:
    scene = proved_scene().now(opens=UNKNOWN)
    assert scene.look().state == Operation.State.QUEUED

    scene.pass_time(601)

    assert scene.look().state == Operation.State.DONE
    assert scene.statuses() == PROVED


@pytest.mark.parametrize("hiccup", [{"opens": DENIED}, {"permissions": LACKS}])
def test_a_hiccup_that_passes_leaves_no_trace(hiccup: dict[str, Any]) -> None:
    scene = proved_scene()
    scene.now(**hiccup).looks_for(60)

    assert scene.look().state == Operation.State.DONE

    scene.now(**hiccup).looks_for(90)
    assert scene.kinds() == ["role_proved"], "The second time is counted anew."


def test_two_looks_far_apart_are_too_few() -> None:
    gone = proved_scene().now(opens=DENIED)
    gone.look()
    gone.pass_time(500)

    gone.look()

    assert gone.kinds() == ["role_proved"]
    gone.look()
    assert gone.kinds() == ["role_proved", "role_drifted"]


def test_throttling_between_refusals_neither_adds_nor_takes() -> None:
    scene = proved_scene()
    gone, busy = scene.now(opens=DENIED), scene.now(opens=UNKNOWN)
    gone.look()
    for _ in range(3):
        busy.pass_time(40)
        busy.look()
    assert scene.kinds() == ["role_proved"]

    gone.look()
    gone.look()

    assert told(scene)["change"] == "GONE"


def test_proving_again_ends_it_and_the_next_change_is_told_anew() -> None:
    scene = proved_scene()
    scene.now(**OPEN).look()

    assert scene.look().state == Operation.State.DONE
    assert scene.kinds() == ["role_proved", "role_drifted", "role_proved"]
    assert drift.standing(scene.installation).drift is None
    assert scene.mails() == ONE_MAIL_EACH

    scene.now(**OPEN).look()
    assert scene.mails() == sorted(ONE_MAIL_EACH * 2)


def test_a_worse_change_is_told_and_a_lesser_one_only_noted() -> None:
    scene = proved_scene()
    scene.now(permissions=MAY_MORE).looks_for(150)
    assert told(scene)["change"] == "MORE"
    scene.now(permissions=LACKS).looks_for(150)
    assert told(scene)["change"] == "LESS"
    assert scene.mails() == sorted(ONE_MAIL_EACH * 2)

    scene.now(permissions=MAY_MORE).looks_for(150)

    assert told(scene)["change"] == "MORE"
    assert scene.mails() == sorted(ONE_MAIL_EACH * 2)


def test_what_was_never_right_cannot_drift() -> None:
    scene = proved_scene(permissions=LACKS)
    assert scene.kinds() == ["role_proved"]

    scene.looks_for(200)

    assert scene.kinds() == ["role_proved"]
    assert scene.mails() == []


def test_permissions_that_come_later_are_noted_and_drift_from_then_on() -> None:
    lacking = proved_scene(permissions=LACKS)
    right = lacking.now(permissions=proved_scene().permissions)
    right.look()
    assert right.kinds() == ["role_proved", "role_proved"]

    lacking.looks_for(150)

    assert lacking.kinds() == ["role_proved", "role_proved", "role_drifted"]


def test_another_account_is_another_role() -> None:
    scene = proved_scene()
    Installation.objects.filter(pk=scene.installation.pk).update(aws_account_id="740000000002")
    scene.installation.refresh_from_db()

    scene.now(opens=DENIED).looks_for(200)

    assert scene.kinds() == ["role_proved"]
    assert scene.mails() == []


def test_a_cancelled_installation_is_not_looked_at() -> None:
    scene = proved_scene()
    Installation.objects.filter(pk=scene.installation.pk).update(status=Status.CANCELLED)
    asked = len(scene.asked)

    assert scene.look().state == Operation.State.DONE
    assert len(scene.asked) == asked


def test_owner_starter_and_support_are_told() -> None:
    scene = proved_scene().now(**OPEN)
    owner = scene.installation.organization.owners().get().user

    scene.look()

    assert set(scene.installation.mails.values_list("name", "to")) == {
        ("role_drifted", owner.email),
        ("role_drifted_to_support", settings.SUPPORT_EMAIL),
    }


@pytest.mark.parametrize(
    ("answers", "subject"),
    [
        ({"opens": DENIED}, "the role no longer opens"),
        ({"permissions": LACKS}, "the role lacks permissions"),
        ({"permissions": MAY_MORE}, "the role may do more than Astro needs"),
        (OPEN, "others can use the role"),
    ],
)
def test_the_subject_says_what_changed(answers: dict[str, Any], subject: str) -> None:
    proved_scene().now(**answers).looks_for(150)

    assert {mail.subject.rpartition(": ")[2] for mail in Mail.objects.all()} == {subject}


def test_the_operation_names_the_session_and_permissions_are_read_once_a_run() -> None:
    scene = proved_scene()

    operation = scene.installation.operations.get(kind=Operation.Kind.VERIFY_ROLE)
    assert {each["session_name"] for each in scene.asked} == {
        f"astro-portal-{operation.pk.hex[:8]}"
    }
    assert ["published" in each for each in scene.asked] == [True, False]


def test_nothing_is_measured_by_what_a_finding_says() -> None:
    """Only its status counts: words may change with every release."""
    scene = proved_scene()
    other_words = Finding(scene.permissions.status, saw="Said otherwise.")

    scene.now(permissions=other_words).looks_for(200)

    assert scene.kinds() == ["role_proved"]


def test_a_role_that_is_proved_and_lacks_something_does_not_flicker_while_it_is_looked_at() -> None:
    scene = proved_scene(permissions=LACKS)
    seen: list[list[str]] = []

    scene.look(between=lambda: seen.append(scene.statuses()))

    assert seen == [["passed"] * 4 + ["failed"]]

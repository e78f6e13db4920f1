"""Lists that leave nothing out: each move has an event and a mail, each event a word."""

from collections.abc import Callable

import pytest
from django.template.loader import get_template

from onboarding.jobs.operations import JOBS
from onboarding.models import MOVES, Event, Installation, Mail, Operation, Status, User
from onboarding.models.groups import LEAD
from onboarding.notifications import NOTIFICATIONS
from onboarding.services import installations, review
from onboarding.views.timeline import TOLD
from tests.factories import make_answered, make_user

Verb = Callable[[Installation, User, User], None]

BACK: dict[tuple[Status, Status], Verb] = {
    (Status.IN_REVIEW, Status.SUBMITTED): lambda one, _, agent: review.release(one, by=agent),
    (Status.CANCELLED, Status.DRAFT): lambda one, _, agent: review.reopen(one, note="x", by=agent),
    (Status.READY, Status.BUILDING): lambda one, _, agent: review.reopen(one, note="x", by=agent),
    (Status.CONFIRMED, Status.BUILDING): lambda one, _, agent: review.reopen(
        one, note="x", by=agent
    ),
}
"""What takes a step back, by where from and where to."""
UNTOLD = ((Status.IN_REVIEW, Status.SUBMITTED),)
"""The customer waits for support before and after."""
VERBS: dict[Status, Verb] = {
    Status.SUBMITTED: lambda one, owner, _: installations.submit(one, by=owner),
    Status.IN_REVIEW: lambda one, _, agent: installations.claim(one, by=agent),
    Status.CHANGES_REQUESTED: lambda one, _, agent: installations.ask_for_changes(
        one, wanted={"region": "Please."}, note="", by=agent
    ),
    Status.BUILDING: lambda one, _, agent: installations.start_building(one, by=agent),
    Status.READY: lambda one, _, agent: installations.report_ready(one, by=agent),
    Status.FAILED: lambda one, _, agent: installations.report_failed(one, note="Why.", by=agent),
    Status.CONFIRMED: lambda one, owner, _: installations.confirm(one, by=owner),
    Status.CANCELLED: lambda one, owner, _: installations.cancel(one, by=owner),
}
WAYS = [(start, to) for to, starts in MOVES.items() for start in starts]


def test_every_move_has_a_verb() -> None:
    assert set(VERBS) == set(MOVES) - {Status.DRAFT} == set(Status) - {Status.DRAFT}


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "to"), WAYS)
def test_each_move_writes_one_event_that_the_timeline_shows_and_a_mail(
    start: Status, to: Status
) -> None:
    installation = make_answered(status=start, cluster_id="c-1")
    owner = installation.organization.owners().get().user
    before = installation.events.count()
    agent = make_user(is_staff=True, group=LEAD)
    (BACK.get((start, to)) or VERBS[to])(installation, owner, agent)
    stored = Installation.objects.get(pk=installation.pk)
    assert stored.status == to
    assert stored.status_since > installation.created_at
    event = installation.events.last()
    assert event is not None
    assert installation.events.count() == before + 1
    assert Event.Kind(event.kind) in TOLD
    told = Mail.objects.filter(installation=installation).exists()
    assert told is ((start, to) not in UNTOLD)


def test_every_notification_is_written_in_both_forms() -> None:
    for each in NOTIFICATIONS:
        for part in ("subject.txt", "body.txt", "body.html"):
            get_template(f"emails/{each.name}/{part}")


def test_every_kind_of_work_has_a_job() -> None:
    assert set(JOBS) == set(Operation.Kind)

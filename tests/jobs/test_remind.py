"""Reminders: each once, to whom it may concern, and only while it is their turn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from onboarding.jobs import remind
from onboarding.models import Event, Installation, Mail, Message, Reminder, Status, Turn, turn_of
from onboarding.services import reminders
from tests.factories import make_answered, make_member, make_user
from tests.services.together import at_once

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TUESDAY = datetime(2031, 5, 6, 10, tzinfo=UTC)


def waiting(status: Status, **values: Any) -> Installation:
    """An installation that nobody has touched since that Tuesday."""
    installation = make_answered(
        status=status,
        waits_for=turn_of(status),
        status_since=TUESDAY,
        waits_since=TUESDAY,
        saved_at=TUESDAY,
    )
    Installation.objects.filter(pk=installation.pk).update(**values)
    return Installation.objects.with_everything().get(pk=installation.pk)


def sent(at: datetime) -> list[tuple[str, str]]:
    """What is sent at that moment: the mail's name, and to whom."""
    ids = remind.send(at)
    return sorted(Mail.objects.filter(pk__in=ids).values_list("name", "to"))


def names(at: datetime) -> list[str]:
    return [name for name, _ in sent(at)]


@pytest.mark.parametrize(
    ("status", "name", "days"),
    [
        (Status.DRAFT, "reminder_draft", (3, 10)),
        (Status.CHANGES_REQUESTED, "reminder_changes", (2, 7)),
        (Status.READY, "reminder_ready", (3, 10)),
    ],
)
def test_the_customer_is_reminded_twice_and_no_more(
    status: Status, name: str, days: tuple[int, int]
) -> None:
    waiting(status)
    told = {
        half: found for half in range(0, 24) if (found := names(TUESDAY + half * DAY / 2 + HOUR))
    }
    assert told == {2 * days[0]: [name], 2 * days[1]: [name]}
    assert Event.objects.filter(kind="reminded").count() == 2


def test_a_minute_earlier_nobody_is_reminded() -> None:
    waiting(Status.DRAFT)
    assert names(TUESDAY + 3 * DAY - timedelta(minutes=1)) == []
    assert names(TUESDAY + 3 * DAY) == ["reminder_draft"]


@pytest.mark.parametrize("turn", [Turn.AWS, Turn.SUPPORT])
def test_nobody_is_reminded_while_it_is_not_their_turn(turn: Turn) -> None:
    waiting(Status.DRAFT, waits_for=turn)
    assert names(TUESDAY + 3 * DAY + HOUR) == []


def test_saving_a_step_begins_the_wait_anew() -> None:
    installation = waiting(Status.DRAFT)
    assert names(TUESDAY + 3 * DAY) == ["reminder_draft"]
    Installation.objects.filter(pk=installation.pk).update(saved_at=TUESDAY + 4 * DAY)
    assert names(TUESDAY + 6 * DAY) == []
    assert names(TUESDAY + 7 * DAY) == ["reminder_draft"]


def test_whoever_wrote_to_support_has_not_forgotten() -> None:
    installation = waiting(Status.DRAFT)
    owner = installation.organization.owners().get().user
    message = installation.messages.create(side="customer", by=owner, text="We are on it.")
    Message.objects.filter(pk=message.pk).update(at=TUESDAY + DAY)
    assert names(TUESDAY + 3 * DAY + HOUR) == []


def test_what_is_long_past_is_left_alone() -> None:
    waiting(Status.DRAFT)
    assert names(TUESDAY + 6 * DAY) == []


def test_a_person_stops_them_for_themselves_and_starts_them_again() -> None:
    installation = waiting(Status.DRAFT)
    owner = installation.organization.owners().get().user
    colleague = make_member(installation.organization)
    installation.organization.memberships.filter(user=colleague).update(role="owner")
    reminders.stop(installation, by=owner)
    reminders.stop(installation, by=owner)
    assert [to for _, to in sent(TUESDAY + 3 * DAY)] == [colleague.email]
    assert installation.events.filter(kind="reminders_stopped").count() == 1
    reminders.start_again(installation, by=owner)
    assert len(sent(TUESDAY + 10 * DAY)) == 2


def test_a_peering_request_is_a_notice_that_cannot_be_stopped() -> None:
    installation = waiting(Status.BUILDING, status_since=TUESDAY + 30 * DAY)
    owner = installation.organization.owners().get().user
    reminders.stop(installation, by=owner)
    peer = installation.peers.create(
        vpc="vpc-1a2b3c4d", account_id="730000000001", region="us-east-1", cidrs="10.9.0.0/16"
    )
    assert peer.requested_at is None
    peer.connection_id = "pcx-0a1b2c3d"
    peer.save(update_fields=["connection_id"])
    peer.refresh_from_db()
    since = peer.requested_at
    assert since is not None
    Installation.objects.update(waits_since=since)
    told = {day: found for day in range(10) if (found := names(since + day * DAY + HOUR))}
    peering = {day for day, found in told.items() if "reminder_peering" in found}
    assert peering == {5, 6}
    mail = Mail.objects.filter(name="reminder_peering").first()
    assert mail is not None
    assert "pcx-0a1b2c3d" in mail.text
    assert "No more reminders" not in mail.text
    peer.save()  # saved again, it is the same request
    assert type(peer).objects.get().requested_at == since


def test_a_peering_of_a_confirmed_installation_is_accepted() -> None:
    installation = waiting(Status.CONFIRMED)
    peer = installation.peers.create(
        vpc="vpc-1a2b3c4d",
        account_id="730000000002",
        region="us-east-1",
        cidrs="10.9.0.0/16",
        connection_id="pcx-0a1b2c3d",
    )
    assert peer.requested_at is not None
    assert names(peer.requested_at + 5 * DAY + HOUR) == []


@pytest.mark.parametrize(
    ("status", "days", "name"),
    [
        (Status.SUBMITTED, 1, "reminder_unclaimed"),
        (Status.IN_REVIEW, 2, "reminder_overdue"),
        (Status.BUILDING, 2, "reminder_overdue"),
        (Status.FAILED, 1, "reminder_overdue"),
    ],
)
def test_support_is_reminded_once_of_what_it_promised(status: Status, days: int, name: str) -> None:
    waiting(status)
    hours = {h: found for h in range(0, 24 * 6, 6) if (found := sent(TUESDAY + h * HOUR))}
    assert hours == {24 * days: [(name, settings.SUPPORT_EMAIL)]}


def test_over_a_weekend_nothing_is_late() -> None:
    friday = TUESDAY + 3 * DAY
    waiting(Status.SUBMITTED, status_since=friday, waits_since=friday)
    assert [h for h in range(0, 24 * 5, 12) if names(friday + h * HOUR)] == [72]


def test_whoever_claimed_it_is_reminded() -> None:
    agent = make_user("agent@support.example", is_staff=True)
    waiting(Status.IN_REVIEW, assignee=agent)
    assert sent(TUESDAY + 2 * DAY) == [("reminder_overdue", "agent@support.example")]


def test_a_beat_sends_so_many_and_the_next_one_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remind, "MOST", 2)
    for number in range(3):
        waiting(Status.SUBMITTED, cluster_name=f"c-{number}")
    at = TUESDAY + DAY + HOUR
    assert [len(sent(at)), len(sent(at)), len(sent(at))] == [2, 1, 0]


def test_the_turn_may_pass_on_between_looking_and_writing() -> None:
    installation = waiting(Status.DRAFT)
    (due,) = remind.due(TUESDAY + 3 * DAY)
    installation.move(Status.SUBMITTED)
    assert remind._remind(due) == []
    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_each_mail_is_written_once() -> None:
    for number in range(5):
        waiting(Status.SUBMITTED, cluster_name=f"c-{number}")
    at_once([lambda: remind.send(TUESDAY + DAY + HOUR)] * 3)  # type: ignore[list-item]
    assert Reminder.objects.count() == 5
    assert Mail.objects.filter(name="reminder_unclaimed").count() == 5

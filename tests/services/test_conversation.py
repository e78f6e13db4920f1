"""Customer and support write to each other: who may, what is kept, who gets which mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from onboarding.models import Installation, Mail, Message, MessagesSeen, Status, User
from onboarding.services import conversation, installations
from onboarding.services.conversation import NotWritten, write_to_customer, write_to_support
from onboarding.services.conversation_lines import read
from tests.services.together import at_once
from tests.views.cast import Cast, make_cast, person, put

pytestmark = pytest.mark.django_db
CUSTOMER, SUPPORT = Message.Side.CUSTOMER, Message.Side.SUPPORT


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def ask(
    cast: Cast, text: str = "Is eu-west-1 possible?", who: str = "member", **more: Any
) -> Message:
    return write_to_support(cast.installation, text=text, by=cast.people[who], **more)


def reply(cast: Cast, text: str = "It is.", **more: Any) -> Message:
    return write_to_customer(cast.installation, text=text, by=cast.people["staff"], **more)


def mails(name: str) -> dict[str, Mail]:
    return {mail.to: mail for mail in Mail.objects.filter(name=name)}


def test_a_message_is_kept_with_an_event_that_says_nothing_of_its_text(cast: Cast) -> None:
    message = ask(cast, field="region")
    assert (message.side, message.field, message.by) == (CUSTOMER, "region", cast.people["member"])
    event = cast.installation.events.get(kind="message")
    assert event.by == cast.people["member"]
    assert "eu-west-1" not in f"{event.note}{event.data}"


@pytest.mark.parametrize("who", ["stranger", "staff"])
def test_only_people_of_the_organization_write_as_the_customer(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionError):
        ask(cast, who=who)
    assert not Message.objects.exists()


def test_only_who_handles_installations_writes_as_support(cast: Cast) -> None:
    cast.people["staff"].groups.clear()
    auditor = User.objects.get(pk=cast.people["staff"].pk)
    for by in (auditor, cast.people["owner"]):
        with pytest.raises(PermissionError):
            write_to_customer(cast.installation, text="Hello.", by=by)
    assert not Message.objects.exists()


def test_a_question_goes_to_supports_address_or_to_whoever_claimed_it(cast: Cast) -> None:
    ask(cast)
    (mail,) = mails("message_to_support").values()
    assert mail.to == settings.SUPPORT_EMAIL
    assert "Is eu-west-1 possible?" in mail.text
    Mail.objects.all().delete()
    Installation.objects.update(assignee=cast.people["staff"])
    cast.installation.refresh_from_db()
    ask(cast)
    assert [*mails("message_to_support")] == ["agent@support.example"]


def test_an_answer_goes_to_owners_the_starter_and_whoever_took_part(cast: Cast) -> None:
    reply(cast)
    assert [*mails("message_to_customer")] == ["owner@example.com"]
    ask(cast)
    reply(cast, "And again.")
    assert set(mails("message_to_customer")) == {"owner@example.com", "member@example.com"}
    cast.organization.memberships.filter(user=cast.people["member"]).delete()
    Mail.objects.all().delete()
    reply(cast, "A third.")
    assert [*mails("message_to_customer")] == ["owner@example.com"]


def test_messages_of_two_minutes_come_in_one_mail(cast: Cast) -> None:
    reply(cast, "First.")
    due = mails("message_to_customer")["owner@example.com"].run_after
    reply(cast, "Second.", field="region")
    (mail,) = mails("message_to_customer").values()
    assert mail.text.index("First.") < mail.text.index("Second.")
    assert "about: AWS Region" in mail.text
    assert mail.run_after == due > timezone.now()


def test_a_mail_that_was_sent_is_not_sent_again_with_the_next(cast: Cast) -> None:
    reply(cast, "First.")
    Mail.objects.update(state=Mail.State.ACCEPTED, run_after=timezone.now())
    reply(cast, "Second.")
    (fresh,) = Mail.objects.filter(name="message_to_customer", state=Mail.State.QUEUED)
    assert "First." not in fresh.text
    assert "Second." in fresh.text


def test_nobody_is_mailed_what_they_wrote_themselves(cast: Cast) -> None:
    agent = cast.people["staff"]
    cast.organization.memberships.create(user=agent, role="owner")
    reply(cast)
    assert "agent@support.example" not in mails("message_to_customer")


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CANCELLED])
def test_writing_ends_30_days_after_the_end_and_reading_never(cast: Cast, status: Status) -> None:
    put(cast.installation, status)
    ask(cast, "Thank you.")
    Installation.objects.update(status_since=timezone.now() - timedelta(days=31))
    with pytest.raises(NotWritten):
        ask(cast)
    with pytest.raises(NotWritten):
        reply(cast)
    said = read(cast.fresh(), by=cast.people["member"], side=CUSTOMER)
    assert [line.text for line in said.lines] == ["Thank you."]
    assert not said.can_write


def test_so_many_messages_an_hour_and_no_more(cast: Cast) -> None:
    for number in range(conversation.MOST_AN_HOUR):
        ask(cast, f"Number {number}.")
    with pytest.raises(NotWritten, match="Nothing is lost"):
        ask(cast)
    reply(cast)  # the other side is not silenced
    Message.objects.filter(side=CUSTOMER).update(at=timezone.now() - timedelta(hours=1, minutes=1))
    ask(cast)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_end_up_in_one_mail_with_both(cast: Cast) -> None:
    at_once([lambda: reply(cast, "One."), lambda: reply(cast, "Two.")])  # type: ignore[list-item]
    (mail,) = mails("message_to_customer").values()
    assert "One." in mail.text
    assert "Two." in mail.text


def test_asked_answered_and_done_stand_in_their_order(cast: Cast) -> None:
    put(cast.installation, Status.IN_REVIEW)
    installations.ask_for_changes(
        cast.fresh(), wanted={"region": "Please eu-west-1."}, note="", by=cast.people["staff"]
    )
    ask(cast, "We will.", field="region")
    wish = cast.installation.change_requests.get()
    wish.resolved_at = timezone.now()
    wish.save()
    reply(cast, "Thank you.")
    said = read(cast.fresh(), by=cast.people["member"], side=CUSTOMER)
    assert [(line.kind, line.label, line.text) for line in said.lines] == [
        ("asked", "AWS Region", "Please eu-west-1."),
        ("message", "AWS Region", "We will."),
        ("done", "AWS Region", ""),
        ("message", "", "Thank you."),
    ]


def test_customers_read_support_and_support_reads_names(cast: Cast) -> None:
    User.objects.filter(pk=cast.people["staff"].pk).update(name="Ada Agent")
    reply(cast)
    for who, side, name in (
        ("member", CUSTOMER, "Astronomer support"),
        ("staff", SUPPORT, "Ada Agent"),
    ):
        (line,) = read(cast.fresh(), by=cast.people[who], side=side).lines
        assert line.who == name


def test_new_is_what_the_other_side_wrote_until_each_has_read_it(cast: Cast) -> None:
    first = reply(cast)

    def new(who: str) -> int:
        return read(cast.fresh(), by=cast.people[who], side=CUSTOMER).new

    assert (new("owner"), new("member")) == (1, 1)
    conversation.see(cast.installation, until=first, by=cast.people["owner"])
    assert (new("owner"), new("member")) == (0, 1)
    second = reply(cast, "More.")
    assert (new("owner"), new("member")) == (1, 2)
    ask(cast)  # who answers has read
    assert new("member") == 0
    conversation.see(cast.installation, until=second, by=cast.people["owner"])
    conversation.see(cast.installation, until=first, by=cast.people["owner"])
    assert MessagesSeen.objects.get(user=cast.people["owner"]).at == second.at


def test_a_page_ends_where_the_one_before_begins(cast: Cast) -> None:
    for number in range(5):
        ask(cast, f"Number {number}.")
    newest = read(cast.fresh(), by=cast.people["owner"], side=CUSTOMER, most=2)
    assert [line.text for line in newest.lines] == ["Number 3.", "Number 4."]
    start = newest.lines[0].at
    middle = read(cast.fresh(), by=cast.people["owner"], side=CUSTOMER, most=2, before=start)
    assert [line.text for line in middle.lines] == ["Number 1.", "Number 2."]
    start = middle.lines[0].at
    oldest = read(cast.fresh(), by=cast.people["owner"], side=CUSTOMER, most=2, before=start)
    assert [line.text for line in oldest.lines] == ["Number 0."]
    assert (bool(newest.older), oldest.older) == (True, "")


def test_a_colleague_of_another_organization_is_no_part_of_it(cast: Cast) -> None:
    other = person("other@example.org")
    with pytest.raises(PermissionError):
        write_to_support(cast.installation, text="Hello.", by=other)

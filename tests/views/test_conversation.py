"""The pages of the conversation, on both sides."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Installation, Mail, Message, MessagesSeen, ReminderStop, Status
from onboarding.services import conversation, installations
from tests.views.cast import Cast, everything_stored, make_cast, put

pytestmark = pytest.mark.django_db
OVERRIDE = "\u202e"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(answered=True)
    put(cast.installation, Status.SUBMITTED)
    return cast


def address(cast: Cast, name: str = "conversation") -> str:
    return reverse(name, args=[cast.installation.pk])


def page(cast: Cast, name: str = "conversation", who: str = "member") -> str:
    return cast.client(who).get(address(cast, name)).content.decode()


def write(cast: Cast, text: str, who: str = "member", **more: Any) -> Any:
    return cast.client(who).post(address(cast), {"text": text} | more)


def reply(cast: Cast, text: str = "It is.") -> Message:
    return conversation.write_to_customer(cast.fresh(), text=text, by=cast.people["staff"])


def test_what_is_written_is_shown_to_both_sides(cast: Cast) -> None:
    response = write(cast, "Is eu-west-1 possible?", back="status")
    assert response["Location"] == f"{address(cast, 'status')}#messages"
    desk = reverse("admin:onboarding_message_talk", args=[cast.installation.pk])
    sent = cast.client("staff").post(desk, {"text": "It is."})
    assert sent.status_code == 302
    for shown in (
        page(cast),
        page(cast, "status"),
        cast.client("staff").get(desk).content.decode(),
    ):
        assert "Is eu-west-1 possible?" in shown
        assert "It is." in shown
    assert "agent@support.example" not in page(cast)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  \r\n ", "Write something first."),
        ("x" * 4001, "at most 4000"),
        (f"invoice{OVERRIDE}fdp.exe", "hidden character"),
        ("bell\x07", "hidden character"),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_is_lost(cast: Cast, text: str, says: str) -> None:
    response = write(cast, text)
    assert says in unescape(response.content.decode())
    assert "Error: " in response.content.decode()
    if text.strip():
        assert text in unescape(response.content.decode())
    assert not Message.objects.exists()


def test_marks_of_html_and_links_stay_text(cast: Cast) -> None:
    write(cast, "<script>alert(1)</script>\r\nhttps://evil.example/x")
    desk = reverse("admin:onboarding_message_talk", args=[cast.installation.pk])
    for shown in (
        page(cast),
        page(cast, "status"),
        cast.client("staff").get(desk).content.decode(),
    ):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>https://evil.example/x" in shown
        assert 'href="https://evil.example' not in shown
    mail = Mail.objects.get(name="message_to_support")
    assert "<script>alert" not in mail.html
    assert "\r" not in mail.subject + mail.text


def test_a_question_nobody_asks_is_refused(cast: Cast) -> None:
    assert "Choose from the list." in write(cast, "Hello.", field="status").content.decode()
    assert not Message.objects.exists()


def test_reading_marks_nothing_and_marking_leaves_what_came_meanwhile(cast: Cast) -> None:
    first, client = reply(cast), cast.client("member")
    before = everything_stored()
    for name in ("conversation", "status", "status_live"):
        assert "1 new" in client.get(address(cast, name)).content.decode()
    assert "1 new message" in client.get("/").content.decode()
    assert everything_stored() == before
    reply(cast, "One more.")
    cast.client("member").post(address(cast, "conversation_seen"), {"until": str(first.pk)})
    assert "1 new" in page(cast)
    assert "2 new" in page(cast, who="owner")


@pytest.mark.parametrize("until", ["", "x", "00000000-0000-0000-0000-000000000007"])
def test_marking_what_is_not_there_marks_nothing(cast: Cast, until: str) -> None:
    reply(cast)
    response = cast.client("member").post(address(cast, "conversation_seen"), {"until": until})
    assert response.status_code == 302
    assert not MessagesSeen.objects.filter(user=cast.people["member"]).exists()


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "nowhere"])
def test_it_leads_back_to_pages_of_the_installation_alone(cast: Cast, back: str) -> None:
    response = write(cast, "Hello.", back=back)
    assert response["Location"] == f"{address(cast)}#messages"


def test_the_live_part_brings_what_is_new_and_never_the_box_to_write_in(cast: Cast) -> None:
    client, url = cast.client("member"), address(cast, "status_live")
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    reply(cast, "Here it is.")
    fresh = client.get(url, headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    shown = fresh.content.decode()
    assert '<div id="beside" hx-swap-oob="true">' in shown
    assert "Here it is." in shown
    assert "<textarea" not in shown
    assert "<textarea" in page(cast, "status")


def test_the_whole_page_and_its_live_part_agree(cast: Cast) -> None:
    """Else every page would be sent anew once."""
    client = cast.client("member")
    etag = client.get(address(cast, "status_live"))["ETag"]
    assert etag.strip('"') in unescape(client.get(address(cast, "status")).content.decode())


def asked(cast: Cast) -> Any:
    put(cast.installation, Status.IN_REVIEW)
    installations.ask_for_changes(
        cast.fresh(), wanted={"region": "Please eu-west-1."}, note="", by=cast.people["staff"]
    )
    return cast.installation.change_requests.get()


def test_a_wish_is_answered_beside_its_question(cast: Cast) -> None:
    wish = asked(cast)
    step = reverse("step", args=[cast.installation.pk, "cluster"])
    shown = cast.client("member").get(step).content.decode()
    assert f'form="answer-{wish.pk}"' in shown
    assert f'id="answer-{wish.pk}"' in shown
    posted = {"field": "region", "wish": wish.pk, "back": "cluster"}
    assert write(cast, "We cannot.", **posted)["Location"] == step
    by_script = cast.client("member").post(
        address(cast), {"text": "", **posted}, headers={"HX-Request": "true"}
    )
    assert by_script.status_code == 200
    assert "Write something first." in by_script.content.decode()
    assert f'id="answer-box-{wish.pk}" open' in by_script.content.decode()
    by_script = cast.client("member").post(
        address(cast), {"text": "Really.", **posted}, headers={"HX-Request": "true"}
    )
    assert "Sent." in by_script.content.decode()
    assert [message.field for message in Message.objects.all()] == ["region", "region"]


def test_an_auditor_reads_and_does_not_write(cast: Cast) -> None:
    reply_url = reverse("admin:onboarding_message_talk", args=[cast.installation.pk])
    write(cast, "Hello.")
    cast.people["staff"].groups.set(Group.objects.filter(name="Auditor"))
    client = cast.client("staff")
    shown = client.get(reply_url).content.decode()
    assert "Hello." in shown
    assert "Send to the customer" not in shown
    assert client.post(reply_url, {"text": "No."}).status_code == 403
    assert Message.objects.count() == 1


def test_long_after_the_end_there_is_no_box(cast: Cast) -> None:
    put(cast.installation, Status.CONFIRMED)
    Installation.objects.update(status_since=timezone.now() - timedelta(days=31))
    assert "<textarea" not in page(cast)
    assert "over for more than 30 days" in page(cast)
    assert "Nothing was sent." in unescape(write(cast, "Hello?").content.decode())


def test_reminders_are_stopped_by_a_button_and_not_by_the_link(cast: Cast) -> None:
    client, url = cast.client("member"), address(cast, "reminders")
    assert "Stop reminding me" in client.get(url).content.decode()
    assert not ReminderStop.objects.exists()
    client.post(url, {"then": "stop"})
    assert ReminderStop.objects.get().user == cast.people["member"]
    assert "Remind me again" in client.get(url).content.decode()
    client.post(url, {"then": "start"})
    assert not ReminderStop.objects.exists()


def test_late_is_said_openly(cast: Cast) -> None:
    Installation.objects.update(status_since=timezone.now() - timedelta(days=9))
    for name in ("status", "home"):
        shown = cast.client("member").get("/" if name == "home" else address(cast, name))
        assert ("later than promised" if name == "status" else "Late:") in shown.content.decode()

"""Mail that comes back: recognised by its signed address or by a provider's word, and told."""

import io
import sys
from datetime import timedelta

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.conf import settings as portal
from django.core.management import call_command
from django.db.models.functions import Now
from pytest_django import Settings

from onboarding.jobs import bounces, send_mail
from onboarding.jobs.mail_transport import Answer, Outcome
from onboarding.models import Event, Installation, Mail
from tests import policy_ledger as ledger
from tests.factories import make_answered, make_user
from tests.facts.test_bounces import report

pytestmark = pytest.mark.django_db
State = Mail.State
DOMAIN = "bounces.portal.example"


@pytest.fixture(autouse=True)
def own_domain(settings: Settings) -> None:
    settings.BOUNCE_DOMAIN = DOMAIN


@pytest.fixture
def installation() -> Installation:
    return make_answered()


def make_mail(
    installation: Installation | None = None, state: str = State.ACCEPTED, **values: object
) -> Mail:
    values = {"name": "ready", "to": "owner@acme.example", "text": "Text.", "html": "H."} | values
    mail = Mail.objects.create(installation=installation, subject="Ready", state=state, **values)
    if state == State.ACCEPTED:
        Mail.objects.filter(pk=mail.pk).update(accepted_at=Now())
    return mail


def piped(raw: bytes, monkeypatch: pytest.MonkeyPatch, *recipient: str) -> str:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("record_bounce", *recipient, stdout=said)
    return said.getvalue().strip()


def told(name: str = "mail_bounced") -> list[str]:
    return list(Mail.objects.filter(name=name).values_list("to", flat=True))


def test_a_mail_goes_out_from_an_address_that_names_it(settings: Settings) -> None:
    mail = make_mail()
    sender = bounces.sender_of(mail)
    message = send_mail.message_of(mail)
    assert message.from_email == sender
    assert message.message()["From"] == portal.DEFAULT_FROM_EMAIL
    assert len(sender.partition("@")[0]) <= 64
    settings.BOUNCE_DOMAIN = ""
    assert send_mail.message_of(mail).from_email == portal.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize("by_header", [True, False])
def test_a_report_from_the_mail_server_is_recorded_and_told(
    by_header: bool, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = make_mail(installation)
    accepted = Mail.objects.get(pk=mail.pk).accepted_at
    address = bounces.sender_of(mail)
    said = (
        piped(report(to=address.upper()), monkeypatch)
        if by_header
        else piped(report(to="else@else.example"), monkeypatch, address)
    )
    mail.refresh_from_db()
    assert said == "Recorded."
    assert (mail.state, mail.reply) == (State.BOUNCED, "5.1.1 550 No such user")
    assert mail.bounced_at is not None
    assert mail.accepted_at == accepted
    assert (mail.text, mail.html) == ("", "")
    event = installation.events.get(kind=Event.Kind.MAIL_BOUNCED)
    assert event.data == {"email": "owner@acme.example"}
    assert told() == [portal.SUPPORT_EMAIL]


def test_the_same_report_twice_is_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = report(to=bounces.sender_of(make_mail(installation)))
    assert piped(raw, monkeypatch) == "Recorded."
    assert piped(raw, monkeypatch).startswith("Ignored")
    assert len(told()) == 1


def test_support_is_told_once_an_address(installation: Installation) -> None:
    for _ in range(3):
        bounces.record(make_mail(installation).pk, "5.1.1")
    bounces.record(make_mail(installation, to="member@acme.example").pk, "5.1.1")
    assert len(told()) == 2
    assert installation.events.filter(kind=Event.Kind.MAIL_BOUNCED).count() == 4


def forged(mail: Mail) -> list[str]:
    good = bounces.sender_of(mail)
    local, _, domain = good.partition("@")
    other = bounces.sender_of(make_mail())
    return [
        f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}",
        f"{local}@elsewhere.example",
        good.replace(mail.pk.hex, other[8:40]),
        f"bounces+{mail.pk.hex}@{domain}",
        f"bounces+{mail.pk}-{local[-20:]}@{domain}",
        f"x{good}",
        "owner@acme.example",
    ]


def test_an_address_that_we_did_not_sign_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = make_mail()
    for address in forged(mail):
        assert "Ignored" in piped(report(to=address), monkeypatch), address
        assert "Ignored" in piped(report(), monkeypatch, address), address
    assert not Mail.objects.filter(state=State.BOUNCED).exists()


def test_nothing_is_recorded_without_a_domain_for_bounces(settings: Settings) -> None:
    mail = make_mail()
    address = bounces.sender_of(mail)
    settings.BOUNCE_DOMAIN = ""
    assert "Ignored" in bounces.receive(report(), address)
    assert "Ignored" in bounces.receive(report(), address.partition("@")[0] + "@")


@pytest.mark.parametrize("days", [6, 8])
def test_an_address_works_for_a_week(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = make_mail()
    long_ago = Now() - timedelta(days=days)
    Mail.objects.filter(pk=mail.pk).update(created_at=long_ago, accepted_at=long_ago)
    said = piped(report(to=bounces.sender_of(mail)), monkeypatch)
    assert (said == "Recorded.") == (days == 6)


@pytest.mark.parametrize(
    "raw",
    [
        report(action="delayed", status="4.4.1"),
        b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday.",
        b"\xff\x00garbage",
        b"",
    ],
)
def test_delays_auto_replies_and_garbage_harm_nothing(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = make_mail()
    assert piped(raw, monkeypatch, bounces.sender_of(mail)).startswith("Ignored")
    mail.refresh_from_db()
    assert mail.state == State.ACCEPTED


@pytest.mark.parametrize(
    ("state", "copies", "comes_back"),
    [
        (State.ACCEPTED, 1, True),
        (State.SENDING, 1, True),
        (State.QUEUED, 1, True),
        (State.QUEUED, 0, False),
        (State.REFUSED, 0, False),
        (State.BOUNCED, 1, False),
    ],
)
def test_only_what_has_gone_out_comes_back(state: str, copies: int, comes_back: bool) -> None:
    """And what came back while its sender was gone is not sent again."""
    mail = make_mail(state=state, copies=copies)
    assert bounces.record(mail.pk, "5.1.1") == comes_back
    assert Mail.objects.due().exists() == (state == State.QUEUED and not comes_back)


def test_a_sender_that_learns_late_of_its_success_does_not_hide_that_it_came_back() -> None:
    mail = make_mail(state=State.QUEUED)
    claimed = send_mail._claim(str(mail.pk))
    assert claimed is not None
    send_mail._goes_out(claimed)
    bounces.record(mail.pk, "5.1.1")
    answer = Answer(Outcome.ACCEPTED, "250")
    send_mail._settle(claimed, answer)
    mail.refresh_from_db()
    assert mail.state == State.BOUNCED


@pytest.mark.parametrize("name", ["policy_notice", "ready"])
def test_what_support_is_not_told_by_this_way(name: str, installation: Installation) -> None:
    """Notices have a way of their own; support's own mailbox would send it back in turn."""
    staff = make_user("agent@support.example", is_staff=True)
    to = "owner@acme.example" if name == "policy_notice" else staff.email
    bounces.record(make_mail(installation, name=name, to=to).pk, "5.1.1")
    bounces.record(make_mail(installation, to=portal.SUPPORT_EMAIL).pk, "5.1.1")
    assert told() == []
    assert not installation.events.filter(kind=Event.Kind.MAIL_BOUNCED).exists()


def test_a_notice_that_came_back_counts_no_more_in_the_ledger() -> None:
    notice = ledger.notice(ledger.announced(), ledger.owner())
    ledger.settle(notice, State.ACCEPTED)
    assert notice.mail is not None
    assert notice.has_reached
    bounces.record(notice.mail.pk, "5.1.1 550 No such user")
    notice.refresh_from_db()
    assert notice.has_failed
    assert notice.bounced_reply == "5.1.1 550 No such user"


def provider_says(event_type: str, mail: str, **values: object) -> None:
    event = AnymailTrackingEvent(event_type=event_type, metadata={"mail": mail}, **values)
    tracking.send(sender=object, event=event, esp_name="Postmark")


@pytest.mark.parametrize(
    ("event_type", "state"),
    [
        (EventType.BOUNCED, State.BOUNCED),
        (EventType.REJECTED, State.BOUNCED),
        (EventType.FAILED, State.BOUNCED),
        (EventType.DEFERRED, State.ACCEPTED),
        (EventType.DELIVERED, State.ACCEPTED),
        (EventType.AUTORESPONDED, State.ACCEPTED),
        (EventType.COMPLAINED, State.ACCEPTED),
    ],
)
def test_a_provider_tells_what_came_back(event_type: str, state: str) -> None:
    mail = make_mail()
    provider_says(event_type, str(mail.pk), mta_response="550 No such\r\nuser")
    mail.refresh_from_db()
    assert mail.state == state
    assert mail.reply == ("550 No such user" if state == State.BOUNCED else "")


@pytest.mark.parametrize("named", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_provider_that_names_no_mail_of_ours_changes_nothing(named: str) -> None:
    mail = make_mail()
    provider_says(EventType.BOUNCED, named)
    tracking.send(sender=object, event=AnymailTrackingEvent(event_type="bounced"), esp_name="x")
    mail.refresh_from_db()
    assert mail.state == State.ACCEPTED


def test_a_mail_refused_at_once_is_told_too(installation: Installation) -> None:
    mail = make_mail(installation, state=State.QUEUED)
    claimed = send_mail._claim(str(mail.pk))
    assert claimed is not None
    send_mail._settle(claimed, Answer(Outcome.REFUSED, "550 Nobody"))
    assert told() == [portal.SUPPORT_EMAIL]
    assert "550 Nobody" in Mail.objects.get(name="mail_bounced").text

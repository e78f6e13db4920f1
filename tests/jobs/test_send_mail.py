import socket
from collections.abc import Callable, Generator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from onboarding.jobs import send_mail
from onboarding.models import Mail
from tests.harness.mail import Mailbox

pytestmark = pytest.mark.django_db

QUEUED, REFUSED, ACCEPTED = Mail.State.QUEUED, Mail.State.REFUSED, Mail.State.ACCEPTED


def make_mail(to: str = "owner@acme.example", **values: Any) -> Mail:
    return Mail.objects.create(
        name="ready", to=to, subject="Your cluster is ready", text="Text.", html="<p>HTML.</p>",
        **values,
    )  # fmt: skip


def send(mail: Mail) -> Mail:
    Mail.objects.filter(pk=mail.pk).update(run_after="2020-01-01T00:00Z")
    send_mail.run(str(mail.pk))
    mail.refresh_from_db()
    return mail


class Answers:
    """A mail server's side: answers RCPT and DATA as told, and keeps what it was given."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt, data
        self.kept: list[bytes] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.kept.append(envelope.content)
        return self.data


@pytest.fixture
def server(settings: Settings) -> Generator[Callable[[Answers], Answers]]:
    running: list[Controller] = []

    def start(answers: Answers) -> Answers:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(answers, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return answers

    yield start
    for controller in running:
        controller.stop()


def test_a_mail_arrives_with_both_parts_and_its_own_message_id(mailbox: Mailbox) -> None:
    mail = send(make_mail())

    arrived = mailbox.wait_for("Your cluster is ready", to="owner@acme.example")
    assert mail.state == ACCEPTED
    assert "Text." in arrived.text
    assert "<p>HTML.</p>" in arrived.html


def test_an_accepted_mail_keeps_no_text(mailbox: Mailbox) -> None:
    mail = send(make_mail())

    assert (mail.text, mail.html) == ("", "")


def test_a_second_message_sends_no_second_mail(mailbox: Mailbox) -> None:
    mail = send(make_mail())
    send(mail)

    assert len(mailbox.mails()) == 1


def test_a_copy_after_a_crash_has_the_same_message_id(
    server: Callable[[Answers], Answers],
) -> None:
    answers = server(Answers())
    mail = send(make_mail())
    Mail.objects.filter(pk=mail.pk).update(state=QUEUED, text="Text.")
    send(mail)

    ids = [line for mail in answers.kept for line in mail.splitlines() if b"Message-ID" in line]
    assert len(ids) == 2
    assert ids[0] == ids[1]


@pytest.mark.parametrize("answer", ["421 Busy", "450 Try later", "451 Greylisted"])
def test_an_answer_that_may_change_is_tried_again_later(
    answer: str, server: Callable[[Answers], Answers]
) -> None:
    server(Answers(rcpt=answer))

    mail = send(make_mail())

    assert mail.state == QUEUED
    assert mail.reply.startswith(answer[:3])
    assert mail.text
    assert not Mail.objects.due().exists()


@pytest.mark.parametrize("answers", [Answers(rcpt="550 Nobody"), Answers(data="554 Refused")])
def test_an_answer_that_will_not_change_ends_it(
    answers: Answers, server: Callable[[Answers], Answers]
) -> None:
    server(answers)

    mail = send(make_mail())

    assert mail.state == REFUSED
    assert mail.reply[:3] in ("550", "554")


def test_a_server_that_is_away_is_tried_again_and_given_up_in_the_end(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = make_mail()

    states = [send(mail).state for _ in range(len(send_mail.WAITS) + 1)]

    assert states == [QUEUED] * len(send_mail.WAITS) + [REFUSED]


def test_an_address_that_no_header_takes_stops_only_its_own_mail(mailbox: Mailbox) -> None:
    poison, fine = make_mail("mike@example.org\u202e"), make_mail()

    assert send(poison).state == REFUSED
    assert send(fine).state == ACCEPTED

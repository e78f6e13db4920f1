"""At least once, at most twice, under one Message-ID: through every answer a mail server can give."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from onboarding.jobs import mail_transport, reconcile, send_mail
from onboarding.jobs.policies import tell_owners
from onboarding.models import LostLease, Mail, Membership, Notice
from onboarding.services import policies
from tests import policy_ledger as ledger
from tests.factories import make_organization, make_user
from tests.jobs.mail_servers import DROP, HANG, HOST, TEXT, Script, message_ids, name_of, serving
from tests.services.together import at_once

pytestmark = pytest.mark.django_db
State = Mail.State
AUTH = "250-here\r\n250 AUTH PLAIN"
Serve = Callable[[Script], Script]


@pytest.fixture
def serve(settings: Settings) -> Generator[Serve]:
    """Starts a server that follows the script; mail goes there, and nobody waits for long."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = HOST, 0.3
    with ExitStack() as stack:

        def start(script: Script) -> Script:
            settings.EMAIL_PORT = stack.enter_context(serving(script))
            return script

        yield start


def make_mail(to: str = "owner@acme.example", **values: Any) -> Mail:
    return Mail.objects.create(
        name="ready",
        to=to,
        subject="Your cluster is ready",
        text="Text.",
        html="<p>H.</p>",
        **values,
    )


def due(mail: Mail) -> None:
    """As if the wait, or the lease of a sender that is gone, were over."""
    Mail.objects.filter(pk=mail.pk, state=State.QUEUED).update(run_after=Now())
    Mail.objects.filter(pk=mail.pk).update(lease_until=Now() - timedelta(seconds=1))


def tries(mail: Mail, most: int = 12) -> Mail:
    """Try until it is settled, as the reconciler has it done."""
    for _ in range(most):
        due(mail)
        send_mail.run(str(mail.pk))
        mail.refresh_from_db()
        if mail.state not in (State.QUEUED, State.SENDING):
            break
    return mail


ANSWERS: dict[str, tuple[Script, str, int]] = {
    "250": (Script(), State.ACCEPTED, 1),
    "421 at the greeting": (Script(greeting="421 Busy"), State.REFUSED, 0),
    "554 at the greeting": (Script(greeting="554 No mail here"), State.REFUSED, 0),
    "hang at the greeting": (Script(greeting=HANG), State.REFUSED, 0),
    "450 at first": (Script({"RCPT": ["450 Later", "250 OK"]}), State.ACCEPTED, 1),
    "421 at first": (Script({"RCPT": ["421 Later", "250 OK"]}), State.ACCEPTED, 1),
    "550": (Script({"RCPT": "550 Nobody"}), State.REFUSED, 0),
    "421 to DATA": (Script({"DATA": ["421 Later", "354 OK"]}), State.ACCEPTED, 1),
    "hang at RCPT": (Script({"RCPT": [HANG, "250 OK"]}), State.ACCEPTED, 1),
    "hang at DATA": (Script({"DATA": [HANG, "354 OK"]}), State.ACCEPTED, 1),
    "drop at DATA": (Script({"DATA": [DROP, "354 OK"]}), State.ACCEPTED, 1),
    "hang at QUIT": (Script({"QUIT": HANG}), State.ACCEPTED, 1),
    "drop after the text": (Script({TEXT: [DROP, "250 OK"]}), State.ACCEPTED, 2),
    "hang after the text": (Script({TEXT: [HANG, "250 OK"]}), State.ACCEPTED, 2),
    "drop after every text": (Script({TEXT: DROP}), State.REFUSED, 2),
}


@pytest.mark.parametrize(("script", "state", "copies"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_ends_well(script: Script, state: str, copies: int, serve: Serve) -> None:
    serve(script)
    mail = tries(make_mail())

    assert (mail.state, len(script.taken)) == (state, copies)
    assert len(message_ids(script)) <= 1
    assert (mail.text, mail.html) == ("", "")


def test_a_refused_text_is_no_copy(serve: Serve) -> None:
    """The server read it and said no: as often as it likes."""
    script = serve(Script({TEXT: ["451 Greylisted", "451 Greylisted", "452 Full", "250 OK"]}))

    mail = tries(make_mail())

    assert (mail.state, mail.copies, len(script.taken)) == (State.ACCEPTED, 1, 4)


def test_a_text_refused_for_good_ends_it(serve: Serve) -> None:
    script = serve(Script({TEXT: "554 Refused"}))

    mail = tries(make_mail())

    assert (mail.state, mail.reply, len(script.taken)) == (State.REFUSED, "554 Refused", 1)


def test_a_server_that_answers_late_gets_no_second_copy(serve: Serve, settings: Settings) -> None:
    """It may look for viruses for longer than it may take to answer a command."""
    script = serve(Script())
    script.on_text = lambda: time.sleep(settings.EMAIL_TIMEOUT * 2)

    assert tries(make_mail()).state == State.ACCEPTED
    assert len(script.taken) == 1


def test_what_nobody_answers_for_is_given_up_with_a_word(serve: Serve) -> None:
    serve(Script({TEXT: DROP}))

    mail = tries(make_mail())

    assert mail.reply == send_mail.TWICE
    assert mail.accepted_at is None


class Killed(BaseException):
    """What a `kill -9` is to a test: nothing of the sender runs any more."""


def test_a_sender_killed_after_the_yes_sends_one_more_copy_and_no_third(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = serve(Script())
    mail = make_mail()

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(send_mail, "_settle", die)
        for _ in range(4):
            due(mail)
            try:
                send_mail.run(str(mail.pk))
            except Killed:
                continue
    mail = tries(mail)

    assert len(script.taken) == 2
    assert len(message_ids(script)) == 1
    assert mail.state == State.REFUSED


def test_a_sender_killed_once_is_made_good(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    script = serve(Script())
    mail = make_mail()

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(send_mail, "_settle", die)
        with pytest.raises(Killed):
            send_mail.run(str(mail.pk))

    assert tries(mail).state == State.ACCEPTED
    assert len(script.taken) == 2


def test_one_that_kills_every_sender_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[object] = []

    def die(*args: object) -> None:
        began.append(args)
        raise Killed

    monkeypatch.setattr(send_mail, "hand_over", die)
    mail = make_mail()
    for _ in range(20):
        due(mail)
        try:
            send_mail.run(str(mail.pk))
        except Killed:
            continue
    mail.refresh_from_db()

    assert (mail.state, mail.reply) == (State.REFUSED, send_mail.OFTEN)
    assert len(began) == len(send_mail.WAITS) + 1


def test_a_sender_that_lost_its_lease_before_the_text_sends_none(serve: Serve) -> None:
    script = serve(Script())
    mail = make_mail()
    first = send_mail._claim(str(mail.pk))
    assert first is not None
    due(mail)
    send_mail.run(str(mail.pk))

    with pytest.raises(LostLease):
        mail_transport.hand_over(send_mail.message_of(first), lambda: send_mail._goes_out(first))

    assert len(script.taken) == 1


@pytest.mark.parametrize("outcome", mail_transport.Outcome)
def test_a_sender_that_lost_its_lease_after_the_text_overwrites_nothing(
    outcome: mail_transport.Outcome, serve: Serve
) -> None:
    script = serve(Script())
    mail = make_mail()
    first = send_mail._claim(str(mail.pk))
    assert first is not None
    send_mail._goes_out(first)
    due(mail)
    send_mail.run(str(mail.pk))
    mail.refresh_from_db()
    before = (mail.state, mail.accepted_at, mail.reply, mail.copies)

    send_mail._settle(first, mail_transport.Answer(outcome, "Late"))
    mail.refresh_from_db()

    assert (mail.state, mail.accepted_at, mail.reply, mail.copies) == before
    assert mail.state == State.ACCEPTED
    assert (mail.copies, len(script.taken)) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_one_copy(serve: Serve) -> None:
    script = serve(Script())
    mail = make_mail()

    at_once([lambda: send_mail.run(str(mail.pk))] * 8)

    mail.refresh_from_db()
    assert (mail.state, len(script.taken)) == (State.ACCEPTED, 1)


def test_a_wrong_password_of_ours_is_put_right_and_no_mail_is_lost(
    serve: Serve, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    script = serve(Script({"EHLO": AUTH, "AUTH": ["535 Wrong", "535 Wrong", "235 OK"]}))

    assert tries(make_mail(), most=1).state == State.QUEUED
    assert tries(Mail.objects.get()).state == State.ACCEPTED
    assert len(script.taken) == 1


BAD_DAYS: dict[str, dict[str, str | list[str]]] = {
    "fine": {},
    "busy": {"RCPT": ["421 Busy", "250 OK"]},
    "greylisted": {"RCPT": ["450 Later", "450 Later", "250 OK"]},
    "refused-text-once": {TEXT: ["451 Later", "250 OK"]},
    "hangs-at-rcpt": {"RCPT": [HANG, "250 OK"]},
    "hangs-at-data": {"DATA": [HANG, "354 OK"]},
    "hangs-after-text": {TEXT: [HANG, "250 OK"]},
    "drops-after-text": {TEXT: [DROP, "250 OK"]},
    "drops-then-busy": {TEXT: [DROP, "451 Later", "250 OK"]},
    "drops-after-every-text": {TEXT: DROP},
    "nobody": {"RCPT": "550 Nobody"},
    "unwanted": {TEXT: "554 Refused"},
}
FOR_GOOD = ("nobody", "unwanted")


def test_every_owner_gets_the_notice_at_least_once_and_at_most_twice(serve: Serve) -> None:
    """Through all of a mail server's bad days, and with every message to the workers doubled."""
    owners = {name: make_user(f"{name}@owners.example") for name in BAD_DAYS}
    organization = make_organization(owners["fine"])
    for owner in list(owners.values())[1:]:
        Membership.objects.create(organization=organization, user=owner, role="owner")
    version = policies.propose(
        ledger.edition(more="eks:CreateFargateProfile"), what="More.", why="Why.", by=ledger.lead()
    )
    policies.approve(version, by=ledger.lead())
    tell_owners()
    script = serve(Script(of={owners[name].email: told for name, told in BAD_DAYS.items()}))

    for _ in range(len(send_mail.WAITS) + 2):
        Mail.objects.filter(state=State.QUEUED).update(run_after=Now())
        for pk in reconcile.find().mails * 2:
            send_mail.run(pk)

    kept = Counter(name_of(text) for text in script.kept)
    notices = {each.address.partition("@")[0]: each for each in Notice.objects.all()}
    assert set(notices) == set(BAD_DAYS)
    for name in BAD_DAYS:
        assert (1 <= kept[name] <= 2) == (name not in FOR_GOOD), name
        assert notices[name].has_reached == (name not in (*FOR_GOOD, "drops-after-every-text"))
    assert not Mail.objects.filter(state__in=(State.QUEUED, State.SENDING)).exists()

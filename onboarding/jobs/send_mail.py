"""Sends one mail of the outbox over SMTP: at least once, with a Message-ID that stays the same."""

import smtplib
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from onboarding.models import Mail

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
"""Between tries after an answer that may change: 4xx, a time-out, no connection."""


def run(mail_id: str) -> None:
    """Send the mail if it is due and nobody else is sending it."""
    mail = _claim(mail_id)
    if mail is None:
        return
    try:
        _message(mail).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        _settle(mail, code, reply)
    except smtplib.SMTPResponseException as error:
        _settle(mail, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        _settle(mail, 400, type(error).__name__)
    except (UnicodeError, ValueError):
        # An address that cannot be written into a header will not become one.
        _settle(mail, 550, "The address cannot be used in a mail.")
    else:
        Mail.objects.filter(pk=mail.pk).update(
            state=Mail.State.ACCEPTED, accepted_at=Now(), text="", html="", reply="250"
        )


def _claim(mail_id: str) -> Mail | None:
    with transaction.atomic():
        # `due` covers a crashed sender too: its lease has run out.
        taken = (
            Mail.objects.due()
            .filter(pk=mail_id)
            .update(state=Mail.State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE)
        )
        return Mail.objects.get(pk=mail_id) if taken else None


def _message(mail: Mail) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers={
            "Message-ID": f"<mail-{mail.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _settle(mail: Mail, code: int, reply: bytes | str) -> None:
    """Try again after 4xx, six times over some hours; give up at once after 5xx."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    last = mail.attempts > len(WAITS)
    said = f"{code} {text}"[:500]
    this = Mail.objects.filter(pk=mail.pk)
    if code >= 500 or last:
        log.error("mail_refused", mail=str(mail.pk), name=mail.name, code=code)
        this.update(state=Mail.State.REFUSED, reply=said, text="", html="")
    else:
        wait = WAITS[mail.attempts - 1]
        this.update(state=Mail.State.QUEUED, run_after=Now() + wait, reply=said)

"""Sends one mail of the outbox: at least once and at most twice, with one Message-ID.

A mail that the server said no to may be sent again as often as one likes. When nobody knows what
became of it (no answer after the text, or a sender that died in between) it is sent once more and
no further. That it goes out is written before it does, and only the newest try may write.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now

from onboarding.jobs import bounces
from onboarding.jobs.mail_transport import Answer, Outcome, hand_over
from onboarding.models import LostLease, Mail
from onboarding.models.mail import MOST_COPIES

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=120)
"""Longer than a try may take before its text goes out; begun anew when it does."""
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 360, 540)]
"""Between tries after an answer that may change. The last try is a day after the first."""
TWICE = "Sent twice, and no answer came. It may have arrived."
OFTEN = "Every try to send it was cut short."


def run(mail_id: str) -> None:
    """Send the mail if it is due and nobody else is sending it."""
    mail = _claim(mail_id)
    if mail is None:
        return
    if mail.copies >= MOST_COPIES or mail.attempts > len(WAITS) + 1:
        _give_up(mail, TWICE if mail.copies >= MOST_COPIES else OFTEN)
        return
    try:
        answer = hand_over(message_of(mail), lambda: _goes_out(mail))
    except LostLease:
        log.warning("mail_lease_lost", mail=str(mail.pk), attempt=mail.attempts)
        return
    _settle(mail, answer)


def _claim(mail_id: str) -> Mail | None:
    with transaction.atomic():
        # `due` covers a crashed sender too: its lease has run out.
        taken = (
            Mail.objects.due()
            .filter(pk=mail_id)
            .update(state=Mail.State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE)
        )
        return Mail.objects.get(pk=mail_id) if taken else None


def message_of(mail: Mail) -> EmailMultiAlternatives:
    """As it goes out. Notices of a service say nothing of unsubscribing: one cannot, and that is
    the promise of the 14 days.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=bounces.sender_of(mail) or settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<mail-{mail.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    # For a provider: what its webhook names the mail by, and that it leaves our links alone.
    message.metadata = {bounces.METADATA: str(mail.pk)}  # type: ignore[attr-defined]
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def _goes_out(mail: Mail) -> None:
    """Raises `LostLease` when another try has begun meanwhile, or the mail came to an end."""
    left = _of_this_try(mail).filter(copies__lt=MOST_COPIES)
    if not left.update(copies=F("copies") + 1, lease_until=Now() + LEASE):
        raise LostLease


def _settle(mail: Mail, answer: Answer) -> None:
    """`mail` is as it was before the try: its copies do not count this one."""
    if answer.outcome is Outcome.ACCEPTED:
        _of_this_try(mail).update(
            state=Mail.State.ACCEPTED, accepted_at=Now(), text="", html="", reply=answer.said
        )
    elif answer.outcome is Outcome.REFUSED:
        _give_up(mail, answer.said)
    elif answer.outcome is Outcome.UNKNOWN and mail.copies + 1 >= MOST_COPIES:
        _give_up(mail, TWICE)
    elif mail.attempts > len(WAITS):
        _give_up(mail, answer.said)
    else:
        wait = WAITS[mail.attempts - 1]
        # What was answered with a `no` is no copy.
        copies = {} if answer.outcome is Outcome.UNKNOWN else {"copies": mail.copies}
        _of_this_try(mail).update(
            state=Mail.State.QUEUED, run_after=Now() + wait, reply=answer.said, **copies
        )


@transaction.atomic
def _give_up(mail: Mail, said: str) -> None:
    log.error("mail_refused", mail=str(mail.pk), name=mail.name, reply=said[:3])
    if _of_this_try(mail).update(state=Mail.State.REFUSED, reply=said, text="", html=""):
        bounces.tell(mail, said)


def _of_this_try(mail: Mail) -> models.QuerySet[Mail]:
    """The row, while no later try has begun and nothing came back meanwhile."""
    return Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=Mail.State.SENDING)

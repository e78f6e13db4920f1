"""Mail that came back: recognised, recorded on its row, and told to whoever can do something.

It comes back in two ways: a provider calls our webhook, or a mail server writes to the address that
the mail was sent from, which names the mail and is signed.
"""

import hmac
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from onboarding import notifications
from onboarding.facts import bounces as reports
from onboarding.models import Event, Mail, User

log = structlog.get_logger(__name__)

METADATA = "mail"
"""The name under which a provider tells us the id of our mail."""
WORKS_FOR = timedelta(days=7)
"""How long after a mail its address for bounces works. Servers try for 4 to 5 days (RFC 5321, 4.5.4)."""
ADDRESS = re.compile(r"bounces\+([0-9a-f]{32})-([0-9a-f]{20})@(.+)")
"""A local part has at most 64 characters, and a server may write it in other case."""
FAILED = ("bounced", "rejected", "failed")
"""Of the events that providers report, those that say that the mail will not arrive."""


def sender_of(mail: Mail) -> str:
    """Where the mail's bounces go; empty when they come by other ways."""
    if not settings.BOUNCE_DOMAIN or settings.MAIL_PROVIDER:
        return ""
    return f"bounces+{mail.pk.hex}-{_signature(mail.pk.hex)}@{settings.BOUNCE_DOMAIN}"


def receive(raw: bytes, recipient: str = "") -> str:
    """A mail that was sent to an address for bounces. Says what became of it; harms nothing."""
    report = reports.read(raw)
    if not report.failure:
        return "Ignored: it does not say that a mail failed."
    addresses = (recipient,) if recipient else report.recipients
    found = next((pk for pk in map(_mail_of, addresses) if pk), None)
    if found is None:
        return "Ignored: it was not sent to an address that we signed."
    recent = Q(created_at__gt=Now() - WORKS_FOR) | Q(accepted_at__gt=Now() - WORKS_FOR)
    if record(found, report.failure, among=recent):
        return "Recorded."
    return "Ignored: nothing is known of such a mail, or its end is known already."


def hear(sender: object, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """A provider tells what became of a mail: the receiver of django-anymail's signal."""
    named = (event.metadata or {}).get(METADATA, "")
    if event.event_type not in FAILED or not isinstance(named, str):
        return
    try:
        pk = UUID(named)
    except ValueError:
        return
    words = event.mta_response or event.description or event.reject_reason or event.event_type
    record(pk, re.sub(r"[^\x20-\x7e]+", " ", str(words)).strip()[: reports.MOST])


@transaction.atomic
def record(pk: UUID, said: str, among: Q | None = None) -> bool:
    """That the mail came back: once, and only of one that has gone out."""
    State = Mail.State
    out = Q(state__in=(State.SENDING, State.ACCEPTED)) | Q(state=State.QUEUED, copies__gt=0)
    rows = Mail.objects.filter(among or Q(), out, pk=pk)
    if not rows.update(state=State.BOUNCED, bounced_at=Now(), reply=said, text="", html=""):
        return False
    mail = Mail.objects.select_related("installation__organization").get(pk=pk)
    log.warning("mail_came_back", mail=str(pk), name=mail.name)
    tell(mail, said)
    return True


def tell(mail: Mail, said: str) -> None:
    """Write down, where the Organization is known, that a mail does not arrive, and tell support.

    Notices of new permissions have their own way (`onboarding.jobs.policies`), and support is told
    once an address and installation: a mailbox that is gone sends back everything.
    """
    about = mail.installation
    if about is None or mail.name == notifications.POLICY_NOTICE.name or _is_ours(mail.to):
        return
    before = about.events.filter(kind=Event.Kind.MAIL_BOUNCED, data__email=mail.to)
    if not before.exists():
        notifications.notify(
            notifications.MAIL_BOUNCED, about, address=mail.to, about=mail.subject, said=said
        )
    Event.objects.create(
        organization=about.organization,
        installation=about,
        kind=Event.Kind.MAIL_BOUNCED,
        data={"email": mail.to},
    )


def _is_ours(address: str) -> bool:
    """Support's own: it is not the customer's to know, and a mail about it would come back too."""
    staff = User.objects.filter(email__iexact=address, is_staff=True)
    return address.lower() == settings.SUPPORT_EMAIL.lower() or staff.exists()


def _mail_of(address: str) -> UUID | None:
    found = ADDRESS.fullmatch(address.lower())
    if not found or found[3] != settings.BOUNCE_DOMAIN.lower():
        return None
    genuine = hmac.compare_digest(found[2], _signature(found[1]))
    return UUID(found[1]) if genuine else None


def _signature(own_id: str) -> str:
    digest: str = salted_hmac("onboarding.bounces", own_id, algorithm="sha256").hexdigest()
    return digest[:20]

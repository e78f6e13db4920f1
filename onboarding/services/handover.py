"""The access step in the hands of a colleague who has AWS rights: a link for one person, and the
code that shows the external ID to nobody else.

The link's secret and the code stand in mails alone: kept are their keyed digests.
"""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from onboarding import notifications, tasks
from onboarding.jobs.renewal import owners
from onboarding.models import (
    Event,
    Handover,
    HandoverVisit,
    Installation,
    Membership,
    Operation,
    Organization,
    Status,
    User,
)
from onboarding.models.handover import VALID_FOR
from onboarding.models.sealed import fingerprint
from onboarding.services.access import enqueue
from onboarding.wizard.steps import access

A_DAY = 20
"""Links of one Organization."""
TO_ONE_ADDRESS_A_DAY = 5
"""From whichever Organization: nobody's mailbox is filled through us."""
CODE_VALID = timedelta(minutes=10)
TRIES = 5
"""Of one code."""
CODES_AN_HOUR = 5
WRONG_IN_ALL = 20
"""Wrong codes after which the link is closed: 20 of a million are as much as anybody may guess."""
VISITS_APART = timedelta(minutes=10)
"""A page that is opened again sooner, or reloads itself, is the same visit."""

Kind = HandoverVisit.Kind


class NotNeeded(Exception):
    """There is nothing to hand over. The text is for the Owner."""


class TooMany(Exception):
    """More than anybody needs. The text is for the person who asks."""


@transaction.atomic
def hand_over(installation: Installation, *, email: str, by: User) -> Handover:
    """Send the link; an earlier one to that address no longer works.

    Raises `PermissionError` for others than Owners, `NotNeeded` or `TooMany`.
    """
    organization = installation.organization
    # One at a time, so that nobody slips in between the count and the row.
    Organization.objects.select_for_update().get(pk=organization.pk)
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may hand the step over.")
    _refuse_needless(installation)
    _refuse_flood(organization, email)
    _withdraw(installation.handovers.open().filter(email__iexact=email), by=by)
    token = secrets.token_urlsafe(32)
    handover = Handover.objects.create(
        installation=installation,
        email=email,
        token_fingerprint=_digest(token),
        created_by=by,
        expires_at=Now() + VALID_FOR,
    )
    handover.refresh_from_db()
    _record(handover, Event.Kind.HANDED_OVER, by=by, note=f"To {email}.")
    url = notifications.absolute("handover", token)
    _mail(notifications.HANDOVER, [email], handover, handover_url=url)
    return handover


@transaction.atomic
def withdraw(handover: Handover, *, by: User) -> None:
    """From now on the link opens nothing. Raises `PermissionError` for others than Owners."""
    if not handover.installation.organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may withdraw a hand-over.")
    _withdraw(Handover.objects.open().filter(pk=handover.pk), by=by)


def withdraw_all(organization: Organization, *, by: User) -> None:
    """Withdraw every open link of the Organization, in the caller's transaction."""
    _withdraw(Handover.objects.open().filter(installation__organization=organization), by=by)


def is_needed(installation: Installation) -> bool:
    """Whether somebody has something to do in AWS to the role of a known account."""
    if not installation.aws_account_id or installation.status == Status.CANCELLED:
        return False
    return not access.is_complete(installation) or access.has_former(installation)


def find(token: str) -> Handover | None:
    """The hand-over whose link has this secret, while it works or has done its work.

    None alike for a link that was withdrawn, has expired or never was, for an installation that was
    cancelled, and where whoever sent it is no Owner any more.
    """
    found: Handover | None = (
        Handover.objects.filter(
            token_fingerprint=_digest(token),
            revoked_at=None,
            expires_at__gt=Now(),
            installation__organization__memberships__user=F("created_by"),
            installation__organization__memberships__role=Membership.Role.OWNER,
        )
        .exclude(installation__status=Status.CANCELLED)
        .select_related("created_by")
        .first()
    )
    return found


def opened(handover: Handover) -> None:
    """Note the visit; the first one is told to the Owners."""
    visits = handover.visits.filter(kind=Kind.OPENED)
    if not visits.filter(at__gt=Now() - VISITS_APART).exists():
        _note_visit(handover)


@transaction.atomic
def _note_visit(handover: Handover) -> None:
    Handover.objects.select_for_update().get(pk=handover.pk)
    visits = handover.visits.filter(kind=Kind.OPENED)
    if not visits.exists():
        _record(handover, Event.Kind.HANDOVER_OPENED, note=f"By {handover.email}.")
        _tell_owners(notifications.HANDOVER_OPENED, handover)
    handover.visits.create(kind=Kind.OPENED)


@transaction.atomic
def send_code(handover: Handover) -> None:
    """Mail six digits to the addressee. A code sent before no longer counts. Raises `TooMany`."""
    Handover.objects.select_for_update().get(pk=handover.pk)
    sent = handover.visits.filter(kind=Kind.CODE_SENT, at__gt=Now() - timedelta(hours=1))
    if sent.count() >= CODES_AN_HOUR:
        raise TooMany(f"We have sent {CODES_AN_HOUR} codes in an hour. Ask for another one later.")
    code = f"{secrets.randbelow(1_000_000):06}"
    Handover.objects.filter(pk=handover.pk).update(
        code_fingerprint=_code_digest(handover, code), code_sent_at=Now(), code_attempts=0
    )
    handover.visits.create(kind=Kind.CODE_SENT)
    _mail(notifications.HANDOVER_CODE, [handover.email], handover, code=code)


def awaits_code(handover: Handover) -> bool:
    """Whether a code was mailed that still counts."""
    return _with_code(handover).exists()


@transaction.atomic
def confirm(handover: Handover, code: str) -> bool:
    """Whether this is the code that was mailed last. It counts once, for ten minutes and five tries;
    after too many wrong ones the link is closed.
    """
    this = Handover.objects.filter(pk=handover.pk)
    if not _with_code(handover).update(code_attempts=F("code_attempts") + 1):
        return False
    kept = this.values_list("code_fingerprint", flat=True).get()
    is_right = hmac.compare_digest(kept, _code_digest(handover, code))
    if is_right and this.filter(code_fingerprint=kept).update(code_fingerprint=""):
        handover.visits.create(kind=Kind.CONFIRMED)
        return True
    handover.visits.create(kind=Kind.WRONG_CODE)
    if handover.visits.filter(kind=Kind.WRONG_CODE).count() >= WRONG_IN_ALL:
        _withdraw(this, note=f"To {handover.email}, after {WRONG_IN_ALL} wrong codes.")
        _tell_owners(notifications.HANDOVER_LOCKED, handover, wrong=WRONG_IN_ALL)
    return False


@transaction.atomic
def show_external_id(handover: Handover, *, reason: str) -> str:
    """The external ID, for an addressee who gave the code. The look is recorded, and we look for
    the role from now on.
    """
    handover.visits.create(kind=Kind.SHOWN)
    _record(
        handover,
        Event.Kind.EXTERNAL_ID_SHOWN,
        note=f"To {handover.email}, by hand-over.",
        reason=reason,
    )
    enqueue(handover.installation, Operation.Kind.VERIFY_ROLE)
    return handover.installation.organization.reveal_external_id()


def _refuse_needless(installation: Installation) -> None:
    if not installation.aws_account_id:
        raise NotNeeded("Give the AWS account ID first: the link is about one account.")
    if not is_needed(installation):
        raise NotNeeded("The role is there and safe: there is nothing to hand over.")


def _refuse_flood(organization: Organization, email: str) -> None:
    sent = Handover.objects.filter(created_at__gt=Now() - timedelta(days=1))
    if sent.filter(installation__organization=organization).count() >= A_DAY:
        raise TooMany(f"{A_DAY} links a day are the most we send. Send the next one tomorrow.")
    if sent.filter(email__iexact=email).count() >= TO_ONE_ADDRESS_A_DAY:
        raise TooMany("This address has had several links today. Send the next one tomorrow.")


def _with_code(handover: Handover) -> QuerySet[Handover]:
    """The row, if its code may be tried."""
    fresh = Handover.objects.filter(
        pk=handover.pk, code_attempts__lt=TRIES, code_sent_at__gt=Now() - CODE_VALID
    )
    return fresh.exclude(code_fingerprint="")


def _withdraw(rows: QuerySet[Handover], *, by: User | None = None, note: str = "") -> None:
    for handover in rows.select_related("installation__organization", "created_by"):
        Handover.objects.filter(pk=handover.pk).update(revoked_at=Now(), code_fingerprint="")
        note = note or f"To {handover.email}."
        said = note or f"To {handover.email}."
        _record(handover, Event.Kind.HANDOVER_WITHDRAWN, by=by, note=said)


def _record(
    handover: Handover, kind: Event.Kind, *, by: User | None = None, note: str = "", **data: str
) -> None:
    Event.objects.create(
        organization=handover.installation.organization,
        installation=handover.installation,
        kind=kind,
        by=by,
        note=note,
        data={"handover": str(handover.pk), "email": handover.email, **data},
    )


def _tell_owners(mail: notifications.PeopleMail, handover: Handover, **context: object) -> None:
    installation = handover.installation
    page_url = notifications.absolute("handovers", installation.pk)
    _mail(mail, owners(installation.organization), handover, page_url=page_url, **context)


def _mail(
    mail: notifications.PeopleMail, to: list[str], handover: Handover, **context: object
) -> None:
    context |= {
        "installation": handover.installation,
        "handover": handover,
        "by": handover.created_by,
    }
    mails = notifications.tell(mail, to, handover.installation.organization, **context)
    tasks.after_commit(tasks.send_mail, *(str(each.pk) for each in mails))


def _digest(token: str) -> str:
    return fingerprint(f"handover:{token}")


def _code_digest(handover: Handover, code: str) -> str:
    return fingerprint(f"handover-code:{handover.pk}:{code}")

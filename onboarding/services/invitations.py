"""Inviting somebody into an Organization, and taking an invitation up.

The link's secret stands in the mail alone: kept is its keyed digest. It opens the page that asks;
joining needs the invited address besides, confirmed by the person who joins.
"""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Now

from onboarding import notifications, tasks
from onboarding.models import Event, Invitation, Mail, Membership, Organization, User
from onboarding.models.invitation import VALID_FOR
from onboarding.models.sealed import fingerprint
from onboarding.services import members

AN_HOUR = 20
"""Invitations, first ones and repeated ones, that one Organization or one person sends an hour."""
TO_ONE_ADDRESS_A_DAY = 5
"""From whichever Organization: nobody's mailbox is filled through us."""


class AlreadyBelongs(Exception):
    """Whoever has this address is in the Organization already."""


class TooMany(Exception):
    """More invitations than anybody needs. The text is for the person who sends them."""


class NotOpen(Exception):
    """Taken up, withdrawn or expired in the meantime."""


@transaction.atomic
def invite(
    organization: Organization, *, email: str, role: Membership.Role, by: User
) -> Invitation:
    """Send an invitation; one that is still open to that address is sent anew, with this role.

    Raises `PermissionError`, `AlreadyBelongs` or `TooMany`.
    """
    members.hold(organization)
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may invite.")
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
    if organization.memberships.filter(user__in=confirmed.values("user")).exists():
        raise AlreadyBelongs
    _refuse_flood(organization, email, by)
    unsettled = organization.invitations.filter(accepted_at=None, revoked_at=None)
    invitation = unsettled.filter(email__iexact=email).first()
    if invitation is None:
        invitation = Invitation(organization=organization, email=email)
    invitation.role = role
    _send(invitation, by=by)
    return invitation


def send_again(invitation: Invitation, *, by: User) -> None:
    """Send it once more with a new link, for a week from now; the link before is void.

    Raises `PermissionError`, `AlreadyBelongs`, `TooMany` or `NotOpen`.
    """
    if invitation.accepted_at or invitation.revoked_at:
        raise NotOpen
    role = Membership.Role(invitation.role)
    invite(invitation.organization, email=invitation.email, role=role, by=by)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Take the invitation back. Raises `PermissionError` or `NotOpen`."""
    organization = invitation.organization
    members.hold(organization)
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may withdraw an invitation.")
    if not organization.invitations.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None
    ).exists():
        raise NotOpen
    members.withdrawn(invitation.pk, organization, invitation.email, by=by)


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join by the invitation. Raises `PermissionError` for another address, or `NotOpen`."""
    members.hold(invitation.organization)
    if not is_for(invitation, by):
        raise PermissionError("The invitation is for another address.")
    taken = Invitation.objects.open().filter(pk=invitation.pk)
    if not taken.update(accepted_at=Now(), accepted_by=by):
        raise NotOpen
    invitation.refresh_from_db(fields=["role", "invited_by"])
    return members.join(
        invitation.organization,
        by,
        role=Membership.Role(invitation.role),
        way="invitation",
        invited_by=invitation.invited_by,
    )


def is_for(invitation: Invitation, user: User) -> bool:
    return members.has_confirmed(user, invitation.email)


def open_for(user: User) -> QuerySet[Invitation]:
    """The open invitations to an address that `user` has confirmed."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    found: QuerySet[Invitation] = (
        Invitation.objects.open()
        .alias(address=Lower("email"))
        .filter(address__in=confirmed.values_list(Lower("email")))
        .select_related("organization", "invited_by")
    )
    return found


def find(secret: str) -> Invitation | None:
    """The open invitation whose link has this secret."""
    found: Invitation | None = (
        Invitation.objects.open()
        .filter(token_fingerprint=_digest(secret))
        .select_related("organization", "invited_by")
        .first()
    )
    return found


def _send(invitation: Invitation, *, by: User) -> None:
    secret = secrets.token_urlsafe(32)
    invitation.token_fingerprint = _digest(secret)
    invitation.invited_by = by
    invitation.expires_at = Now() + VALID_FOR
    invitation.save()
    invitation.refresh_from_db(fields=["expires_at"])
    organization = invitation.organization
    Event.objects.create(
        organization=organization,
        kind=Event.Kind.INVITED,
        by=by,
        data={"email": invitation.email, "role": invitation.role},
    )
    mails = notifications.tell(
        notifications.INVITATION,
        [invitation.email],
        organization,
        invitation=invitation,
        person=by,
        invitation_url=notifications.absolute("invitation", secret),
    )
    tasks.after_commit(tasks.send_mail, *(str(mail.pk) for mail in mails))


def _refuse_flood(organization: Organization, email: str, by: User) -> None:
    """Counted in the rows themselves, in the Organization's turn: nobody slips in between."""
    sent = Event.objects.filter(kind=Event.Kind.INVITED, at__gt=Now() - timedelta(hours=1))
    if sent.filter(Q(organization=organization) | Q(by=by)).count() >= AN_HOUR:
        raise TooMany(f"{AN_HOUR} invitations an hour are the most we send. Go on in an hour.")
    mails = Mail.objects.filter(name=notifications.INVITATION.name, to__iexact=email)
    if mails.filter(created_at__gt=Now() - timedelta(days=1)).count() >= TO_ONE_ADDRESS_A_DAY:
        raise TooMany("This address has had several invitations today. Send the next tomorrow.")


def _digest(secret: str) -> str:
    return fingerprint(f"invitation:{secret}")

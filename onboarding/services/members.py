"""The people of an Organization: who joins, what they may, and who goes.

Every verb takes the Organization's row first, so that no two of them run at once: two Owners who
demote each other in the same moment leave one of them.
"""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from onboarding import notifications, tasks
from onboarding.models import Event, Membership, Organization, User
from onboarding.services import sessions

Role = Membership.Role


class NotVerified(Exception):
    """The person has not confirmed an e-mail address. Nobody belongs anywhere before that."""


class LastOwner(Exception):
    """An Organization has an Owner at all times. Nothing was changed."""


class WasRemoved(PermissionDenied):
    """An Owner removed this person: an invitation lets them in again, and nothing else does."""


def has_confirmed(user: User, address: str | None = None) -> bool:
    """Whether `user` confirmed `address`, or any address at all."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return confirmed.filter(**({"email__iexact": address} if address else {})).exists()


@transaction.atomic
def join(
    organization: Organization,
    user: User,
    *,
    role: Role,
    way: str,
    invited_by: User | None = None,
) -> Membership:
    """Let `user` in; Owners are told. Who belongs already stays, and is raised to `role`.

    `way` is how they came: `invitation` or `sso`. Raises `NotVerified`.
    """
    hold(organization)
    if not has_confirmed(user):
        raise NotVerified
    present = organization.memberships.filter(user=user).first()
    if present is not None:
        if role == Role.OWNER:
            _set_role(present, role, by=invited_by or user)
        return present
    owners = list(organization.owners().values_list("user__email", flat=True))
    membership = Membership.objects.create(organization=organization, user=user, role=role)
    _record(membership, Event.Kind.JOINED, by=user, way=way)
    _mail(notifications.JOINED, owners, membership)
    return membership


def refuse_removed(organization: Organization, user: User) -> None:
    """Raises `WasRemoved` for somebody whom an Owner removed and nobody has let in since."""
    kinds = (Event.Kind.REMOVED, Event.Kind.JOINED)
    events = organization.events.filter(kind__in=kinds, data__user=user.pk)
    last = events.order_by("-at", "-pk").first()
    if last is not None and last.kind == Event.Kind.REMOVED:
        raise WasRemoved


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: User, keep_session: str = "") -> None:
    """Make somebody an Owner or a Member. They sign in anew, but for `keep_session`.

    Raises `PermissionError`, `LastOwner`, and `Membership.DoesNotExist` when they are gone.
    """
    present = _held(membership, by=by)
    if present.role == role:
        return
    if role != Role.OWNER:
        _give_up_ownership(present, by=by)
    _set_role(present, role, by=by)
    _mail(notifications.ROLE_CHANGED, [present.user.email], present)
    sessions.end_all(present.user, but=keep_session)


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """Take somebody out; they lose access at once.

    Raises `PermissionError`, `LastOwner`, and `Membership.DoesNotExist` when they are gone.
    """
    present = _held(membership, by=by)
    _give_up_ownership(present, by=by)
    _record(present, Event.Kind.REMOVED, by=by)
    _mail(notifications.REMOVED, [present.user.email], present)
    present.delete()
    sessions.end_all(present.user)


@transaction.atomic
def leave(organization: Organization, *, by: User, keep_session: str = "") -> None:
    """Go, by one's own wish. Raises `LastOwner`; whoever does not belong any more has left."""
    hold(organization)
    present = organization.memberships.select_related("user", "organization").filter(user=by)
    for membership in present:
        _give_up_ownership(membership, by=by)
        _record(membership, Event.Kind.LEFT, by=by)
        membership.delete()
        sessions.end_all(by, but=keep_session)


def hold(organization: Organization) -> None:
    """Take the Organization's row for this transaction, so that its people change one by one.

    Without `FOR UPDATE`'s key lock: what merely refers to the Organization does not wait.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def _held(membership: Membership, *, by: User) -> Membership:
    """The membership as it is now, for one of the Owners. Raises `PermissionError`."""
    hold(membership.organization)
    if not membership.organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may change who belongs.")
    everything = Membership.objects.select_related("organization", "user")
    return everything.get(pk=membership.pk)


def _give_up_ownership(membership: Membership, *, by: User) -> None:
    """What an Owner leaves behind: another Owner, and no invitation of theirs. Raises `LastOwner`."""
    if membership.role != Role.OWNER:
        return
    organization = membership.organization
    if not organization.owners().exclude(pk=membership.pk).exists():
        raise LastOwner
    withdraw_sent_by(membership.user, organization, by=by)


def withdraw_sent_by(user: User, organization: Organization, *, by: User) -> None:
    """Nobody comes in on the word of somebody who may not invite any more."""
    for invitation in organization.invitations.open().filter(invited_by=user):
        withdrawn(invitation.pk, organization, invitation.email, by=by)


def withdrawn(pk: UUID, organization: Organization, email: str, *, by: User) -> None:
    """Withdraw an invitation, in the caller's transaction."""
    organization.invitations.filter(pk=pk).update(revoked_at=Now())
    Event.objects.create(
        organization=organization,
        kind=Event.Kind.INVITATION_WITHDRAWN,
        by=by,
        data={"email": email},
    )


def _set_role(membership: Membership, role: Role, *, by: User) -> None:
    if membership.role == role:
        return
    membership.role = role
    membership.save(update_fields=["role"])
    _record(membership, Event.Kind.ROLE_CHANGED, by=by)


def _record(membership: Membership, kind: Event.Kind, *, by: User, **data: object) -> None:
    """Names the person in the event: by then they may belong no more."""
    person = {"user": membership.user_id, "email": membership.user.email, "role": membership.role}
    Event.objects.create(organization=membership.organization, kind=kind, by=by, data=person | data)


def _mail(notification: notifications.PeopleMail, to: list[str], membership: Membership) -> None:
    mails = notifications.tell(
        notification, to, membership.organization, membership=membership, person=membership.user
    )
    tasks.after_commit(tasks.send_mail, *(str(mail.pk) for mail in mails))

"""What Owners do with the external ID: look at it, renew it, and end a renewal."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from onboarding import notifications, tasks
from onboarding.jobs import renewal
from onboarding.models import Event, Installation, Operation, Organization, User
from onboarding.services import handover
from onboarding.services.access import enqueue


@transaction.atomic
def show(
    organization: Organization, *, by: User, reason: str, installation: Installation | None = None
) -> str:
    """The external ID, for an Owner. The look is recorded. Raises `PermissionError` for others."""
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may see the external ID.")
    Event.objects.create(
        organization=organization,
        installation=installation,
        kind=Event.Kind.EXTERNAL_ID_SHOWN,
        by=by,
        data={"reason": reason},
    )
    return organization.reveal_external_id()


class RenewalUnderWay(Exception):
    """A new external ID is on its way to the roles already: one change at a time."""


@transaction.atomic
def renew(organization: Organization, *, by: User) -> None:
    """Give the Organization a new external ID. The former one stays valid until every role has the
    new one; where no role can have it, it goes at once.

    Links that show the external ID to colleagues are withdrawn: they were for the former one.
    Raises `PermissionError` for others than Owners, and `RenewalUnderWay`.
    """
    held = _held(organization, by)
    if held.is_renewing_external_id:
        raise RenewalUnderWay
    former = held.external_id_sealed
    held.make_external_id()
    held.external_id_rotated_at = timezone.now()
    roles = list(renewal.in_use(held))
    held.retiring_external_id_sealed = former if roles else ""
    held.save(
        update_fields=[
            "external_id_sealed",
            "external_id_fingerprint",
            "external_id_rotated_at",
            "retiring_external_id_sealed",
        ]
    )
    Event.objects.create(organization=held, kind=Event.Kind.EXTERNAL_ID_ROTATED, by=by)
    handover.withdraw_all(held, by=by)
    _look_at(roles)
    _mail(
        notifications.EXTERNAL_ID_RENEWED,
        held,
        by=by,
        roles=sum(role.was_proved for role in roles),
        renewal_url=notifications.absolute("external_id_renewal", held.pk),
    )


@transaction.atomic
def retire_former(organization: Organization, *, by: User) -> None:
    """End the renewal by hand: a role that still has the former external ID no longer opens.

    Does nothing when none is under way. Raises `PermissionError` for others than Owners.
    """
    held = _held(organization, by)
    if not held.is_renewing_external_id:
        return
    mails = renewal.retire(held, by=by)
    tasks.after_commit(tasks.send_mail, *(str(mail.pk) for mail in mails))
    _look_at(list(renewal.in_use(held)))


def _held(organization: Organization, by: User) -> Organization:
    """The Organization as it is now, with nobody else at work on it."""
    held = Organization.objects.select_for_update().get(pk=organization.pk)
    if not held.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may change the external ID.")
    return held


def _look_at(roles: Iterable[Installation]) -> None:
    for role in roles:
        enqueue(role, Operation.Kind.VERIFY_ROLE)


def _mail(mail: notifications.PeopleMail, organization: Organization, **context: object) -> None:
    mails = notifications.tell(mail, renewal.owners(organization), organization, **context)
    tasks.after_commit(tasks.send_mail, *(str(each.pk) for each in mails))

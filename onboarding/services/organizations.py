"""Founding an Organization, and looking at its external ID."""

from django.db import IntegrityError, transaction

from onboarding.models import Event, Installation, Membership, Organization, User


class ShortNameTaken(Exception):
    """Another Organization has that short name."""


def found(*, name: str, short_name: str, by: User) -> Organization:
    """Found an Organization with its external ID; whoever founds it is its Owner.

    Raises `ShortNameTaken`.
    """
    organization = Organization(name=name, short_name=short_name)
    organization.make_external_id()
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
            Membership.objects.create(
                organization=organization,
                user=by,
                role=Membership.Role.OWNER,
                is_founder=True,
            )
            Event.objects.create(organization=organization, kind=Event.Kind.FOUNDED, by=by)
    except IntegrityError as error:
        raise ShortNameTaken from error
    return organization


@transaction.atomic
def show_external_id(
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

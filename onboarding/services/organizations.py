"""Founding an Organization."""

from django.db import IntegrityError, transaction

from onboarding.models import Event, Membership, Organization, User


class ShortNameTaken(Exception):
    """Another Organization has that short name, or one that looks like it."""


def found(*, name: str, short_name: str, by: User) -> Organization:
    """Found an Organization with its external ID; whoever founds it is its Owner.

    Of several who do so in one moment the database lets one through. Raises `ShortNameTaken`, and
    `members.NotVerified` for somebody without a confirmed e-mail address.
    """
    if not members.has_confirmed(by):
        raise members.NotVerified
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

"""Founding an Organization, renaming it, and joining it by SSO."""

from django.db import IntegrityError, transaction

from onboarding.models import Event, Membership, Organization, User
from onboarding.services import members


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


@transaction.atomic
def rename(organization: Organization, *, name: str, by: User) -> None:
    """Change the name; the short name stays. Raises `PermissionError`."""
    members.hold(organization)
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may rename it.")
    organization.refresh_from_db(fields=["name"])
    before, organization.name = organization.name, name
    if before == name:
        return
    organization.save(update_fields=["name"])
    Event.objects.create(
        organization=organization,
        kind=Event.Kind.RENAMED,
        by=by,
        data={"before": before, "after": name},
    )


def join_by_sso(organization: Organization, user: User) -> Membership:
    """Make somebody a Member who signed in by the Organization's SSO; who belongs already stays.

    Raises `members.NotVerified` unless an address of theirs is confirmed (the connection's domain
    was), and `members.WasRemoved`, which answers 403: an Owner's word goes before the provider's.
    """
    members.refuse_removed(organization, user)
    return members.join(organization, user, role=Membership.Role.MEMBER, way="sso")

"""What a person does about the own account, and what an Organization asks of its people."""

import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Count, Q

from onboarding.models import (
    Event,
    Handover,
    Installation,
    Invitation,
    Mail,
    Membership,
    Notice,
    Organization,
    User,
)
from onboarding.services import members, sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these; by themselves they are none."""


class Refused(Exception):
    """It cannot be done as things stand; the message says why, for the person."""


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def without_second_factor(organization: Organization) -> int:
    """How many of its people have set up none."""
    people = organization.memberships.all()
    return people.exclude(user__authenticator__type__in=FACTORS).count()


@transaction.atomic
def require_second_factor(organization: Organization, *, required: bool, by: User) -> None:
    """Ask a second factor of everybody in the Organization, or leave it to each.

    Raises `PermissionError` for anybody but an Owner, and `Refused` for one without a second
    factor, who would be locked out of the page that this is decided on.
    """
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner decides about second factors.")
    if required and not has_second_factor(by):
        raise Refused("Set up a second factor of your own first.")
    changed = Organization.objects.filter(pk=organization.pk).exclude(
        requires_second_factor=required
    )
    if changed.update(requires_second_factor=required):
        kinds = Event.Kind.SECOND_FACTOR_OPTIONAL, Event.Kind.SECOND_FACTOR_REQUIRED
        Event.objects.create(organization=organization, kind=kinds[required], by=by)


def rename(user: User, *, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])


def obstacles(user: User) -> list[Organization]:
    """The Organizations that would be left without an Owner, with installations or people."""
    owners = Count("memberships", filter=Q(memberships__role=Membership.Role.OWNER), distinct=True)
    mine = Organization.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.OWNER
    ).values("pk")
    counted = Organization.objects.filter(pk__in=mine).annotate(
        owner_count=owners, people=Count("memberships", distinct=True)
    )
    left = counted.filter(owner_count=1)
    kept = Q(people__gt=1) | Q(pk__in=Installation.objects.values("organization"))
    return list(left.filter(kept).order_by("name"))


@transaction.atomic
def delete(user: User) -> None:
    """Take everything that tells who the person is out of the portal, for good.

    The row stays, without a name, because what was done stays on record. Raises `Refused` while
    an Organization would be left without an Owner.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    for organization in Organization.objects.of(user).order_by("pk"):
        # Two last Owners who go in the same moment go one after the other.
        members.hold(organization)
    if left := obstacles(user):
        names = " and ".join(organization.name for organization in left)
        raise Refused(f"You are the last Owner of {names}. Make somebody else an Owner first.")
    for membership in Membership.objects.filter(user=user).select_related("organization"):
        organization = membership.organization
        members.withdraw_sent_by(user, organization, by=user)
        Event.objects.create(organization=organization, kind=Event.Kind.LEFT, by=user)
        membership.delete()
    addresses = {
        user.email,
        *EmailAddress.objects.filter(user=user).values_list("email", flat=True),
    }
    nobody = f"former-{user.pk}@deleted.invalid"
    forget_addresses(addresses, nobody)
    for theirs in (EmailAddress, SocialAccount, Authenticator):
        theirs.objects.filter(user=user).delete()
    Installation.objects.filter(assignee=user).update(assignee=None)
    sessions.end_all(user)
    user.email, user.name = nobody, ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def forget_addresses(addresses: set[str], nobody: str) -> None:
    """Mails, invitations, hand-overs, notices and events stay as evidence; whom they named does not."""
    for address in addresses:
        Mail.objects.filter(to__iexact=address, installation=None).delete()
        Mail.objects.filter(to__iexact=address).update(to=nobody)
        Invitation.objects.filter(email__iexact=address).update(email=nobody)
        Handover.objects.filter(email__iexact=address).update(email=nobody)
        Notice.objects.filter(address__iexact=address).update(address=nobody)
        named = Q(data__email__iexact=address) | Q(note__icontains=address)
        for event in Event.objects.filter(named):
            note = re.sub(re.escape(address), nobody, event.note, flags=re.IGNORECASE)
            data = event.data
            if str(data.get("email", "")).lower() == address.lower():
                data = data | {"email": nobody}
            # Not by `save`, which refuses: what happened stays, and only who it was goes.
            Event.objects.filter(pk=event.pk).update(note=note, data=data)

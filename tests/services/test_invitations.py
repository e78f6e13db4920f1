"""Inviting, and taking an invitation up: for one address, for a week, once."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models.functions import Now

from onboarding.models import Event, Invitation, Mail, Membership, Organization, User
from onboarding.services import invitations, members
from tests.factories import make_member, make_organization, make_user
from tests.services.together import at_once

Role = Membership.Role
ADDRESS = "New.Person@example.com"


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization(make_user("owner@example.com"), "acme")


def owner_of(organization: Organization) -> User:
    user: User = organization.owners().get().user
    return user


def invite(
    organization: Organization, email: str = ADDRESS, role: Role = Role.MEMBER
) -> Invitation:
    return invitations.invite(organization, email=email, role=role, by=owner_of(organization))


def secrets_mailed(to: str = ADDRESS) -> list[str]:
    """Oldest first."""
    mailed = Mail.objects.filter(name="invitation", to=to).order_by("created_at", "pk")
    links = [re.search(r"/invitations/([\w-]+)/$", mail.text, re.MULTILINE) for mail in mailed]
    return [link[1] for link in links if link]


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=Now() - timedelta(seconds=1))


def test_an_invitation_is_mailed_recorded_and_works_for_seven_days(
    organization: Organization,
) -> None:
    invitation = invite(organization)
    (secret,) = secrets_mailed()
    assert invitations.find(secret) == invitation
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)
    event = organization.events.get(kind=Event.Kind.INVITED)
    assert (event.by, event.data) == (
        owner_of(organization),
        {"email": ADDRESS, "role": "member"},
    )


def test_the_secret_of_the_link_is_in_the_mail_and_nowhere_else(organization: Organization) -> None:
    invite(organization)
    (secret,) = secrets_mailed()
    assert len(secret) == 43  # 256 bits
    with connection.cursor() as cursor:
        for model in (Invitation, Event, Organization, Membership):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608  (our own tables)
            assert secret not in repr(cursor.fetchall())


def test_whoever_confirmed_the_address_joins_with_the_role_once(organization: Organization) -> None:
    user = make_user(ADDRESS.lower())
    invitation = invite(organization, role=Role.OWNER)
    assert invitations.accept(invitation, by=user).role == Role.OWNER
    assert organization.is_owned_by(user)
    assert organization.events.filter(kind=Event.Kind.JOINED).get().by == user
    with pytest.raises(invitations.NotOpen):
        invitations.accept(invitation, by=user)


def test_another_address_does_not_do_even_with_the_link(organization: Organization) -> None:
    invitation = invite(organization)
    with pytest.raises(PermissionError):
        invitations.accept(invitation, by=make_user("else@example.com"))
    assert organization.memberships.count() == 1


def test_an_address_that_is_merely_typed_does_not_do(organization: Organization) -> None:
    """The trojan identifier: somebody else's address, added to an account, not confirmed."""
    invitation = invite(organization)
    attacker = make_user("attacker@example.com")
    EmailAddress.objects.create(user=attacker, email=ADDRESS.lower(), verified=False)
    assert not invitations.open_for(attacker).exists()
    with pytest.raises(PermissionError):
        invitations.accept(invitation, by=attacker)


def test_a_second_confirmed_address_does(organization: Organization) -> None:
    invitation = invite(organization)
    user = make_user("private@example.com")
    EmailAddress.objects.create(user=user, email=ADDRESS.lower(), verified=True)
    assert list(invitations.open_for(user)) == [invitation]
    assert invitations.accept(invitation, by=user).user == user


@pytest.mark.parametrize("end", ["withdrawn", "expired", "accepted"])
def test_an_invitation_that_is_over_opens_nothing(organization: Organization, end: str) -> None:
    invitation, user = invite(organization), make_user(ADDRESS)
    (secret,) = secrets_mailed()
    if end == "withdrawn":
        invitations.withdraw(invitation, by=owner_of(organization))
    elif end == "expired":
        expire(invitation)
    else:
        invitations.accept(invitation, by=user)
        organization.memberships.filter(user=user).delete()
    assert invitations.find(secret) is None
    assert not invitations.open_for(user).exists()
    with pytest.raises(invitations.NotOpen):
        invitations.accept(invitation, by=user)
    assert not organization.memberships.filter(user=user).exists()


def test_sending_again_makes_the_link_before_void(organization: Organization) -> None:
    invitation = invite(organization)
    expire(invitation)
    invitations.send_again(invitation, by=owner_of(organization))
    old, new = secrets_mailed()
    assert invitations.find(old) is None
    assert invitations.find(new) == invitation
    assert organization.invitations.count() == 1


def test_inviting_an_address_twice_keeps_one_invitation_with_the_newer_role(
    organization: Organization,
) -> None:
    invite(organization)
    invite(organization, email=ADDRESS.upper(), role=Role.OWNER)
    assert organization.invitations.get().role == Role.OWNER


def test_who_belongs_already_is_not_invited(organization: Organization) -> None:
    member = make_member(organization)
    with pytest.raises(invitations.AlreadyBelongs):
        invite(organization, email=member.email.upper())
    assert secrets_mailed(member.email) == []


def test_a_member_who_takes_up_an_owners_invitation_is_raised(organization: Organization) -> None:
    invitation, user = invite(organization, role=Role.OWNER), make_user(ADDRESS)
    members.join(organization, user, role=Role.MEMBER, way="sso")
    invitations.accept(invitation, by=user)
    assert organization.is_owned_by(user)
    raised = organization.events.get(kind=Event.Kind.ROLE_CHANGED)
    assert raised.by == invitation.invited_by


def test_an_owner_who_takes_up_a_members_invitation_stays_owner(organization: Organization) -> None:
    invitation, user = invite(organization), make_user(ADDRESS)
    Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
    invitations.accept(invitation, by=user)
    assert organization.is_owned_by(user)


def test_asvs_8_3_1_members_and_strangers_neither_invite_nor_withdraw(
    organization: Organization,
) -> None:
    invitation, stranger = invite(organization), make_user()
    make_organization(stranger)
    for user in (make_member(organization), stranger):
        with pytest.raises(PermissionError):
            invitations.invite(organization, email="x@example.com", role=Role.MEMBER, by=user)
        with pytest.raises(PermissionError):
            invitations.send_again(invitation, by=user)
        with pytest.raises(PermissionError):
            invitations.withdraw(invitation, by=user)
    assert len(secrets_mailed()) == 1
    assert organization.invitations.open().get() == invitation


def test_asvs_2_4_1_an_organization_sends_so_many_an_hour(organization: Organization) -> None:
    for number in range(invitations.AN_HOUR):
        invite(organization, email=f"p{number}@example.com")
    with pytest.raises(invitations.TooMany, match="an hour"):
        invite(organization, email="one@example.com")
    other = make_organization()
    invite(other, email="one@example.com")


def test_asvs_2_4_1_a_person_does_not_send_more_by_founding_more(
    organization: Organization,
) -> None:
    owner = owner_of(organization)
    for number in range(invitations.AN_HOUR):
        another = make_organization(owner)
        invite(another, email=f"p{number}@example.com")
    with pytest.raises(invitations.TooMany, match="an hour"):
        invite(organization)


def test_asvs_2_4_1_nobodys_mailbox_is_filled_from_however_many_organizations(
    organization: Organization,
) -> None:
    for _ in range(invitations.TO_ONE_ADDRESS_A_DAY):
        invite(make_organization())
    with pytest.raises(invitations.TooMany, match="today"):
        invite(organization, email=ADDRESS.lower())


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_an_invitation_is_taken_up_or_withdrawn_and_never_both() -> None:
    owner, user = make_user("owner@example.com"), make_user(ADDRESS)
    for number in range(20):
        organization = make_organization(owner, f"both-{number}")
        # Not by mail: the address would have had too many.
        invitation = Invitation.objects.create(
            organization=organization,
            email=ADDRESS,
            invited_by=owner,
            token_fingerprint=str(number),
            expires_at=Now() + timedelta(days=1),
        )

        def quietly(work: Callable[[], object]) -> Callable[[], None]:
            def run() -> None:
                with suppress(invitations.NotOpen):
                    work()

            return run

        at_once(
            [
                quietly(lambda one=invitation: invitations.accept(one, by=user)),  # type: ignore[misc]
                quietly(lambda one=invitation: invitations.withdraw(one, by=owner)),  # type: ignore[misc]
            ]
        )
        invitation.refresh_from_db()
        joined = organization.memberships.filter(user=user).exists()
        assert (invitation.accepted_at is not None) == joined
        assert (invitation.revoked_at is None) == joined

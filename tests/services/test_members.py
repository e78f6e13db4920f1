"""Who joins, what their role is, who goes: and always an Owner left."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from onboarding.models import Event, Mail, Membership, Organization, User
from onboarding.services import invitations, members, organizations, people
from tests.factories import PASSWORD, make_member, make_organization, make_user
from tests.services.together import at_once

Role = Membership.Role


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization(make_user("owner@example.com"), "acme")


def owner_of(organization: Organization) -> User:
    user: User = organization.owners().order_by("pk")[0].user
    return user


def membership(organization: Organization, user: User) -> Membership:
    found: Membership = organization.memberships.get(user=user)
    return found


def mails(name: str) -> list[str]:
    return sorted(Mail.objects.filter(name=name).values_list("to", flat=True))


def signed_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    return client


def test_whoever_joins_by_sso_is_a_member_and_owners_are_told(organization: Organization) -> None:
    user = make_user("new@example.com")
    joined = organizations.join_by_sso(organization, user)
    assert (joined.role, joined.is_founder) == (Role.MEMBER, False)
    event = organization.events.get(kind=Event.Kind.JOINED)
    assert event.by == user
    assert event.data["way"] == "sso"
    assert mails("joined") == ["owner@example.com"]


def test_joining_by_sso_again_changes_nothing(organization: Organization) -> None:
    owner = owner_of(organization)
    before = organization.events.count()
    assert organizations.join_by_sso(organization, owner).role == Role.OWNER
    assert organization.events.count() == before
    assert mails("joined") == []


def test_nobody_joins_without_a_confirmed_address(organization: Organization) -> None:
    with pytest.raises(members.NotVerified):
        organizations.join_by_sso(organization, make_user(verified=False))
    assert organization.memberships.count() == 1


def test_sso_does_not_let_in_whom_an_owner_removed(organization: Organization) -> None:
    user = make_member(organization)
    members.remove(membership(organization, user), by=owner_of(organization))
    with pytest.raises(members.WasRemoved):
        organizations.join_by_sso(organization, user)
    members.join(organization, user, role=Role.MEMBER, way="invitation")
    assert organizations.join_by_sso(organization, user).user == user


def test_whoever_left_of_their_own_wish_comes_back_by_sso(organization: Organization) -> None:
    user = make_member(organization)
    members.leave(organization, by=user)
    assert organizations.join_by_sso(organization, user).user == user


def test_a_role_is_changed_recorded_and_told(organization: Organization) -> None:
    user = make_member(organization)
    members.change_role(membership(organization, user), Role.OWNER, by=owner_of(organization))
    assert organization.is_owned_by(user)
    event = organization.events.get(kind=Event.Kind.ROLE_CHANGED)
    assert event.data == {"user": user.pk, "email": user.email, "role": "owner"}
    assert mails("membership_role") == [user.email]


@pytest.mark.parametrize("verb", ["change_role", "remove"])
def test_asvs_8_3_1_members_change_nobody(organization: Organization, verb: str) -> None:
    member, other = make_member(organization), make_member(organization)
    ways: dict[str, Callable[[Membership], None]] = {
        "remove": lambda of: members.remove(of, by=member),
        "change_role": lambda of: members.change_role(of, Role.OWNER, by=member),
    }
    for whom in (other, member, owner_of(organization)):
        with pytest.raises(PermissionError):
            ways[verb](membership(organization, whom))
    assert organization.memberships.count() == 3
    assert organization.owners().count() == 1


def test_asvs_8_2_2_owners_of_another_organization_change_nobody(
    organization: Organization,
) -> None:
    stranger, member = make_user(), make_member(organization)
    make_organization(stranger)
    with pytest.raises(PermissionError):
        members.remove(membership(organization, member), by=stranger)
    with pytest.raises(PermissionError):
        members.change_role(membership(organization, member), Role.OWNER, by=stranger)


@pytest.mark.parametrize("way", ["leave", "remove", "step_down"])
def test_the_last_owner_stays(organization: Organization, way: str) -> None:
    owner = owner_of(organization)
    make_member(organization)
    ways: dict[str, Callable[[], None]] = {
        "leave": lambda: members.leave(organization, by=owner),
        "remove": lambda: members.remove(membership(organization, owner), by=owner),
        "step_down": lambda: members.change_role(
            membership(organization, owner), Role.MEMBER, by=owner
        ),
    }
    before = organization.events.count()
    with pytest.raises(members.LastOwner):
        ways[way]()
    assert organization.owners().get().user == owner
    assert organization.events.count() == before


def test_an_owner_who_goes_takes_their_open_invitations_along(organization: Organization) -> None:
    second = make_member(organization)
    members.change_role(membership(organization, second), Role.OWNER, by=owner_of(organization))
    invitations.invite(organization, email="a@example.com", role=Role.OWNER, by=second)
    invitations.invite(
        organization, email="b@example.com", role=Role.MEMBER, by=owner_of(organization)
    )
    members.remove(membership(organization, second), by=owner_of(organization))
    assert [one.email for one in organization.invitations.open()] == ["b@example.com"]
    withdrawn = organization.events.get(kind=Event.Kind.INVITATION_WITHDRAWN)
    assert withdrawn.data == {"email": "a@example.com"}


@pytest.mark.parametrize("change", ["raised", "lowered", "removed"])
def test_asvs_7_4_sessions_end_when_what_somebody_may_do_changes(
    organization: Organization, change: str
) -> None:
    owner, user = owner_of(organization), make_member(organization)
    if change == "lowered":
        members.change_role(membership(organization, user), Role.OWNER, by=owner)
    devices, untouched = [signed_in(user), signed_in(user)], signed_in(owner)
    assert UserSession.objects.filter(user=user).count() == 2
    present = membership(organization, user)
    if change == "removed":
        members.remove(present, by=owner)
    else:
        to = Role.MEMBER if change == "lowered" else Role.OWNER
        members.change_role(present, to, by=owner)
    for device in devices:
        answer = device.get(reverse("organization", args=[organization.pk]))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert untouched.get("/").status_code == 200
    assert not UserSession.objects.filter(user=user).exists()
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_two_owners_who_demote_each_other_at_once_leave_one() -> None:
    lost = []
    for number in range(30):
        first, second = make_user(), make_user()
        organization = make_organization(first, f"two-{number}")
        Membership.objects.create(organization=organization, user=second, role=Role.OWNER)

        def demote(whom: User, by: User, of: Organization = organization) -> Callable[[], None]:
            present = membership(of, whom)

            def work() -> None:
                try:
                    members.change_role(present, Role.MEMBER, by=by)
                except (PermissionError, members.LastOwner):
                    lost.append(by)

            return work

        at_once([demote(second, first), demote(first, second)])
        assert organization.owners().count() == 1
    assert len(lost) == 30


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_of_owners_who_all_leave_at_once_one_cannot() -> None:
    people = [make_user() for _ in range(6)]
    organization = make_organization(people[0], "leaving")
    for user in people[1:]:
        Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
    stayed = []

    def leaves(user: User) -> Callable[[], None]:
        def work() -> None:
            try:
                members.leave(organization, by=user)
            except members.LastOwner:
                stayed.append(user)

        return work

    at_once(leaves(user) for user in people)
    assert [one.user for one in organization.memberships.all()] == stayed
    assert len(stayed) == 1


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_of_two_owners_who_delete_their_accounts_at_once_one_stays() -> None:
    for number in range(15):
        first, second = make_user(), make_user()
        organization = make_organization(first, f"deleting-{number}")
        Membership.objects.create(organization=organization, user=second, role=Role.OWNER)
        make_member(organization)

        def delete(user: User) -> Callable[[], None]:
            def work() -> None:
                with suppress(people.Refused):
                    people.delete(user)

            return work

        at_once([delete(first), delete(second)])
        assert organization.owners().count() == 1

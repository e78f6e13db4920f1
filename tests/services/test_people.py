"""Leaving for good: who may, what goes, and what stays."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.utils import timezone

from onboarding.models import Event, Handover, Installation, Invitation, Mail, Membership, User
from onboarding.services import people
from tests.factories import (
    give_second_factor,
    make_answered,
    make_installation,
    make_member,
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "Ann Canary", "canary@example.com"


@pytest.fixture
def ann(db: None) -> User:
    user = make_user(ADDRESS, name=NAME, last_login=timezone.now())
    give_second_factor(user)
    SocialAccount.objects.create(
        user=user, provider="github", uid="7", extra_data={"login": ADDRESS}
    )
    EmailAddress.objects.create(user=user, email="canary.new@example.com")
    UserSession.objects.create(user=user, session_key="k", ip="192.0.2.1", user_agent="x")
    Mail.objects.create(name="sign_in_password_changed", to=ADDRESS, subject="x", text="x")
    return user


def rows_that_tell(*words: str) -> list[str]:
    return [
        f"{model._meta.label} {row}"
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        if any(word.lower() in str(row).lower() for word in words)
    ]


def test_nothing_tells_afterwards_who_it_was(ann: User) -> None:
    organization = make_organization()
    make_member(organization, ann)
    installation = make_installation(organization)
    Mail.objects.create(
        name="ready", to=ADDRESS.upper(), subject="x", text="", installation=installation
    )
    Invitation.objects.create(
        organization=organization,
        email=ADDRESS,
        token_fingerprint="x",
        invited_by=organization.owners().get().user,
        expires_at=timezone.now(),
    )
    Event.objects.create(
        installation=installation,
        organization=organization,
        kind="invited",
        note=f"To {ADDRESS.title()}.",
        data={"email": ADDRESS, "role": "member"},
    )
    Handover.objects.create(
        installation=installation,
        email=ADDRESS,
        token_fingerprint="y",
        created_by=ann,
        expires_at=timezone.now(),
    )
    assert len(rows_that_tell("canary")) >= 8
    people.delete(ann)
    assert rows_that_tell("canary") == []
    told = Event.objects.get(kind="invited")
    assert told.note == f"To former-{ann.pk}@deleted.invalid."
    assert told.data["role"] == "member"


def test_what_was_done_stays_on_record(ann: User) -> None:
    organization = make_organization()
    make_member(organization, ann)
    installation = make_installation(organization)
    event = Event.objects.create(
        installation=installation, organization=organization, kind="step_saved", by=ann
    )
    mail = Mail.objects.create(name="ready", to=ADDRESS, subject="x", installation=installation)
    people.delete(ann)
    event.refresh_from_db()
    mail.refresh_from_db()
    assert event.by == ann
    assert mail.to == f"former-{ann.pk}@deleted.invalid"
    assert Event.objects.filter(organization=organization, kind=Event.Kind.LEFT, by=ann).exists()
    assert Installation.objects.filter(pk=installation.pk).exists()


def test_nobody_signs_in_with_it_any_more(ann: User) -> None:
    people.delete(ann)
    ann.refresh_from_db()
    assert not ann.is_active
    assert not ann.has_usable_password()
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession, Membership):
        assert not model.objects.filter(user=ann).exists()


def test_the_address_can_be_used_anew(ann: User) -> None:
    people.delete(ann)
    assert make_user(ADDRESS).pk != ann.pk


def test_two_people_can_leave() -> None:
    for user in (make_user(), make_user()):
        people.delete(user)
    assert User.objects.filter(is_active=False).count() == 2


def test_the_last_owner_of_installations_or_of_people_stays(ann: User) -> None:
    alone = make_organization(ann, "alone")
    assert people.obstacles(ann) == []
    with_people = make_organization(ann, "with-people")
    make_member(with_people)
    with_installation = make_organization(ann, "with-installation")
    make_installation(with_installation)
    assert people.obstacles(ann) == [with_installation, with_people]
    with pytest.raises(people.Refused, match="last Owner of With-Installation and With-People"):
        people.delete(ann)
    ann.refresh_from_db()
    assert ann.email == ADDRESS
    for organization in (with_people, with_installation):
        other = make_member(organization)
        Membership.objects.filter(user=other).update(role=Membership.Role.OWNER)
    people.delete(ann)
    assert not alone.memberships.exists()


def test_installations_that_support_had_claimed_are_up_again() -> None:
    agent = make_user(is_staff=True)
    installation = make_answered()
    Installation.objects.filter(pk=installation.pk).update(assignee=agent)
    people.delete(agent)
    installation.refresh_from_db()
    assert installation.assignee is None
    agent.refresh_from_db()
    assert not agent.is_staff

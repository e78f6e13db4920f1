"""Who visits the pages: an Organization's people, and those who must never see anything of it."""

from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from onboarding.models import Installation, Invitation, Organization, Status, User, Webhook, turn_of
from onboarding.models.groups import SUPPORT
from onboarding.models.invitation import VALID_FOR
from onboarding.models.sealed import fingerprint
from onboarding.services import webhooks
from tests.factories import (
    ANSWERED,
    PASSWORD,
    give_second_factor,
    make_answered,
    make_installation,
    make_member,
    make_organization,
)

PEOPLE = ("anonymous", "member", "owner", "stranger", "staff")
OUTSIDE = ("anonymous", "stranger", "staff")
SECRET = "secret-of-the-link-in-a-mail-to-somebody"
INVITED = "invited@example.com"


@cache
def hashed() -> str:
    """Hashing takes long, as it must; once will do for everybody here."""
    return make_password(PASSWORD)


def person(email: str, *, is_staff: bool = False) -> User:
    user = User.objects.create(email=email, password=hashed(), is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if is_staff:
        user.groups.set(Group.objects.filter(name=SUPPORT))
        give_second_factor(user)
    return user


@dataclass(frozen=True)
class Cast:
    """`stranger` owns another Organization; `staff` is support, and belongs to none."""

    organization: Organization
    installation: Installation
    people: dict[str, User]

    def client(self, name: str) -> Client:
        """A browser in which that person is signed in; for `anonymous`, nobody."""
        client = Client()
        if name in self.people:
            client.force_login(self.people[name])
        return client

    def confirmed(self, name: str) -> Client:
        """A browser in which that person gave the password a moment ago."""
        client = self.client(name)
        given = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert given.status_code == 302
        return client

    def fresh(self) -> Installation:
        return Installation.objects.with_everything().get(pk=self.installation.pk)


def make_cast(*, answered: bool = False, **answers: object) -> Cast:
    """With an installation that has an AWS account at least; `answered`: all of it."""
    owner, stranger = person("owner@example.com"), person("stranger@example.net")
    organization = make_organization(owner, "acme")
    make_installation(make_organization(stranger, "other"))
    if answered:
        installation = make_answered(organization, **answers)
    else:
        account = {"aws_account_id": ANSWERED["aws_account_id"]}
        installation = make_installation(organization, **(account | answers))
    Invitation.objects.create(
        organization=organization,
        email=INVITED,
        invited_by=owner,
        token_fingerprint=fingerprint(f"invitation:{SECRET}"),
        expires_at=timezone.now() + VALID_FOR,
    )
    add_webhook(organization, owner)
    people = {
        "owner": owner,
        "stranger": stranger,
        "member": make_member(organization, person("member@example.com")),
        "staff": person("agent@support.example", is_staff=True),
    }
    return Cast(organization, installation, people)


def add_webhook(organization: Organization, owner: User) -> None:
    webhook, _ = webhooks.add(
        organization,
        name="Operations",
        format=Webhook.Format.SIGNED,
        url="https://hooks.example.com/of-acme",
        events=["ready"],
        by=owner,
    )
    webhooks.try_out(webhook, by=owner)


def put(installation: Installation, status: Status) -> None:
    this = Installation.objects.filter(pk=installation.pk)
    this.update(status=status, waits_for=turn_of(status))


Stored = dict[str, list[tuple[object, ...]]]


def everything_stored() -> Stored:
    """Every row that a person could change or cause, to compare with."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in ("onboarding", "account", "admin")
        for model in apps.get_app_config(label).get_models()
    }

"""The people of the demo, and how far each has come. Loading them again changes nothing."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress

from onboarding.models import Membership, Organization, User
from onboarding.services import installations, organizations
from onboarding.wizard import STEPS
from portal.demo.simulator.samples import HEALTHY

PASSWORD = "walk-the-demo-2026"  # noqa: S105  (opens a demo on loopback, and is printed there)


@dataclass(frozen=True)
class Person:
    email: str
    sentence: str


FRESH_OWNER = Person("owner@fresh.example", "Owner of Fresh Data, with nothing started")
OWNER = Person("owner@acme.example", "Owner of Acme Data, half-way through an installation")
MEMBER = Person("member@acme.example", "Member of Acme Data, who may not see the external ID")
SUPPORT = Person("support@astro.example", "support, who reviews at /admin/")
PEOPLE = (FRESH_OWNER, OWNER, MEMBER, SUPPORT)

ANSWERED: dict[str, dict[str, Any]] = {
    "account": {
        "aws_account_id": HEALTHY,
        "account_is_dedicated": "on",
        "status_page_subscribed": "on",
        "domains_allowed": "on",
    },
    "cluster": {
        "cluster_name": "analytics-prod",
        "region": "us-east-1",
        "node_type": "m5.xlarge",
        "max_nodes": "20",
    },
}
"""What the Owner of Acme Data has answered, by step."""


def load() -> None:
    if User.objects.filter(email=SUPPORT.email).exists():
        return
    fresh = verified(FRESH_OWNER)
    organizations.found(name="Fresh Data", short_name="fresh", by=fresh)
    owner = verified(OWNER)
    acme = organizations.found(name="Acme Data", short_name="acme", by=owner)
    Membership.objects.create(organization=acme, user=verified(MEMBER), role=Membership.Role.MEMBER)
    answer_half(acme, owner)
    # Last, because it tells the next start that everybody is there.
    verified(SUPPORT, is_staff=True, is_superuser=True)


def verified(person: Person, **fields: Any) -> User:
    user = User.objects.create_user(person.email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user


def answer_half(organization: Organization, owner: User) -> None:
    installation = installations.start(organization, by=owner)
    for step in STEPS:
        if step.form is None or step.slug not in ANSWERED:
            continue
        form = step.form(installation, ANSWERED[step.slug])
        if not form.is_valid():
            raise ValueError(f"The demo's answers to {step.slug} are refused: {form.errors}")
        installation = installations.save_step(
            installation, step, form, by=owner, version=installation.version
        )

"""What the demo's database holds at the first start: its people, made as the portal makes them."""

from typing import Any

from allauth.account.models import EmailAddress

from onboarding.models import Membership, Organization, User
from onboarding.services import installations, organizations
from onboarding.wizard import STEPS
from portal.demo.people import ANSWERED, FRESH_OWNER, MEMBER, OWNER, PASSWORD, SUPPORT, Person


def load() -> None:
    """Store the people and what they have done, once; on a later start this changes nothing."""
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

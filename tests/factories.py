"""The cast: rows for tests, made the way the portal makes them."""

import itertools
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from onboarding.aws.checks import CHECKS
from onboarding.models import CheckResult, Installation, Membership, Organization, User
from onboarding.models.groups import SUPPORT
from onboarding.models.sealed import seal
from onboarding.services import installations, organizations
from onboarding.wizard.steps.access import ROLE_CODES

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


@cache
def _hashed() -> str:
    """Argon2 is slow on purpose: once a process is enough for the cast."""
    return make_password(PASSWORD)


def make_user(
    email: str | None = None, *, verified: bool = True, group: str = SUPPORT, **fields: Any
) -> User:
    """`group`: of the desk, for who is staff."""
    user = User.objects.create(
        email=email or f"person{next(_numbers)}@example.com", password=_hashed(), **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    if user.is_staff:
        user.groups.set(Group.objects.filter(name=group))
        give_second_factor(user)
    return user


TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_second_factor(user: User) -> None:
    """An app that shows codes for `TOTP_SECRET`."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": seal(TOTP_SECRET)}
    )


def make_organization(owner: User | None = None, short_name: str | None = None) -> Organization:
    name = short_name or f"org{next(_numbers)}"
    return organizations.found(name=name.title(), short_name=name, by=owner or make_user())


def make_member(organization: Organization, user: User | None = None) -> User:
    user = user or make_user()
    Membership.objects.create(organization=organization, user=user)
    return user


def make_installation(organization: Organization | None = None, **answers: Any) -> Installation:
    """An installation; `answers` are stored as given."""
    organization = organization or make_organization()
    owner = organization.owners().get().user
    installation = installations.start(organization, by=owner)
    if answers:
        Installation.objects.filter(pk=installation.pk).update(**answers)
    return Installation.objects.with_everything().get(pk=installation.pk)


ANSWERED: dict[str, Any] = {
    "aws_account_id": "210987654321",
    "account_is_dedicated": True,
    "status_page_subscribed": True,
    "domains_allowed": True,
    "cluster_name": "analytics",
    "connectivity": "public",
}


def make_answered(organization: Organization | None = None, **answers: Any) -> Installation:
    """An installation with every step complete: answered, proved and checked."""
    installation = make_installation(organization, **(ANSWERED | answers))
    for code in ROLE_CODES:
        make_result(installation, code, ("aws_account_id",))
    for check in CHECKS:
        make_result(installation, check.code, check.relies_on, title=check.title)
    return Installation.objects.with_everything().get(pk=installation.pk)


def let_pass(installation: Installation, code: str, by: User) -> None:
    """As support lets a check pass, whatever it says."""
    made = installation.overrides.create(code=code, reason="Agreed.", by=by)
    installation.check_results.filter(code=code).update(override=made)


def make_result(
    installation: Installation,
    code: str,
    relies_on: tuple[str, ...] = (),
    *,
    status: str = "passed",
    **values: Any,
) -> CheckResult:
    answers = installation.answers()
    return CheckResult.objects.create(
        installation=installation,
        code=code,
        status=status,
        saw=values.pop("saw", "Seen."),
        title=values.pop("title", code),
        relied_on={name: answers[name] for name in relies_on},
        checked_at=timezone.now(),
        **values,
    )

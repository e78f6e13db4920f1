"""What every page knows."""

from functools import partial
from typing import Any

from django.conf import settings

from onboarding.facts import SUPPORT_URL
from onboarding.forms.second_factor import can_hold_passkeys
from onboarding.models import PolicyVersion
from onboarding.views.reach import organization_here, organizations_of


def portal(request: Any) -> dict[str, Any]:
    return {
        "site_name": "Astro install portal",
        "support_url": SUPPORT_URL,
        "is_demo": settings.DEMO,
        "can_hold_passkeys": partial(can_hold_passkeys, request),
        # Asked of the database when the header uses them: for somebody signed in.
        "my_organizations": partial(organizations_of, request),
        "organization_here": partial(organization_here, request),
        "coming_policies": coming_policies,
    }


def coming_policies() -> list[PolicyVersion]:
    """The versions of the permissions that are announced; asked where a page shows them."""
    coming = PolicyVersion.objects.filter(state=PolicyVersion.State.ANNOUNCED)
    return list(coming.only("number").order_by("number"))

"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from onboarding.facts import SUPPORT_URL


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": "Astro install portal",
        "support_url": SUPPORT_URL,
        "is_demo": settings.DEMO,
    }

"""The ways to create the role, as the access page hands them over."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from onboarding.models import Installation
from onboarding.policy import cloudformation
from onboarding.policy.document import Edition
from onboarding.policy.handover import Handover, Places, handovers


def template_url(edition: Edition) -> str:
    """Where AWS's console reads the template of that version. In production that is S3, where the
    templates of all versions stand beside the one that the settings name.
    """
    if not settings.ROLE_TEMPLATE_URL:
        return _address("role_template")
    return urljoin(settings.ROLE_TEMPLATE_URL, cloudformation.published_name(edition))


def handovers_for(edition: Edition, installation: Installation) -> dict[str, Handover]:
    """What to send to a colleague, by way; nothing before the account is known."""
    if not installation.aws_account_id:
        return {}
    return handovers(
        edition,
        account_id=installation.aws_account_id,
        organization=installation.organization.name,
        places=Places(
            console=cloudformation.quick_create_url(
                console_url=settings.AWS_CONSOLE_URL, template_url=template_url(edition)
            ),
            script=_address("role_script"),
            module=_address("role_module"),
            permissions=_address("permissions"),
            page=_address("step", installation.pk, "access"),
        ),
    )


def _address(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)

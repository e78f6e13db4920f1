"""The ways to create the role, as the access page hands them over."""

from django.conf import settings
from django.urls import reverse

from onboarding.models import Installation
from onboarding.policy import cloudformation
from onboarding.policy.handover import Handover, Places, handovers


def template_url() -> str:
    """Where AWS's console reads the template. In production that is S3."""
    return settings.ROLE_TEMPLATE_URL or _address("role_template")


def handovers_for(installation: Installation) -> dict[str, Handover]:
    """What to send to a colleague, by way; nothing before the account is known."""
    if not installation.aws_account_id:
        return {}
    return handovers(
        account_id=installation.aws_account_id,
        organization=installation.organization.name,
        places=Places(
            console=cloudformation.quick_create_url(
                console_url=settings.AWS_CONSOLE_URL, template_url=template_url()
            ),
            script=_address("role_script"),
            module=_address("role_module"),
            permissions=_address("permissions"),
            page=_address("step", installation.pk, "access"),
        ),
    )


def _address(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)

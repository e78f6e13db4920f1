"""That a role is older than the permissions in effect."""

from typing import Any

from django import template

from onboarding.jobs.edition import standing_of
from onboarding.models import Installation

register = template.Library()


@register.inclusion_tag("onboarding/update_role_note.html")
def role_version_note(installation: Installation) -> dict[str, Any]:
    """A line with a link; nothing where the role is up to date or was not seen. No query then."""
    role = standing_of(installation) if installation.policy_version else None
    return {"role": role, "installation": installation}

"""How the portal calls itself in the customer's CloudTrail."""

from onboarding.models import Operation


def session_name(operation: Operation) -> str:
    """Names the operation, and no person: everybody who reads the trail sees it."""
    return f"astro-portal-{operation.pk.hex[:8]}"

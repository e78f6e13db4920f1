"""An installation in support's hands."""

from onboarding.models import (
    Event,
    Installation,
    Override,
    User,
)
from onboarding.services import review
from tests.factories import make_answered


def blocked() -> Installation:
    """With one check that stops it, and nothing else left to do."""
    installation = make_answered()
    installation.check_results.filter(code="on_demand_quota").update(
        status="failed", saw="5 vCPU.", relied_on={"region": installation.region}
    )
    return again(installation)


def again(installation: Installation) -> Installation:
    return Installation.objects.with_everything().get(pk=installation.pk)


def let_pass(installation: Installation, by: User, code: str = "on_demand_quota") -> Override:
    return review.override(installation, code=code, reason="AWS has agreed by phone.", by=by)


def last(installation: Installation) -> Event:
    return installation.events.order_by("-at", "-pk")[0]

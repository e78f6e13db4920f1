"""What Owners do with the external ID: look at it, renew it, and end a renewal."""

from django.db import transaction

from onboarding.models import Event, Installation, Organization, User


@transaction.atomic
def show(
    organization: Organization, *, by: User, reason: str, installation: Installation | None = None
) -> str:
    """The external ID, for an Owner. The look is recorded. Raises `PermissionError` for others."""
    if not organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may see the external ID.")
    Event.objects.create(
        organization=organization,
        installation=installation,
        kind=Event.Kind.EXTERNAL_ID_SHOWN,
        by=by,
        data={"reason": reason},
    )
    return organization.reveal_external_id()

"""Having a role updated to the version of the permissions that is in effect."""

from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.entry import Credentials
from onboarding.models import Installation, Operation, User
from onboarding.services.with_credentials import request


@sensitive_variables("credentials")
def update(
    installation: Installation, credentials: Credentials, *, version: int, by: User
) -> Operation:
    """Have the role updated with the customer's temporary credentials, to the `version` that `by`
    was shown: to no other, though one may take effect in between.

    They are handed to the worker sealed, once, and rest nowhere else. Raises
    `handoff.HandoffUnavailable`; then nothing is stored.
    """
    data = {"version": version, "by": by.pk}
    return request(installation, Operation.Kind.UPDATE_ROLE, credentials, data)

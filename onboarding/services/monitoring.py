"""Having the role watched: a trail, a filter and an alarm in the customer's account."""

from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.entry import Credentials
from onboarding.models import Installation, Operation
from onboarding.services.with_credentials import request


@sensitive_variables("credentials")
def create(
    installation: Installation, credentials: Credentials, *, email: str = "", log_group: str = ""
) -> Operation:
    """Have the alarm created with the customer's temporary credentials.

    They are handed to the worker sealed, once, and rest nowhere else. Raises
    `handoff.HandoffUnavailable`; then nothing is stored.
    """
    data = {"email": email, "log_group": log_group}
    return request(installation, Operation.Kind.CREATE_MONITORING, credentials, data)

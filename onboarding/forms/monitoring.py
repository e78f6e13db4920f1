"""What "create it for me" asks for the alarm: who is told, which trail, and credentials."""

from onboarding.facts import email, log_groups
from onboarding.forms.credentials import CredentialsForm
from onboarding.forms.fields import TypedField


class MonitoringForm(CredentialsForm):
    field_order = ("email", "log_group")

    email = TypedField(
        email.address,
        label="E-mail address that gets the alarm",
        help_text="Optional. AWS sends a message there first: choose the link in it.",
        required=False,
    )
    log_group = TypedField(
        log_groups.log_group,
        label="Log group of a trail you have",
        help_text="Optional, in us-east-1. Leave it empty, and we make a trail.",
        required=False,
    )

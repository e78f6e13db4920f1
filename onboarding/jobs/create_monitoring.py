"""Sets up the alarm on the role with credentials the customer pasted."""

from datetime import timedelta

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.create_monitoring import Watching
from onboarding.aws.actions.create_monitoring import create_monitoring as create_in_aws
from onboarding.aws.actions.entry import Credentials
from onboarding.aws.actions.monitoring.part import MonitoringDiffers, MonitoringSpec
from onboarding.aws.errors import AwsError
from onboarding.jobs import failures, handoff
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.create_role import DONE, PASTE_AGAIN
from onboarding.models import Event, Operation
from onboarding.policy import monitoring

DIFFERENCE = "Lines with - stand in your account, lines with + are what the alarm needs:"


@sensitive_variables("credentials")
def run(operation: Operation) -> timedelta | None:
    credentials = handoff.take(str(operation.pk))
    if credentials is None:
        operation.fail(PASTE_AGAIN)
        return None
    try:
        watching = _create(operation, credentials)
    except MonitoringDiffers as error:
        failures.fail(operation, error, details=(DIFFERENCE, *error.diff_lines))
        return None
    except AwsError as error:
        # The credentials are used up whatever happened: going on needs the customer.
        failures.fail(operation, error, details=(DONE, *error.done) if error.done else ())
        return None
    with transaction.atomic():
        operation.finish()
        Event.objects.create(
            organization=operation.installation.organization,
            installation=operation.installation,
            kind=Event.Kind.MONITORING_CREATED,
            data={**operation.data, "steps": list(watching.steps)},
        )
    return None


@sensitive_variables("credentials")
def _create(operation: Operation, credentials: Credentials) -> Watching:
    """Create what is missing in AWS, and keep the log of it however it ends."""
    account_id = operation.installation.aws_account_id
    log = CallLog(operation.installation)
    wishes = {name: operation.data.get(name, "") for name in ("email", "log_group")}
    try:
        return create_in_aws(
            credentials,
            MonitoringSpec(**monitoring.values(account_id), **wishes),
            account_id=account_id,
            record=log,
        )
    finally:
        log.write()

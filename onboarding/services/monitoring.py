"""Having the role watched: a trail, a filter and an alarm in the customer's account."""

import uuid

from django.db import transaction
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from onboarding import tasks
from onboarding.aws.actions.entry import Credentials
from onboarding.jobs import handoff
from onboarding.models import Installation, Operation, Status


def may_create(installation: Installation) -> bool:
    """Long after the build too: only a known account is needed, and an installation not given up."""
    return bool(installation.aws_account_id) and installation.status != Status.CANCELLED


@sensitive_variables("credentials")
def create(
    installation: Installation, credentials: Credentials, *, email: str = "", log_group: str = ""
) -> Operation:
    """Have the alarm created with the customer's temporary credentials.

    They are handed to the worker sealed, once, and rest nowhere else. Raises
    `handoff.HandoffUnavailable`; then nothing is stored.
    """
    operation = Operation(
        pk=uuid.uuid4(),
        installation=installation,
        kind=Operation.Kind.CREATE_MONITORING,
        data={"email": email, "log_group": log_group},
    )
    handoff.put(str(operation.pk), credentials)
    with transaction.atomic():
        # One that still waits is over: its credentials were meant for it alone.
        installation.operations.unfinished().filter(kind=operation.kind).update(
            state=Operation.State.FAILED,
            finished_at=Now(),
            problem="Replaced by a newer request.",
        )
        operation.save(force_insert=True)
        tasks.after_commit(tasks.run_operation, str(operation.pk))
    return operation

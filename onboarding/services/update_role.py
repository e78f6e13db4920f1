"""Having a role updated to the version of the permissions that is in effect."""

import uuid

from django.db import transaction
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from onboarding import tasks
from onboarding.aws.actions.entry import Credentials
from onboarding.jobs import handoff
from onboarding.models import Installation, Operation, Status, User


def may_update(installation: Installation) -> bool:
    """Long after the build too: only a known account is needed, and an installation not given up."""
    return bool(installation.aws_account_id) and installation.status != Status.CANCELLED


@sensitive_variables("credentials")
def update(
    installation: Installation, credentials: Credentials, *, version: int, by: User
) -> Operation:
    """Have the role updated with the customer's temporary credentials, to the `version` that `by`
    was shown: to no other, though one may take effect in between.

    They are handed to the worker sealed, once, and rest nowhere else. Raises
    `handoff.HandoffUnavailable`; then nothing is stored.
    """
    operation = Operation(
        pk=uuid.uuid4(),
        installation=installation,
        kind=Operation.Kind.UPDATE_ROLE,
        data={"version": version, "by": by.pk},
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

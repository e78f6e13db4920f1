"""Work that a worker does with the customer's own temporary credentials."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from onboarding import tasks
from onboarding.aws.actions.entry import Credentials
from onboarding.jobs import handoff
from onboarding.models import Installation, Operation, Status


def may_ask(installation: Installation) -> bool:
    """Long after the build too: only a known account is needed, and an installation not given up."""
    return bool(installation.aws_account_id) and installation.status != Status.CANCELLED


@sensitive_variables("credentials")
def request(
    installation: Installation,
    kind: Operation.Kind,
    credentials: Credentials,
    data: dict[str, Any] | None = None,
) -> Operation:
    """Ask for it. The credentials are handed to the worker sealed, once, and rest nowhere else.

    Raises `handoff.HandoffUnavailable`; then nothing is stored.
    """
    operation = Operation(pk=uuid.uuid4(), installation=installation, kind=kind, data=data or {})
    handoff.put(str(operation.pk), credentials)
    with transaction.atomic():
        # One that still waits is over: its credentials were meant for it alone.
        installation.operations.unfinished().filter(kind=kind).update(
            state=Operation.State.FAILED,
            finished_at=Now(),
            problem="Replaced by a newer request.",
        )
        operation.save(force_insert=True)
        tasks.after_commit(tasks.run_operation, str(operation.pk))
    return operation

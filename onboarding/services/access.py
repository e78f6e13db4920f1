"""Looking at the customer's account: proving the role, creating it, checking the account."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from onboarding import tasks
from onboarding.aws.actions.create_role import Credentials
from onboarding.jobs import handoff
from onboarding.models import Event, Installation, Operation, User


@transaction.atomic
def look_for_role(installation: Installation) -> Operation:
    """Start looking for the role, or look again at once."""
    return enqueue(installation, Operation.Kind.VERIFY_ROLE)


@transaction.atomic
def check_account(installation: Installation, *, everything: bool = False) -> Operation:
    """Run the account's checks: those that are due, or every one."""
    data = {"everything": True} if everything else None
    return enqueue(installation, Operation.Kind.CHECK_ACCOUNT, data)


@transaction.atomic
def choose(installation: Installation, method: Installation.AccessMethod, *, by: User) -> None:
    """Note how the customer creates the role, and start looking for it."""
    Installation.objects.filter(pk=installation.pk).update(access_method=method)
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_REQUESTED,
        by=by,
        data={"method": method.value},
    )
    enqueue(installation, Operation.Kind.VERIFY_ROLE)


@sensitive_variables("credentials")
def create_role(installation: Installation, credentials: Credentials, *, by: User) -> Operation:
    """Have the role created with the customer's temporary credentials.

    They are handed to the worker sealed, once, and rest nowhere else. Raises
    `handoff.HandoffUnavailable`; then nothing is stored.
    """
    operation = Operation(
        pk=uuid.uuid4(), installation=installation, kind=Operation.Kind.CREATE_ROLE
    )
    handoff.put(str(operation.pk), credentials)
    with transaction.atomic():
        # A creation that still waits is over: its credentials were meant for it alone.
        for waiting in installation.operations.unfinished().filter(kind=operation.kind):
            Operation.objects.filter(pk=waiting.pk).update(
                state=Operation.State.FAILED,
                finished_at=Now(),
                problem="Replaced by a newer request.",
            )
        operation.save(force_insert=True)
        Installation.objects.filter(pk=installation.pk).update(
            access_method=Installation.AccessMethod.FOR_ME
        )
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=Event.Kind.ROLE_REQUESTED,
            by=by,
            data={"method": "for_me"},
        )
        tasks.after_commit(tasks.run_operation, str(operation.pk))
    return operation


def enqueue(
    installation: Installation, kind: Operation.Kind, data: dict[str, Any] | None = None
) -> Operation:
    """Ask a worker for work, in the caller's transaction."""
    operation = Operation.request(installation, kind, data)
    tasks.after_commit(tasks.run_operation, str(operation.pk))
    return operation

"""Looking at the customer's account: proving the role, creating it, checking the account."""

import time
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from onboarding import tasks
from onboarding.aws.actions.create_role import Credentials
from onboarding.jobs import drift
from onboarding.models import Event, Installation, Operation, User
from onboarding.services.told import record
from onboarding.services.with_credentials import request

LOOKS_APART = 10
"""Seconds between two looks that somebody asks for, at one Organization's account."""
LOOKS_AN_HOUR = 30


class LookedJustNow(Exception):
    """Somebody asks for looks faster than they tell anything new. The text is for them."""


def look_for_role(installation: Installation) -> Operation:
    """Start looking for the role, or look again at once. Raises `LookedJustNow`."""
    _take_turn(installation)
    looking = installation.operations.unfinished().filter(kind=Operation.Kind.VERIFY_ROLE).first()
    with transaction.atomic():
        # What earlier looks saw still counts.
        return enqueue(installation, Operation.Kind.VERIFY_ROLE, looking.data if looking else None)


def _take_turn(installation: Installation) -> None:
    """By Organization and account: nobody can use up the looks of another Organization."""
    key = f"look:{installation.organization_id}:{installation.aws_account_id}"
    if not cache.add(f"{key}:now", True, LOOKS_APART):
        raise LookedJustNow("We looked a few seconds ago. What we found is below.")
    hour = f"{key}:{int(time.time() // 3600)}"
    looks = cache.get(hour, 0) + 1
    cache.set(hour, looks, 3600)
    if looks > LOOKS_AN_HOUR:
        raise LookedJustNow(
            f"We have looked {LOOKS_AN_HOUR} times in an hour. What we found is below; "
            "try again later."
        )


def prove_again(installation: Installation) -> None:
    """Before support relies on a role that was proved once, in the caller's transaction."""
    if drift.standing(installation).was_known_safe:
        enqueue(installation, Operation.Kind.VERIFY_ROLE)


@transaction.atomic
def check_account(installation: Installation, *, everything: bool = False) -> Operation:
    """Run the account's checks: those that are due, or every one; and look at once what AWS says
    to the quotas it was asked for.
    """
    if installation.quota_requests.undecided().exists():
        enqueue(installation, Operation.Kind.WATCH_QUOTAS)
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
    with transaction.atomic():
        operation = request(installation, Operation.Kind.CREATE_ROLE, credentials)
        Installation.objects.filter(pk=installation.pk).update(
            access_method=Installation.AccessMethod.FOR_ME
        )
        record(installation, Event.Kind.ROLE_REQUESTED, by=by, data={"method": "for_me"})
    return operation


def enqueue(
    installation: Installation, kind: Operation.Kind, data: dict[str, Any] | None = None
) -> Operation:
    """Ask a worker for work, in the caller's transaction."""
    operation = Operation.request(installation, kind, data)
    tasks.after_commit(tasks.run_operation, str(operation.pk))
    return operation

"""Runs one operation: claim it, keep the lease, do its job, and settle how it ended."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import connection

from onboarding.aws.errors import AwsError
from onboarding.jobs import (
    check_account,
    create_monitoring,
    create_role,
    enable_region,
    failures,
    turn,
    update_role,
    verify_role,
    watch_quotas,
)
from onboarding.models import MAX_ATTEMPTS, LostLease, Operation

log = structlog.get_logger(__name__)

Job = Callable[[Operation], timedelta | None]
"""Does the work and finishes the operation, or hands it back and says when to run it again."""

JOBS: dict[str, Job] = {
    Operation.Kind.VERIFY_ROLE: verify_role.run,
    Operation.Kind.CHECK_ACCOUNT: check_account.run,
    Operation.Kind.CREATE_ROLE: create_role.run,
    Operation.Kind.WATCH_QUOTAS: watch_quotas.run,
    Operation.Kind.ENABLE_REGION: enable_region.run,
    Operation.Kind.CREATE_MONITORING: create_monitoring.run,
    Operation.Kind.UPDATE_ROLE: update_role.run,
}
RENEW_SECONDS = 20


def run(operation_id: str, *, jobs: dict[str, Job] = JOBS) -> timedelta | None:
    """Run the operation if it is to be had. Returns when it wants to be run again, if it does."""
    operation = Operation.claim(operation_id)
    if operation is None:
        return None
    try:
        if operation.attempt > MAX_ATTEMPTS:
            log.error("operation_given_up", operation=str(operation.pk), kind=operation.kind)
            failures.give_up(operation)
            turn.settle(operation.installation)
            return None
        with _lease_kept(operation):
            again = _attempt(operation, jobs[operation.kind])
        # What was found may be for the other side to act on.
        turn.settle(operation.installation)
        return again
    except LostLease:
        # Another worker has it now, and writes what counts.
        log.warning("operation_lease_lost", operation=str(operation.pk))
        return None


def _attempt(operation: Operation, job: Job) -> timedelta | None:
    try:
        return job(operation)
    except LostLease:
        raise
    except AwsError as error:
        log.warning("operation_aws_error", operation=str(operation.pk), code=error.code)
        if not error.retryable:
            failures.fail(operation, error)
            return None
        data = failures.kept(operation, error)
    except Exception:
        log.exception("operation_crashed", operation=str(operation.pk), kind=operation.kind)
        data = failures.forgotten(operation)
    wait = timedelta(seconds=min(2**operation.attempt, 60) * (0.5 + secrets.randbelow(500) / 1000))
    operation.again(wait, data, moved_on=False)
    return wait


@contextmanager
def _lease_kept(operation: Operation) -> Iterator[None]:
    """Renew the lease from a thread for as long as the job runs."""
    stop = threading.Event()

    def renew() -> None:
        try:
            while not stop.wait(RENEW_SECONDS):
                operation.renew()
        except LostLease:
            log.warning("operation_lease_not_renewed", operation=str(operation.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()

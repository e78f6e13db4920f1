"""Waits for the role and proves that it is safe: it opens with the external ID, and only so."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils import timezone

from onboarding.aws.check import Status
from onboarding.aws.verify import RoleFinding, is_proved, judge, probe
from onboarding.jobs import results
from onboarding.jobs.call_log import CallLog
from onboarding.models import Event, Operation
from onboarding.notifications import ROLE_PROVED, notify

SETTLE_SECONDS = 5.2
"""A refusal right after a change may come from the old trust policy; it is asked for again."""
GIVE_UP = timedelta(hours=24)
MENDING = timedelta(minutes=30)
UNANSWERED = timedelta(minutes=10)
WORTH_A_MAIL = timedelta(minutes=5)


def run(operation: Operation, *, sleep: Callable[[float], None] = time.sleep) -> timedelta | None:
    installation = operation.installation
    if not installation.aws_account_id:
        operation.finish()
        return None
    log = CallLog(installation)
    try:
        findings = _prove(operation, log, sleep)
    finally:
        log.write()
    waited = timezone.now() - operation.created_at
    _record(operation, findings, waited)
    if waited < _patience(findings):
        wait = _next_look(waited)
        operation.again(wait, {})
        return wait
    operation.finish()
    return None


def _prove(
    operation: Operation, log: CallLog, sleep: Callable[[float], None]
) -> tuple[RoleFinding, ...]:
    installation = operation.installation
    ask = partial(
        probe,
        installation.aws_account_id,
        installation.organization.reveal_external_id(),
        region=installation.region,
        record=log,
    )
    first = ask()
    waited = (timezone.now() - operation.created_at).total_seconds()
    findings = judge(first, waited_seconds=waited)
    _write(operation, findings)
    if findings[1].finding.status == Status.PASSED and not _failed(findings):
        sleep(SETTLE_SECONDS)
        findings = judge(first, ask(), waited_seconds=waited + SETTLE_SECONDS)
        _write(operation, findings)
    return findings


def _patience(findings: tuple[RoleFinding, ...]) -> timedelta:
    """How long to go on looking: a day for a role to appear, half an hour for one to be mended,
    minutes for AWS to answer.
    """
    if _failed(findings):
        return MENDING
    statuses = {each.finding.status for each in findings}
    if Status.COULD_NOT_CHECK in statuses:
        return UNANSWERED
    return GIVE_UP if Status.WAITING in statuses else timedelta(0)


def _failed(findings: tuple[RoleFinding, ...]) -> bool:
    return any(each.finding.status == Status.FAILED for each in findings)


def _write(operation: Operation, findings: tuple[RoleFinding, ...]) -> None:
    for position, each in enumerate(findings):
        results.write(
            operation,
            code=each.code,
            title=each.title,
            blocking=True,
            position=position,
            relies_on=("aws_account_id",),
            finding=each.finding,
        )


def _next_look(waited: timedelta) -> timedelta:
    """Often while somebody is likely to be watching, seldom after that."""
    if waited < timedelta(minutes=2):
        return timedelta(seconds=2)
    return timedelta(seconds=10 if waited < timedelta(minutes=30) else 60)


def _record(operation: Operation, findings: tuple[RoleFinding, ...], waited: timedelta) -> None:
    installation = operation.installation
    if is_proved(findings):
        kind = Event.Kind.ROLE_PROVED
        if not installation.check_results.of_account().exists():
            Operation.request(installation, Operation.Kind.CHECK_ACCOUNT)
        if waited > WORTH_A_MAIL:
            notify(ROLE_PROVED, installation)
    elif _failed(findings):
        kind = Event.Kind.ROLE_UNSAFE
    else:
        return
    latest = installation.events.filter(
        kind__in=[Event.Kind.ROLE_PROVED, Event.Kind.ROLE_UNSAFE]
    ).last()
    if latest is None or latest.kind != kind:
        Event.objects.create(
            organization=installation.organization, installation=installation, kind=kind
        )

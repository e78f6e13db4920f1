"""Waits for the role and proves that it is safe: it opens with the external ID, and only so.

A role that was proved before keeps its results until it is sure that something has changed.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from onboarding.aws.check import Status
from onboarding.aws.permissions_version import Measured
from onboarding.aws.verdict import PROOFS
from onboarding.aws.verify import (
    Answer,
    Probe,
    Published,
    RoleFinding,
    is_proved,
    judge,
    probe,
)
from onboarding.jobs import drift, handover, recognition, renewal, results
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.session import session_name
from onboarding.models import Event, Installation, Operation
from onboarding.models import Status as Stage
from onboarding.notifications import ROLE_PROVED, notify

SETTLE_SECONDS = 5.2
"""A refusal right after a change may come from the old trust policy; it is asked for again."""
GIVE_UP = timedelta(hours=24)
MENDING = timedelta(minutes=30)
UNANSWERED = timedelta(minutes=10)
WORTH_A_MAIL = timedelta(minutes=5)
IN_DOUBT = timedelta(seconds=20)
"""Between two looks at a role that seems changed."""

HOLDS = (Status.PASSED, Status.WARNING)
Findings = tuple[RoleFinding, ...]


@dataclass
class Look:
    """One run: what was known before, and what AWS answers now."""

    operation: Operation
    before: drift.Standing
    published: Published
    waited: timedelta
    findings: Findings = ()
    probes: list[Probe] = field(default_factory=list)

    @property
    def installation(self) -> Installation:
        return self.operation.installation

    @property
    def measured(self) -> Measured | None:
        """By which version its permissions were compared, where they could be read."""
        return next((each.measured for each in self.probes if each.measured), None)

    @property
    def version(self) -> int:
        """The version of the role, as far as it is known."""
        if self.measured:
            return self.measured.by.version
        return self.published.proved or self.published.version

    @property
    def by_own_version(self) -> Findings:
        """The findings, and no warning that another version is in effect by now."""
        if self.measured is None or not self.measured.found.is_as_published:
            return self.findings
        return tuple(recognition.as_published(each) for each in self.findings)

    @property
    def change(self) -> drift.Change | None:
        if not self.before.was_known_safe:
            return None
        return drift.change(self.by_own_version, self.before, self.version)


def run(
    operation: Operation,
    *,
    sleep: Callable[[float], None] = time.sleep,
    look_at_role: Callable[..., Probe] = probe,
) -> timedelta | None:
    installation = operation.installation
    if not installation.aws_account_id or installation.status == Stage.CANCELLED:
        operation.finish()
        return None
    waited = timezone.now() - operation.created_at
    before = drift.standing(installation)
    look = Look(operation, before, recognition.published(before), waited)
    log = CallLog(installation)
    try:
        _prove(look, log, sleep, look_at_role)
    finally:
        log.write()
    doubt = _doubt(look)
    is_sure = _is_sure(look, doubt)
    if look.before.was_proved and not is_sure:
        wait, patience = IN_DOUBT, UNANSWERED
    else:
        _store(look, is_sure=is_sure)
        wait, patience = _next_look(look), _patience(look)
    if renewal.has_changed(installation.organization):
        # What was asked with another external ID tells nothing about the present one.
        wait, patience = timedelta(0), GIVE_UP
    if waited < patience:
        operation.again(wait, doubt)
        return wait
    operation.finish()
    return None


def _prove(
    look: Look, log: CallLog, sleep: Callable[[float], None], look_at_role: Callable[..., Probe]
) -> None:
    """Look once, and if all is well so far once more."""
    installation = look.installation
    ask = partial(
        look_at_role,
        installation.aws_account_id,
        installation.organization.reveal_external_id(),
        former=installation.organization.reveal_former_external_id(),
        region=installation.region,
        record=log,
        session_name=session_name(look.operation),
    )
    seconds = look.waited.total_seconds()
    first = ask(published=look.published)
    look.probes, look.findings = [first], judge(first, waited_seconds=seconds)
    if not _is_shown_as_proved(look):
        _write(look)
    if _is_there(look) and not _is_unsafe(look):
        sleep(SETTLE_SECONDS)
        second = ask(before=first)
        look.probes.append(second)
        look.findings = judge(first, second, waited_seconds=seconds + SETTLE_SECONDS)


def _doubt(look: Look) -> dict[str, Any]:
    """Since when AWS has answered that something changed, and how often: kept between looks.

    No clear answer neither adds to it nor takes from it.
    """
    known: dict[str, Any] = look.operation.data
    if look.change is None:
        return {} if is_proved(look.findings) else known
    if known.get("change") != look.change.name:
        known = {"since": timezone.now().isoformat(), "looks": 0}
    return {"change": look.change.name, "since": known["since"], "looks": known["looks"] + 1}


def _is_sure(look: Look, doubt: dict[str, Any]) -> bool:
    """Whether this can be taken for how things stand: not if AWS gave no clear answer, and not
    for a change seen only just now. Somebody else getting in is sure at once.
    """
    if look.change is None:
        unclear = {Status.WAITING, Status.COULD_NOT_CHECK}
        return is_proved(look.findings) and _status(look, "role_permissions") not in unclear
    if look.change is drift.Change.OPEN:
        return True
    seen_for = timezone.now() - datetime.fromisoformat(doubt["since"])
    return seen_for >= drift.SURE_AFTER and doubt["looks"] >= drift.LEAST_LOOKS


def _status(look: Look, code: str) -> Status:
    return _status_of(look.findings, code)


def _status_of(findings: Findings, code: str) -> Status:
    return next(each.finding.status for each in findings if each.code == code)


def _is_there(look: Look) -> bool:
    """Whether it opens, with the external ID or the one that is being retired."""
    return _status(look, "role_opens") in HOLDS


def _is_renewed(look: Look) -> bool:
    """Whether it is proved with the new external ID, and the former one was refused besides."""
    last = look.probes[-1]
    return is_proved(look.findings) and last.former is Answer.DENIED


def _has_all(look: Look) -> bool:
    """Whether there is nothing left to do to the role."""
    proofs = {_status(look, code) for code in PROOFS}
    return proofs == {Status.PASSED} and _status(look, "role_permissions") in HOLDS


def _is_unsafe(look: Look) -> bool:
    return any(
        each.finding.status is Status.FAILED and each.code != "role_permissions"
        for each in look.findings
    )


def _patience(look: Look) -> timedelta:
    """How long to go on looking: a day for a role to appear, half an hour for one to be mended,
    minutes for AWS to answer.
    """
    statuses = {each.finding.status for each in look.findings}
    if Status.FAILED in statuses or look.change or _status(look, "role_opens") == Status.WARNING:
        return MENDING
    if Status.COULD_NOT_CHECK in statuses:
        return UNANSWERED
    return GIVE_UP if Status.WAITING in statuses else timedelta(0)


def _next_look(look: Look) -> timedelta:
    """Often while somebody is likely to be watching, seldom after that; never all at once."""
    if look.waited < timedelta(minutes=2):
        seconds = 5.0 if _is_there(look) else 2.0  # IAM is asked too, and has not much to give
    else:
        seconds = 10.0 if look.waited < timedelta(minutes=30) else 60.0
    return timedelta(seconds=seconds * (0.9 + secrets.randbelow(100) / 1000))


def _is_shown_as_proved(look: Look) -> bool:
    """Whether the page says so now: then it waits for the second look, and does not flicker."""
    proofs = look.installation.check_results.filter(code__in=PROOFS, status__in=HOLDS)
    account_id = look.installation.aws_account_id
    return proofs.filter(relied_on__aws_account_id=account_id).count() == len(PROOFS)


def _write(look: Look) -> None:
    for position, each in enumerate(look.findings):
        results.write(
            look.operation,
            code=each.code,
            title=each.title,
            blocking=True,
            position=position,
            relies_on=("aws_account_id",),
            finding=each.finding,
        )


@transaction.atomic
def _store(look: Look, *, is_sure: bool) -> None:
    """The results, and what follows from them."""
    proved_at = drift.last_proved(look.installation, look.before)
    _write(look)
    recognition.note(look.installation, look.measured, look.before)
    if look.change is not None:
        if is_sure:
            drift.tell(look.installation, look.change, look.findings, look.before, proved_at)
    elif is_proved(look.findings) and _status(look, "role_permissions") != Status.WAITING:
        _tell_proved(look)
    elif _is_unsafe(look) and look.before.event is None:
        _event(look, Event.Kind.ROLE_UNSAFE)
    if _is_renewed(look):
        renewal.note(look.installation)
    if _has_all(look):
        handover.close(look.installation)


def _tell_proved(look: Look) -> None:
    installation, before = look.installation, look.before
    if not installation.check_results.of_account().seen_in_aws().exists():
        Operation.request(installation, Operation.Kind.CHECK_ACCOUNT)
    permissions = _status_of(look.by_own_version, "role_permissions")
    is_same = before.said("version") == str(look.version) and (
        before.said("permissions") in HOLDS or permissions not in HOLDS
    )
    if before.was_proved and is_same:
        return
    _event(
        look,
        Event.Kind.ROLE_PROVED,
        version=look.version,
        permissions=permissions,
        looks=[{"at": each.at.isoformat(), **each.request_ids} for each in look.probes],
    )
    if not before.was_known_safe and look.waited > WORTH_A_MAIL:
        notify(ROLE_PROVED, installation)


def _event(look: Look, kind: Event.Kind, **data: Any) -> None:
    Event.objects.create(
        organization=look.installation.organization,
        installation=look.installation,
        kind=kind,
        data={"account_id": look.installation.aws_account_id} | data,
    )

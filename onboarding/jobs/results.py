"""Writes down what a check found."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from onboarding.aws.check import Finding, Fix
from onboarding.aws.explain import Explanation
from onboarding.jobs import alarm
from onboarding.models import CheckResult, Operation


def write(
    operation: Operation,
    *,
    code: str,
    title: str,
    blocking: bool,
    position: int,
    relies_on: Iterable[str],
    finding: Finding,
) -> None:
    """Store one finding, unless this worker has lost its lease (`LostLease`)."""
    # Those the job was started with, not those of a later save.
    answers = operation.installation.answers()
    values = finding_data(finding) | {
        "title": title,
        "position": position,
        "blocking": blocking,
        "relied_on": {name: answers[name] for name in relies_on},
        "source": CheckResult.Source.AWS,
        "checked_at": timezone.now(),
    }
    with transaction.atomic():
        operation.hold()
        # A role is looked for every few seconds: one fault of ours is told of once.
        is_known = (
            finding.report is not None
            and CheckResult.objects.filter(
                installation=operation.installation, code=code, report__code=finding.report.code
            ).exists()
        )
        CheckResult.objects.update_or_create(
            installation=operation.installation,
            code=code,
            defaults=values | {"attempts": F("attempts") + 1},
            create_defaults=values,
        )
    if finding.report and not is_known:
        alarm.raise_if_ours(operation, finding.turn, finding.report)


def finding_data(finding: Finding) -> dict[str, Any]:
    """The finding as the columns of its result."""
    return {
        "status": finding.status,
        "saw": finding.saw,
        "needed": finding.needed,
        "cause": finding.cause,
        "turn": finding.turn,
        "fix": fix_data(finding.fix),
        "report": asdict(finding.report) if finding.report else {},
        "request_ids": list(finding.request_ids),
    }


def fix_data(fix: Fix) -> dict[str, Any]:
    """The fix as plain JSON data; `offer` is there only where the portal can carry it out."""
    data = asdict(fix) | {"steps": list(fix.steps)}
    if fix.offer is None:
        del data["offer"]
    return data


def in_short(explanation: Explanation) -> str:
    """Why a call failed and the first thing to do; once where the step repeats the cause."""
    cause, first = explanation.cause, "".join(explanation.fix.steps[:1])
    return first if first.startswith(cause) else f"{cause} {first}".strip()


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain JSON data, for an operation that failed."""
    return asdict(explanation) | {"fix": fix_data(explanation.fix)}

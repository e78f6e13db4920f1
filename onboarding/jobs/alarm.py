"""Tells the vendor that a call of AWS failed by a fault of the portal's own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog

from onboarding.aws.check import Report, Turn
from onboarding.models import Operation

log = structlog.get_logger(__name__)


def raise_if_ours(operation: Operation, turn: str, report: Report | Mapping[str, Any]) -> None:
    """Log the error `aws_misconfigured`, which pages the vendor, when it is support's turn.

    The customer is told that there is nothing to do: so somebody else must know.
    """
    if turn != Turn.SUPPORT:
        return
    told = asdict(report) if isinstance(report, Report) else report
    log.error(
        "aws_misconfigured",
        operation=str(operation.pk),
        kind=operation.kind,
        installation=str(operation.installation_id),
        action=told["action"],
        region=told["region"],
        code=told["code"],
        aws_request_id=told["request_id"],
        said=told["said"],
    )

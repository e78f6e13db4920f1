"""Writes down how a quota request stands, and tells who must know, in one transaction."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from onboarding.jobs import turn
from onboarding.models import Event, Operation, QuotaRequest
from onboarding.notifications import (
    QUOTA_GRANTED,
    QUOTA_GRANTED_LESS,
    QUOTA_REFUSED,
    QUOTA_UNANSWERED,
    notify,
)

State = QuotaRequest.State
MAILS = {
    State.GRANTED: QUOTA_GRANTED,
    State.GRANTED_LESS: QUOTA_GRANTED_LESS,
    State.REFUSED: QUOTA_REFUSED,
}
OF_NO_ACCOUNT = (State.NOT_ASKED, State.UNWATCHED)
"""They change nothing in the customer's account."""


def store(operation: Operation, request: QuotaRequest, changes: dict[str, Any]) -> None:
    """Store `changes` of the row, unless this worker has lost its lease (`LostLease`)."""
    was_state, was_granted = request.state, request.granted
    if changes.get("state", was_state) != was_state:
        changes = changes | {"state_since": timezone.now()}
    for name, value in changes.items():
        setattr(request, name, value)
    with transaction.atomic():
        operation.hold()
        if request.state != was_state:
            _tell(operation, request, was_state)
        request.save(update_fields=[*changes, "decided_at"])
        news = request.state != was_state or request.granted != was_granted
        if news and request.state not in OF_NO_ACCOUNT and operation.installation.is_open:
            # What AWS was asked and what it gave shows in the checks, without anybody asking.
            Operation.request(operation.installation, Operation.Kind.CHECK_ACCOUNT)
        turn.settle(operation.installation)


def _tell(operation: Operation, request: QuotaRequest, was: str) -> None:
    if was == State.TO_ASK and request.aws_request_id:
        _record(operation, request, Event.Kind.QUOTA_REQUESTED)
    if request.state in MAILS:
        request.decided_at = timezone.now()
        if request.aws_request_id:  # else the quota was there before anybody asked
            _record(operation, request, Event.Kind.QUOTA_DECIDED)
            notify(MAILS[State(request.state)], operation.installation, quota=request)
    elif request.state == State.UNWATCHED and _still_wanted(operation, request):
        notify(QUOTA_UNANSWERED, operation.installation, quota=request)


def _still_wanted(operation: Operation, request: QuotaRequest) -> bool:
    """Not so once the installation was cancelled or moved to another account."""
    installation = operation.installation
    return installation.is_open and installation.aws_account_id == request.aws_account_id


def _record(operation: Operation, request: QuotaRequest, kind: Event.Kind) -> None:
    asked = kind == Event.Kind.QUOTA_REQUESTED
    what = f"{request.quota_name} in {request.region}"
    if asked and request.was_found:
        note = f"{what}: a request for {request.desired} was open at AWS already."
    elif asked:
        note = f"{what}: {request.desired}."
    else:
        note = f"{what}: asked for {request.desired}, now {request.granted}."
    Event.objects.create(
        organization=operation.installation.organization,
        installation=operation.installation,
        kind=kind,
        by=request.by if asked else None,
        note=note,
        data={"quota": request.quota_code, "region": request.region, "state": request.state},
    )

"""Turns the opt-in Region on with the role, where the role may, and waits until AWS is done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from onboarding.aws.account import connect
from onboarding.aws.actions.enable_region import ON, by_hand, enable_region
from onboarding.aws.errors import AwsError
from onboarding.aws.explain import explain
from onboarding.jobs import turn
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.results import explanation_data, in_short
from onboarding.jobs.session import session_name
from onboarding.models import Event, Operation, Status
from onboarding.notifications import REGION_ENABLED, notify

PACES = (
    # since it was asked for, and how long to wait until the next look
    (timedelta(minutes=2), timedelta(seconds=10)),
    (timedelta(minutes=10), timedelta(seconds=30)),
    (timedelta(hours=1), timedelta(minutes=2)),
)
SELDOM = timedelta(minutes=10)
GIVE_UP = timedelta(hours=24)
TAKES_LONG = (
    "AWS has been turning {region} on for a day. Look at the Region in the AWS console, "
    "or ask AWS Support."
)


def run(operation: Operation) -> timedelta | None:
    region = str(operation.data["region"])
    if not _is_wanted(operation, region):
        operation.finish()
        return None
    waited = timezone.now() - _since(operation)
    try:
        status = _enable(operation, region)
    except AwsError as error:
        if not error.retryable:
            _fail(operation, region, error)
            return None
        # AWS is busy: at work on the Region or not, it is asked again.
        status = str(operation.data.get("status", ""))
    if status in ON:
        _done(operation, region)
        return None
    if waited > GIVE_UP:
        operation.fail(TAKES_LONG.format(region=region))
        return None
    wait = next((wait for age, wait in PACES if waited < age), SELDOM)
    with transaction.atomic():
        operation.again(wait, _left(operation, status))
        if status and status != operation.data.get("status"):
            # The check says then that it is AWS's turn.
            Operation.request(operation.installation, Operation.Kind.CHECK_ACCOUNT)
    return wait


def _is_wanted(operation: Operation, region: str) -> bool:
    """Not so once the installation was cancelled, or moved to another account or Region."""
    installation = operation.installation
    return (
        installation.status != Status.CANCELLED
        and installation.region == region
        and installation.aws_account_id == operation.data["account"]
    )


def _enable(operation: Operation, region: str) -> str:
    installation = operation.installation
    log = CallLog(installation)
    try:
        account = connect(
            installation.aws_account_id,
            installation.organization.reveal_external_id(),
            region,
            former=installation.organization.reveal_former_external_id(),
            record=log,
            session_name=session_name(operation),
        )
        return enable_region(account, region)
    finally:
        log.write()


def _since(operation: Operation) -> datetime:
    """When it was first asked for: the operation's own time starts anew when somebody hurries it."""
    since = operation.data.get("since")
    return datetime.fromisoformat(since) if since else operation.created_at


def _left(operation: Operation, status: str) -> dict[str, Any]:
    """What the next run and the page are told."""
    return operation.data | {
        "status": status,
        "since": _since(operation).isoformat(),
        "looked_at": timezone.now().isoformat(),
    }


def _fail(operation: Operation, region: str, error: AwsError) -> None:
    why = explain(error)
    problem = f"We could not turn {region} on. {in_short(why)}"
    operation.fail(problem, explanation=explanation_data(replace(why, fix=by_hand(region))))


def _done(operation: Operation, region: str) -> None:
    """The Region is on: say so, and have the account checked again."""
    installation = operation.installation
    with transaction.atomic():
        operation.hold()
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=Event.Kind.REGION_ENABLED,
            note=f"{region}.",
            data={"region": region},
        )
        if "since" in operation.data:  # else it was on at the first look
            notify(REGION_ENABLED, installation, region=region)
        if installation.is_open:
            Operation.request(installation, Operation.Kind.CHECK_ACCOUNT)
        operation.finish()
        turn.settle(installation)

"""Asks AWS for the quotas a customer wants raised, and looks for days until AWS has decided.

The rows are the truth: what AWS was asked is found again there, so a worker that dies between the
call and the write asks nothing twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from onboarding.aws import console
from onboarding.aws.account import Account, connect
from onboarding.aws.actions.ask_quota import Quota, applied, ask, by_hand, look
from onboarding.aws.actions.ask_quota import Request as Asked
from onboarding.aws.errors import AwsError, Expired, Misconfigured
from onboarding.aws.explain import explain
from onboarding.aws.quota_answers import answer
from onboarding.jobs import quota_news
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.results import fix_data, in_short
from onboarding.jobs.session import session_name
from onboarding.models import UNDECIDED, Operation, QuotaRequest, Status

State = QuotaRequest.State
Changes = dict[str, Any]
"""Fields of the row, and what they become."""

PACES = (
    # since AWS was asked, and how long to wait until the next look
    (timedelta(minutes=2), timedelta(seconds=30)),
    (timedelta(minutes=10), timedelta(minutes=2)),
    (timedelta(hours=1), timedelta(minutes=10)),
    (timedelta(days=1), timedelta(hours=1)),
)
SELDOM = timedelta(hours=6)
GIVE_UP = timedelta(days=30)
OUR_SIDE = "We could not ask AWS in 30 days. Ask AWS yourself."
NO_ANSWER = "AWS has not decided in 30 days, so we look no longer. Look at the request in AWS."
CANCELLED = "The installation was cancelled, so we look no longer."
OTHER_ACCOUNT = "The installation has another AWS account now, so we look no longer."


def run(operation: Operation) -> timedelta | None:
    installation = operation.installation
    log = CallLog(installation)
    external_id = installation.organization.reveal_external_id()
    former = installation.organization.reveal_former_external_id()

    @cache
    def enter(region: str) -> Account:
        return connect(
            installation.aws_account_id,
            external_id,
            region,
            former=former,
            record=log,
            session_name=session_name(operation),
        )

    seen = list(installation.quota_requests.undecided())
    try:
        for request in seen:
            quota_news.store(operation, request, _changes(operation, request, enter))
    finally:
        log.write()
    return _sleep(operation, {request.pk for request in seen})


def _changes(
    operation: Operation, request: QuotaRequest, enter: Callable[[str], Account]
) -> Changes:
    """What one look, or the asking itself, makes of the row."""
    installation = operation.installation
    if installation.status == Status.CANCELLED:
        return {"state": State.UNWATCHED, "problem": CANCELLED}
    if installation.aws_account_id != request.aws_account_id:
        return {"state": State.UNWATCHED, "problem": OTHER_ACCOUNT}
    quota = Quota(request.service_code, request.quota_code, request.desired)
    try:
        account = enter(request.region)
        if request.state == State.TO_ASK:
            changes = _asked(account, request, quota)
        else:
            changes = _looked(account, request, quota)
    except AwsError as error:
        changes = _not_answered(request, quota, error)
    if (
        changes.get("state", request.state) in UNDECIDED
        and timezone.now() - _since(request) > GIVE_UP
    ):
        return changes | _given_up(request, quota)
    return changes


def _asked(account: Account, request: QuotaRequest, quota: Quota) -> Changes:
    now = applied(account, quota)
    changes: Changes = {"before": now.value, "quota_name": (now.name or request.quota_name)[:120]}
    if now.value >= quota.desired:
        return changes | _standing(request, None, now.value, before=now.value)
    asked = ask(account, quota)
    wanted = Quota(quota.service, quota.code, asked.desired)
    changes |= {
        "aws_request_id": asked.id,
        "asked_at": asked.asked_at,
        "desired": asked.desired,
        "by": request.by if asked.by_role else None,
        "fix": _where(request, wanted, asked.case_id),
    }
    return changes | _standing(request, asked, now.value, before=now.value, desired=asked.desired)


def _looked(account: Account, request: QuotaRequest, quota: Quota) -> Changes:
    asked = look(account, quota, request.aws_request_id)
    value = applied(account, quota).value
    changes = _standing(request, asked, value, before=request.before or 0)
    return changes | {"fix": _where(request, quota, changes["case_id"])}


def _standing(
    request: QuotaRequest,
    asked: Asked | None,
    value: int,
    *,
    before: int,
    desired: int | None = None,
) -> Changes:
    now = timezone.now()
    decided = answer(asked, value=value, before=before, desired=desired or request.desired, now=now)
    return {
        "state": State(decided.value),
        "granted": value if value > before or decided.value not in UNDECIDED else None,
        "case_id": (asked.case_id if asked else "") or request.case_id,
        "checked_at": now,
        "problem": "",
    }


def _where(request: QuotaRequest, quota: Quota, case_id: str) -> Changes:
    """The case at AWS Support where there is one, else the quota."""
    if case_id:
        return {"link": console.support_case(case_id), "link_label": f"Open case {case_id} in AWS"}
    fix = by_hand(quota, request.region)
    return {"link": fix.link, "link_label": fix.link_label}


def _not_answered(request: QuotaRequest, quota: Quota, error: AwsError) -> Changes:
    """A row is never lost over an error: what was asked stays asked, and is looked at again."""
    why = explain(error)
    if request.state != State.TO_ASK:
        return {"problem": f"We could not look just now. {why.cause}"}
    if error.retryable or isinstance(error, Expired | Misconfigured):
        return {"problem": f"We could not ask AWS yet. {why.cause}"}
    return {
        "state": State.NOT_ASKED,
        "problem": in_short(why),
        "fix": fix_data(by_hand(quota, request.region)),
    }


def _given_up(request: QuotaRequest, quota: Quota) -> Changes:
    if request.state == State.TO_ASK:
        fix = fix_data(by_hand(quota, request.region))
        return {"state": State.NOT_ASKED, "problem": OUR_SIDE, "fix": fix}
    return {"state": State.UNWATCHED, "problem": NO_ANSWER}


def _since(request: QuotaRequest) -> datetime:
    return request.asked_at or request.created_at


def _sleep(operation: Operation, seen: set[int]) -> timedelta | None:
    """Wait for the next look; not at all where somebody asked for more meanwhile."""
    with transaction.atomic():
        operation.hold()
        waiting = list(operation.installation.quota_requests.undecided())
        if not waiting:
            operation.finish()
            return None
        wait = min(pace(request) if request.pk in seen else timedelta(0) for request in waiting)
        operation.again(wait, {})
        return wait


def pace(request: QuotaRequest) -> timedelta:
    """Often while somebody may be watching, seldom once a person at AWS has to look."""
    waited = timezone.now() - _since(request)
    return next((wait for age, wait in PACES if waited < age), SELDOM)

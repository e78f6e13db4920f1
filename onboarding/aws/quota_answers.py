"""What AWS has decided on a request for a quota, told from the request and from the quota itself.

The quota counts: AWS closes a case without saying in the API what came of it, at times grants less
than was asked, and raises the value some minutes after it has approved.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.aws.actions.ask_quota import Request

LAG = timedelta(hours=1)
"""For so long after a decision that may mean yes, a value that has not risen is waited for."""
MAY_MEAN_YES = frozenset({"APPROVED", "CASE_CLOSED"})
# DENIED, NOT_APPROVED and INVALID_REQUEST are the rest of Service Quotas' RequestStatus.


class Answer(StrEnum):
    OPEN = "open"
    CASE_OPENED = "case_opened"
    GRANTED = "granted"
    GRANTED_LESS = "granted_less"
    REFUSED = "refused"


def answer(
    request: Request | None, *, value: int, before: int, desired: int, now: datetime
) -> Answer:
    """`value` is the quota now, `before` what it was when AWS was asked for `desired`.

    None is a request that AWS keeps no longer: then the value alone tells.
    """
    if value >= desired:
        return Answer.GRANTED
    if request is None:
        return Answer.GRANTED_LESS if value > before else Answer.OPEN
    if request.status == "CASE_OPENED":
        return Answer.CASE_OPENED
    if request.status == "PENDING":
        return Answer.OPEN
    if value > before:
        return Answer.GRANTED_LESS
    if request.status in MAY_MEAN_YES and now - request.changed_at < LAG:
        return Answer.CASE_OPENED if request.case_id else Answer.OPEN
    return Answer.GRANTED_LESS if request.status == "APPROVED" else Answer.REFUSED

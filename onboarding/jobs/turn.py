"""Whose turn it is, since when, and what is promised until when.

The status says most of it. While the answers are the customer's, AWS may have the turn: when a quota
or a Region that was asked for is undecided, and nothing else is left for the customer to do.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format

from onboarding.models import (
    EDITABLE,
    CheckResult,
    Installation,
    Operation,
    Status,
    Turn,
    turn_of,
)

A_DAY = timedelta(days=1)
SATURDAY = 5
S, T = Status, Turn


@transaction.atomic
def settle(installation: Installation) -> None:
    """Keep `waits_for` and `waits_since`. Call it in the transaction of what may change them.

    Reads the rows as they are now, one at a time, and writes only where the turn passes on.
    """
    list(Installation.objects.select_for_update().filter(pk=installation.pk).values_list("pk"))
    now = Installation.objects.with_everything().get(pk=installation.pk)
    if now.status not in EDITABLE:
        return  # follows from the status, and is set with it
    turn = T.AWS if _waits_for_aws(now) else T.CUSTOMER
    same = Installation.objects.filter(pk=now.pk, status=now.status)
    same.exclude(waits_for=turn).update(waits_for=turn, waits_since=Now())
    installation.refresh_from_db(fields=["waits_for", "waits_since"])


def _waits_for_aws(installation: Installation) -> bool:
    """Whether all that stops the installation from being submitted is AWS's to decide."""
    if any(not wish.resolved_at for wish in installation.change_requests.all()):
        return False
    if not _is_answered(installation):
        return False
    answers = installation.answers()
    results = list(installation.check_results.all())
    if not results or any(result.is_stale(answers) for result in results):
        return False
    let_pass = installation.overrides_that_hold()
    stopping = [result for result in results if result.stops and result.code not in let_pass]
    asked = _asked_of_aws(installation)
    return bool(asked and stopping) and all(_is_awss(result, asked) for result in stopping)


def _is_answered(installation: Installation) -> bool:
    """The questions that have no answer to begin with. A peering needs its VPCs."""
    asked = (
        installation.aws_account_id,
        installation.account_is_dedicated,
        installation.status_page_subscribed,
        installation.domains_allowed,
        installation.cluster_name,
        installation.connectivity,
    )
    peering = installation.connectivity == Installation.Connectivity.PEERING
    return all(asked) and (not peering or bool(installation.peers.all()))


def _asked_of_aws(installation: Installation) -> set[tuple[str, str]]:
    """What AWS has still to decide, as (quota or nothing, Region)."""
    quotas = {
        (request.quota_code, request.region)
        for request in installation.quota_requests.all()
        if request.is_undecided and request.aws_account_id == installation.aws_account_id
    }
    enabling = _enabling(installation).values_list("data", flat=True)
    return quotas | {("", str(data.get("region", ""))) for data in enabling}


def _enabling(installation: Installation) -> QuerySet[Operation]:
    found: QuerySet[Operation] = installation.operations.unfinished().filter(
        kind=Operation.Kind.ENABLE_REGION
    )
    return found


def _is_awss(result: CheckResult, asked: set[tuple[str, str]]) -> bool:
    """AWS has been asked for what puts it right: the check says so, or what it offered was taken."""
    if result.turn == "aws":
        return True
    data = (result.fix.get("offer") or {}).get("data") or {}
    region = data.get("region") or result.relied_on.get("region") or ""
    return (data.get("code", ""), region) in asked


@dataclass(frozen=True)
class Promise:
    """What the side whose turn it is will do. `until`: at the latest; None where nobody promises."""

    what: str
    """A sentence, without the time: `Support starts its review`."""
    until: datetime | None = None
    is_overdue: bool = False

    @property
    def when(self) -> str:
        """`Thursday 27 November, 14:00 UTC`; the end of a day is called so."""
        if self.until is None:
            return ""
        until = self.until.astimezone(UTC)
        if until.time() == time.min:
            return f"the end of {date_format(until - A_DAY, 'l j F')} UTC"
        return date_format(until, "l j F, H:i") + " UTC"

    @property
    def sentence(self) -> str:
        if self.until is None:
            return f"{self.what}." if self.what else ""
        if self.is_overdue:
            return f"{self.what} later than promised: it was due by {self.when}."
        return f"{self.what} by {self.when}."


PROMISED: dict[Status, str] = {
    S.SUBMITTED: "Support starts its review",
    S.IN_REVIEW: "Support answers",
    S.BUILDING: "Support reports the cluster",
    S.FAILED: "Support says how it goes on",
}
"""What support owes in each status. How many working days it takes: `settings.PROMISED_DAYS`."""


def promise(installation: Installation, now: datetime | None = None) -> Promise:
    """Asks the database nothing, so that a list may say it of every row."""
    status = S(installation.status)
    if status in PROMISED:
        until = working_days_after(installation.status_since, settings.PROMISED_DAYS[status.value])
        return Promise(PROMISED[status], until, until < (now or timezone.now()))
    if installation.waits_for == T.AWS:
        return Promise("AWS decides, which takes hours and at times days. We look and e-mail you")
    if status == S.READY:
        return Promise("Once you confirm, the installation is done")
    if turn_of(status) == T.CUSTOMER:
        again = " again" if status == S.CHANGES_REQUESTED else ""
        return Promise(f"Once you submit{again}, support starts its review within {review_takes()}")
    return Promise("")


def review_takes() -> str:
    """Until support begins: `one working day`."""
    days = settings.PROMISED_DAYS["submitted"]
    return "one working day" if days == 1 else f"{days} working days"


def working_days_after(start: datetime, days: int) -> datetime:
    """The same time of day `days` working days later; Monday to Friday, in UTC, no holidays.

    What begins on a weekend counts from the beginning of Monday.
    """
    at = _off_weekend(start.astimezone(UTC))
    for _ in range(days):
        at += A_DAY
        while at.weekday() >= SATURDAY:
            at += A_DAY
    return at


def working_days_before(end: datetime, days: int) -> datetime:
    """The latest start whose `days` working days are over at `end`, to look rows up by."""
    at = end.astimezone(UTC)
    if at.weekday() >= SATURDAY:  # what was due over the weekend was due at the end of Friday
        at = datetime.combine(at.date() - (at.weekday() - 4) * A_DAY, time.max, UTC)
    for _ in range(days):
        at -= A_DAY
        while at.weekday() >= SATURDAY:
            at -= A_DAY
    return at


def _off_weekend(at: datetime) -> datetime:
    if at.weekday() < SATURDAY:
        return at
    return datetime.combine(at.date() + (7 - at.weekday()) * A_DAY, time.min, UTC)

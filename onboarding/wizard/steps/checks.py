"""Step 5: the account can carry the cluster."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from onboarding.aws.checks import CHECKS
from onboarding.jobs.check_account import wish_of
from onboarding.models import (
    CheckResult,
    Installation,
    Operation,
    Override,
    QuotaRequest,
    newest_of_each,
)
from onboarding.wizard.step import Answer, Step

Status = CheckResult.Status
A_MOMENT = timedelta(seconds=1)
"""The results on a page may have been read just before the run ended."""
LONG = timedelta(minutes=2)
"""A run that took longer has waited for a worker: the time says nothing about the checks."""


@dataclass(frozen=True)
class Row:
    """One check on the page."""

    title: str
    result: CheckResult | None
    is_stale: bool
    is_settled: bool
    is_running: bool
    override: Override | None = None
    """Support let it pass, and said why."""

    @property
    def counts(self) -> bool:
        """Whether it tells something about the account as it is answered now."""
        return self.result is not None and not self.is_stale

    @property
    def is_reported(self) -> bool:
        return self.result is not None and self.result.source == CheckResult.Source.REPORTED

    @property
    def is_answered(self) -> bool:
        return self.result is not None and self.result.status != Status.COULD_NOT_CHECK

    @property
    def has_passed(self) -> bool:
        return self.counts and self.result is not None and self.result.status == Status.PASSED

    @property
    def stops(self) -> bool:
        if self.override is not None:
            return False
        return self.counts and self.result is not None and self.result.stops

    @property
    def rank(self) -> int:
        """What needs somebody comes first. A row stays where it is while it is looked at again."""
        if self.result is None or self.is_stale:
            return 3
        if self.stops:
            return 0 if self.result.status == Status.FAILED else 1
        return 3 if self.result.status == Status.PASSED else 2


def account_rows(installation: Installation, run: Operation | None = None) -> list[Row]:
    """The checks, in their order. `run`: the newest, which may be under way."""
    answers, wish = installation.answers(), wish_of(installation)
    overrides = installation.overrides_that_hold()
    found = {result.code: result for result in installation.check_results.all()}
    return [
        Row(
            title=check.titled(wish),
            result=(result := found.get(check.code)),
            is_stale=bool(result and result.is_stale(answers)),
            is_settled=(settled := bool(result and result.is_settled(answers))),
            is_running=_is_asked(run, result, settled),
            override=overrides.get(check.code) if result and result.stops else None,
        )
        for check in CHECKS
    ]


def _is_asked(run: Operation | None, result: CheckResult | None, settled: bool) -> bool:
    """Whether the run under way has still to tell about this check."""
    if run is None or not _goes_on(run):
        return False
    if result is not None and result.checked_at >= run.created_at:
        return False
    return not settled or bool(run.data.get("everything"))


def _goes_on(run: Operation) -> bool:
    return run.finished_at is None or (
        run.state == Operation.State.DONE and timezone.now() - run.finished_at < A_MOMENT
    )


def is_checked(installation: Installation) -> bool:
    """Every check was made in AWS, with the answers as they are, and none stops."""
    return all(
        row.counts and not row.is_reported and not row.stops for row in account_rows(installation)
    )


def role_results(installation: Installation) -> list[CheckResult]:
    """What was proved of the role, with the answers as they are."""
    answers = installation.answers()
    return [
        result
        for result in installation.check_results.all()
        if result.code.startswith("role_") and not result.is_stale(answers)
    ]


def tally(installation: Installation) -> tuple[int, int]:
    """How many passed in AWS, of how many. What is proved of the role counts as one of them."""
    proofs = role_results(installation)
    safe = bool(proofs) and all(proof.status == Status.PASSED for proof in proofs)
    rows = account_rows(installation)
    passed = sum(row.has_passed and not row.is_reported for row in rows)
    return passed + safe, len(rows) + 1


def context(installation: Installation) -> dict[str, Any]:
    runs = installation.operations.filter(kind=Operation.Kind.CHECK_ACCOUNT)
    run = runs.order_by("-created_at").first()
    rows = account_rows(installation, run)
    proofs = role_results(installation)
    passed, total = tally(installation)
    stopping = [row.result for row in rows if row.result and row.stops and not row.is_reported]
    return {
        "rows": sorted(rows, key=lambda row: row.rank),
        "proofs": proofs,
        "proofs_left": [proof for proof in proofs if proof.status != Status.PASSED],
        "is_looking": any(row.is_running for row in rows),
        "passed": passed,
        "total": total,
        "needs_you": _things(result for result in stopping if result.turn == "customer"),
        "needs_others": _things(result for result in stopping if result.turn != "customer"),
        "warnings": sum(row.counts and row.rank == 2 for row in rows),
        "stale": sum(row.is_stale for row in rows),
        "reported": sum(row.is_reported for row in rows),
        "answered": sum(row.is_reported and row.is_answered for row in rows),
        "left": sum(not row.is_settled for row in rows),
        "is_checked": is_checked(installation),
        "quota_requests": quota_requests(installation),
        **_last_run(rows, run),
    }


def _things(results: Iterable[CheckResult]) -> int:
    """How many things are to do: what puts one result right may put others right too."""
    return len({result.remedy for result in results})


def _last_run(rows: list[Row], run: Operation | None) -> dict[str, Any]:
    """When AWS was last asked, and how many seconds the answers took."""
    seen = [row.result.checked_at for row in rows if row.result and not row.is_reported]
    at: datetime | None = max(seen, default=None)
    if not at or not run or not run.finished_at or run.state != Operation.State.DONE:
        return {"last_run": at, "took": None}
    took = run.finished_at - run.created_at
    return {"last_run": at, "took": took.total_seconds() if took < LONG else None}


def quota_requests(installation: Installation) -> list[QuotaRequest]:
    """Of every quota of the account what was last asked of AWS."""
    account_id = installation.aws_account_id
    return [
        each
        for each in newest_of_each(installation.quota_requests.all())
        if each.aws_account_id == account_id
    ]


def lines(installation: Installation) -> list[Answer]:
    passed, total = tally(installation)
    return [Answer("checks", "Account checks", f"{passed} of {total} passed")]


STEP = Step(
    slug="checks",
    title="Check your account",
    subtitle="Quotas and more",
    complete=is_checked,
    context=context,
    lines=lines,
    needs=("account", "cluster", "access"),
    live=True,
)

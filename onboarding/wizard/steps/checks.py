"""Step 5: the account can carry the cluster."""

from typing import Any

from onboarding.aws.checks import CHECKS
from onboarding.models import CheckResult, Installation, QuotaRequest, newest_of_each
from onboarding.wizard.step import Answer, Step


def account_results(installation: Installation) -> dict[str, CheckResult]:
    codes = {check.code for check in CHECKS}
    return {
        result.code: result for result in installation.check_results.all() if result.code in codes
    }


def is_checked(installation: Installation) -> bool:
    """Every check has a fresh result, and none that blocks."""
    answers = installation.answers()
    results = account_results(installation)
    return all(
        check.code in results
        and not results[check.code].is_stale(answers)
        and not results[check.code].stops
        for check in CHECKS
    )


def context(installation: Installation) -> dict[str, Any]:
    answers = installation.answers()
    found = account_results(installation)
    rows = [
        {
            "check": check,
            "result": (result := found.get(check.code)),
            "is_stale": bool(result and result.is_stale(answers)),
        }
        for check in CHECKS
    ]
    fresh = [result for result in found.values() if not result.is_stale(answers)]
    return {
        "rows": rows,
        "passed": sum(result.status == CheckResult.Status.PASSED for result in fresh),
        "stopping": sum(result.stops for result in fresh),
        "stale": len(found) - len(fresh),
        "last_run": max((result.checked_at for result in fresh), default=None),
        "is_checked": is_checked(installation),
        "quota_requests": quota_requests(installation),
    }


def quota_requests(installation: Installation) -> list[QuotaRequest]:
    """Of every quota of the account what was last asked of AWS."""
    account_id = installation.aws_account_id
    return [
        each
        for each in newest_of_each(installation.quota_requests.all())
        if each.aws_account_id == account_id
    ]


def lines(installation: Installation) -> list[Answer]:
    answers = installation.answers()
    passed = sum(
        result.status == CheckResult.Status.PASSED and not result.is_stale(answers)
        for result in account_results(installation).values()
    )
    return [Answer("checks", "Account checks", f"{passed} of {len(CHECKS)} passed")]


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

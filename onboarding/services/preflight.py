"""Taking a pre-flight report in: the checks judge it, and what they find is kept as reported."""

from django.db import transaction
from django.utils import timezone

from onboarding.aws.check import Check, Finding
from onboarding.aws.checks import CHECKS
from onboarding.aws.reported import ReportedAccount
from onboarding.aws.run import run_checks
from onboarding.facts.preflight import Preflight
from onboarding.jobs.check_account import FIRST, wish_of
from onboarding.jobs.results import finding_data
from onboarding.models import CheckResult, Event, Installation, User

NEVER_REPORTED = "NeverReported"
"""Of a check that needs what only the role can see: its row stays as it is."""


def report(installation: Installation, preflight: Preflight, *, by: User) -> int:
    """Judge and keep what was reported; gives how many checks it answers.

    Nothing is asked of AWS. Where a check has a result that was seen in AWS with the answers as
    they are, that one stays.
    """
    account, wish = ReportedAccount(preflight), wish_of(installation)
    found = {
        check: finding
        for check, finding in run_checks(account, wish, CHECKS)
        if finding.report is None or finding.report.code != NEVER_REPORTED
    }
    with transaction.atomic():
        kept = _keep(installation, found)
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=Event.Kind.PREFLIGHT_REPORTED,
            by=by,
            data={"made_at": preflight.made_at.isoformat(), "checks": kept},
        )
    return kept


def _keep(installation: Installation, found: dict[Check, Finding]) -> int:
    """A worker may be writing what it sees at this moment: its result wins, whoever is first."""
    answers, wish, now = installation.answers(), wish_of(installation), timezone.now()
    results = CheckResult.objects.select_for_update().filter(installation=installation)
    stored = {one.code: one for one in results}
    new, changed = [], []
    for check, finding in found.items():
        result = stored.get(check.code)
        if result and result.source == CheckResult.Source.AWS and not result.is_stale(answers):
            continue
        values = finding_data(finding) | {
            "title": check.titled(wish),
            "position": FIRST + CHECKS.index(check),
            "blocking": check.blocking,
            "relied_on": {name: answers[name] for name in check.relies_on},
            "source": CheckResult.Source.REPORTED,
            "checked_at": now,
        }
        if result is None:
            new.append(CheckResult(installation=installation, code=check.code, **values))
            continue
        for name, value in values.items():
            setattr(result, name, value)
        changed.append(result)
    CheckResult.objects.bulk_create(new, ignore_conflicts=True)
    if changed:
        CheckResult.objects.bulk_update(changed, [*values])
    return sum(result.status != CheckResult.Status.COULD_NOT_CHECK for result in (*new, *changed))

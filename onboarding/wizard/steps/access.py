"""Step 4: the role exists, opens with the external ID, and for nobody else."""

import json
from typing import Any

from django.template.defaultfilters import date
from django.utils.html import format_html

from onboarding.facts import ROLE_NAME
from onboarding.forms.credentials import CredentialsForm
from onboarding.jobs import drift
from onboarding.jobs.edition import in_effect, standing_of
from onboarding.models import CheckResult, Installation, Status
from onboarding.policy import document, shell
from onboarding.wizard.step import Answer, Step
from onboarding.wizard.ways import handovers_for

Found = CheckResult.Status

PROOF_CODES = ("role_exists", "role_opens", "role_refuses_without", "role_refuses_wrong")
ROLE_CODES = (*PROOF_CODES, "role_permissions")


def role_results(installation: Installation) -> list[CheckResult]:
    """The four proofs and the permissions, as far as they were looked at, in their order."""
    return [result for result in installation.check_results.all() if result.code in ROLE_CODES]


def is_proved(installation: Installation) -> bool:
    """All four proofs hold, for the account as it is answered now: the role is safe.

    One that opens with the former external ID, while that is renewed, only warns.
    """
    return _fresh(installation, Found.PASSED, Found.WARNING) >= set(PROOF_CODES)


def is_complete(installation: Installation) -> bool:
    """The role is safe, and may do at least what was published."""
    enough = _fresh(installation, Found.PASSED, Found.WARNING)
    return is_proved(installation) and "role_permissions" in enough


def has_former(installation: Installation) -> bool:
    """The role opens with the former external ID still: it is to be updated."""
    return any(
        result.code == "role_opens" and result.status == Found.WARNING
        for result in role_results(installation)
    )


def _fresh(installation: Installation, *statuses: str) -> set[str]:
    answers = installation.answers()
    return {
        result.code
        for result in role_results(installation)
        if result.status in statuses and not result.is_stale(answers)
    }


def context(installation: Installation) -> dict[str, Any]:
    answers = installation.answers()
    results = role_results(installation)
    edition = in_effect()
    proved = is_proved(installation)
    return {
        "results": [(result, result.is_stale(answers), _seen_at(result)) for result in results],
        "is_proved": proved,
        "is_complete": is_complete(installation),
        "is_unsafe": bool(_fresh(installation, Found.FAILED) & set(PROOF_CODES)),
        "proved_at": max(result.checked_at for result in results) if proved else None,
        "standing": drift.standing(installation),
        "role_version": standing_of(installation, edition),
        "can_look": installation.status != Status.CANCELLED,
        "credentials_form": CredentialsForm(),
        "script": shell.script(edition),
        "handovers": handovers_for(edition, installation),
        "edition": edition.line,
        "trust_policy": trust_policy_to_fill_in(),
        "action_count": edition.action_count,
        "role_name": ROLE_NAME,
    }


def _seen_at(result: CheckResult) -> str:
    """In place of "Passed" on the first row: a script makes "12 s ago" of it."""
    if result.code != "role_exists" or result.status != Found.PASSED:
        return ""
    return format_html(
        '<span class="visually-hidden">Passed, </span><time data-ago datetime="{}">{} UTC</time>',
        result.checked_at.isoformat(),
        date(result.checked_at, "j M, H:i"),
    )


def trust_policy_to_fill_in() -> str:
    """The trust policy to paste, with a gap where the external ID goes: this page shows none."""
    gap = "astro-" + "a" * 32
    return json.dumps(document.trust_policy(gap), indent=2).replace(gap, "YOUR-EXTERNAL-ID")


def lines(installation: Installation) -> list[Answer]:
    proved = "Created and proved safe" if is_proved(installation) else "Not proved yet"
    if is_proved(installation) and not is_complete(installation):
        proved = "Proved safe; its permissions are not the published ones yet"
    elif is_complete(installation) and installation.policy_version:
        proved += f", permissions version {installation.policy_version}"
    return [Answer("role", "Cross-account role", proved)]


STEP = Step(
    slug="access",
    title="Give Astro access",
    subtitle="IAM role",
    complete=is_complete,
    context=context,
    lines=lines,
    needs=("account",),
    live=True,
)

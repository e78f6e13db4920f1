"""Step 4: the role exists, opens with the external ID, and for nobody else."""

import json
from typing import Any

from onboarding.facts import ROLE_NAME
from onboarding.forms.credentials import CredentialsForm
from onboarding.models import CheckResult, Installation
from onboarding.policy import document, shell
from onboarding.wizard.step import Answer, Step

ROLE_CODES = ("role_exists", "role_opens", "role_refuses_without", "role_refuses_wrong")


def role_results(installation: Installation) -> list[CheckResult]:
    """The four proofs, as far as they were made, in their order."""
    return [result for result in installation.check_results.all() if result.code in ROLE_CODES]


def is_proved(installation: Installation) -> bool:
    """All four proofs passed, for the account as it is answered now."""
    answers = installation.answers()
    passed = {
        result.code
        for result in role_results(installation)
        if result.status == CheckResult.Status.PASSED and not result.is_stale(answers)
    }
    return passed == set(ROLE_CODES)


def context(installation: Installation) -> dict[str, Any]:
    answers = installation.answers()
    return {
        "results": [(result, result.is_stale(answers)) for result in role_results(installation)],
        "is_proved": is_proved(installation),
        "is_unsafe": any(
            result.status == CheckResult.Status.FAILED and not result.is_stale(answers)
            for result in role_results(installation)
        ),
        "credentials_form": CredentialsForm(),
        "script": shell.script(),
        "trust_policy": trust_policy_to_fill_in(),
        "action_count": document.action_count(),
        "role_name": ROLE_NAME,
    }


def trust_policy_to_fill_in() -> str:
    """The trust policy to paste, with a gap where the external ID goes: this page shows none."""
    gap = "astro-" + "a" * 32
    return json.dumps(document.trust_policy(gap), indent=2).replace(gap, "YOUR-EXTERNAL-ID")


def lines(installation: Installation) -> list[Answer]:
    proved = "Created and proved safe" if is_proved(installation) else "Not proved yet"
    return [Answer("role", "Cross-account role", proved)]


STEP = Step(
    slug="access",
    title="Give Astro access",
    subtitle="IAM role",
    complete=is_proved,
    context=context,
    lines=lines,
    needs=("account",),
    live=True,
)

"""All there is to know about one installation, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from onboarding.admin.actions import open_actions
from onboarding.jobs import drift
from onboarding.models import ChangeRequest, CheckResult, Installation
from onboarding.wizard import flow, question_fields

EVENTS = 200
MAILS = 50
CALLS = 50
"""How many of each are shown, newest first."""


@dataclass(frozen=True)
class Finding:
    result: CheckResult
    is_stale: bool

    @property
    def state(self) -> str:
        """The icon and the colour of the row."""
        status: str = self.result.status
        warns = status == CheckResult.Status.FAILED and not self.result.blocking
        return "stale" if self.is_stale else "warning" if warns else status

    @property
    def word(self) -> str:
        return "Stale" if self.is_stale else self.result.get_status_display()

    @property
    def tone(self) -> str:
        tones = {"passed": "ok", "failed": "bad", "waiting": "run"}
        return tones.get(self.state, "warn")


@dataclass(frozen=True)
class Wish:
    request: ChangeRequest
    label: str


def dossier(installation: Installation) -> dict[str, Any]:
    whole = flow(installation)
    role, account = findings(installation)
    wishes = wished(installation)
    return {
        "installation": installation,
        "title": str(installation),
        "actions": open_actions(installation),
        "people": list(installation.organization.memberships.select_related("user")),
        "pages": [page for page in whole.pages if page.answers],
        "standing": drift.standing(installation),
        "role": role,
        "account": account,
        "open_wishes": [wish for wish in wishes if not wish.request.resolved_at],
        "resolved_wishes": [wish for wish in wishes if wish.request.resolved_at],
        "events": list(installation.events.select_related("by").order_by("-at", "-pk")[:EVENTS]),
        # A mail's text may hold a link that signs somebody in.
        "mails": list(installation.mails.defer("text", "html")[:MAILS]),
        "calls": list(installation.aws_calls.all()[:CALLS]),
    }


def findings(installation: Installation) -> tuple[list[Finding], list[Finding]]:
    """What was found out about the role, and about the account."""
    answers = installation.answers()
    found = [
        Finding(result, result.is_stale(answers)) for result in installation.check_results.all()
    ]
    role = [each for each in found if each.result.code.startswith("role_")]
    return role, [each for each in found if each not in role]


def wished(installation: Installation) -> list[Wish]:
    labels = question_fields()
    return [
        Wish(request, labels.get(request.field, request.field))
        for request in installation.change_requests.all()
    ]

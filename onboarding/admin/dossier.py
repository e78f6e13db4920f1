"""All there is to know about one installation, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from onboarding.admin.actions import open_actions
from onboarding.admin.conversation import talk
from onboarding.jobs import drift
from onboarding.jobs.turn import promise
from onboarding.models import ChangeRequest, CheckResult, Installation, Override, Submission, User
from onboarding.wizard import Page, flow, question_fields

EVENTS = 200
MAILS = 50
CALLS = 50
NOTES = 50
PEOPLE = 100
"""How many of each are shown, newest first."""


@dataclass(frozen=True)
class Finding:
    result: CheckResult
    is_stale: bool
    override: Override | None = None

    @property
    def state(self) -> str:
        """The icon and the colour of the row."""
        status: str = self.result.status
        warns = status == CheckResult.Status.FAILED and not self.result.blocking
        return "stale" if self.is_stale else "warning" if warns or self.override else status

    @property
    def word(self) -> str:
        if self.override:
            return "Let pass"
        return "Stale" if self.is_stale else self.result.get_status_display()

    @property
    def tone(self) -> str:
        tones = {"passed": "ok", "failed": "bad", "waiting": "run"}
        return tones.get(self.state, "warn")


@dataclass(frozen=True)
class Wish:
    request: ChangeRequest
    label: str


@dataclass(frozen=True)
class Change:
    """An answer that is another one than when it was submitted last."""

    label: str
    before: str
    now: str


def dossier(installation: Installation, user: User) -> dict[str, Any]:
    whole = flow(installation)
    actions = open_actions(installation, user)
    pages = [page for page in whole.pages if page.answers]
    role, account = findings(installation)
    wishes = wished(installation)
    submissions = list(installation.submissions.all()[:2])
    changes = next((some for each in submissions if (some := changed_since(each, pages))), [])
    events = list(installation.events.select_related("by").order_by("-at", "-pk")[:EVENTS])
    return {
        "installation": installation,
        "title": str(installation),
        # What comes next stands first.
        "actions": sorted(
            (each for each in actions if not each.is_rare), key=lambda each: each.tone
        ),
        "rare_actions": [each for each in actions if each.is_rare],
        "promise": promise(installation),
        "pages": pages,
        "submission": submissions[0] if submissions else None,
        "changes": changes,
        "changes_of_last": bool(changes) and not changed_since(submissions[0], pages),
        "standing": drift.standing(installation, events[::-1]),
        "role": role,
        "account": account,
        "peers": list(installation.peers.all()),
        "open_wishes": [wish for wish in wishes if not wish.request.resolved_at],
        "resolved_wishes": [wish for wish in wishes if wish.request.resolved_at],
        "notes": list(installation.internal_notes.select_related("by")[:NOTES]),
        "events": events,
        **talk(installation, user),
    }


def log_of(installation: Installation) -> dict[str, Any]:
    """The dossier's second page: who belongs to it, what was mailed, and what AWS was asked."""
    return {
        "installation": installation,
        "title": f"{installation}: people and log",
        "people": list(installation.organization.memberships.select_related("user")[:PEOPLE]),
        # A mail's text may hold a link that signs somebody in.
        "mails": list(installation.mails.defer("text", "html")[:MAILS]),
        "calls": list(installation.aws_calls.all()[:CALLS]),
    }


def changed_since(submission: Submission, pages: list[Page]) -> list[Change]:
    """What reads differently from what was submitted then, in the order of the pages.

    What is gone comes last. Once it is submitted again, that is what the customer changed from the time before.
    """
    before = {said["field"]: said for said in submission.answers}
    now = [answer for page in pages for answer in page.answers]
    old = {answer.field: before.pop(answer.field, {}).get("value", "") for answer in now}
    changed = [
        Change(answer.label, old[answer.field], answer.value)
        for answer in now
        if answer.value != old[answer.field]
    ]
    # What is no longer asked, such as the VPCs of a peering that is not wanted any more.
    gone = [Change(said["label"], said["value"], "") for said in before.values() if said["value"]]
    return changed + gone


def findings(installation: Installation) -> tuple[list[Finding], list[Finding]]:
    """What was found out about the role, and about the account."""
    answers, let_pass = installation.answers(), installation.overrides_that_hold()
    found = [
        Finding(result, result.is_stale(answers), let_pass.get(result.code))
        for result in installation.check_results.all()
    ]
    role = [each for each in found if each.result.code.startswith("role_")]
    return role, [each for each in found if each not in role]


def wished(installation: Installation) -> list[Wish]:
    labels = question_fields()
    return [
        Wish(request, labels.get(request.field, request.field))
        for request in installation.change_requests.all()
    ]

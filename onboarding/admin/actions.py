"""What support may do with an installation: each act with its form, its verb and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onboarding.admin import action_forms as forms
from onboarding.admin.reading import HANDLE, LEAD
from onboarding.models import EDITABLE, CheckResult, Installation, Status, User
from onboarding.services import installations, review

S = Status
BEFORE_THE_END = (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.BUILDING, S.FAILED)
BUILT = (S.BUILDING, S.READY, S.CONFIRMED, S.FAILED)


def always(installation: Installation) -> bool:
    return True


def stopped(installation: Installation) -> bool:
    """Whether something may be let pass that is not yet."""
    let_pass = installation.overrides_that_hold()
    results: list[CheckResult] = list(installation.check_results.all())
    return any(
        review.overridable(installation, each) and each.code not in let_pass for each in results
    )


def let_pass(installation: Installation) -> bool:
    return bool(installation.overrides_that_hold())


def asked_for(installation: Installation) -> bool:
    return any(not each.resolved_at for each in installation.change_requests.all())


def reported(installation: Installation) -> bool:
    return bool(installation.cluster_id)


@dataclass(frozen=True)
class Action:
    slug: str
    label: str
    start: tuple[Status, ...]
    """In which statuses it may be done."""
    verb: Callable[..., Any]
    lead: str
    """What it means, said above the form."""
    done: str
    """Said afterwards."""
    form: type[forms.ActionForm] = forms.NoteForm
    tone: str = "quiet"
    """How its button looks: a class, or none for what usually comes next."""
    is_rare: bool = False
    """Whether its button stands among "More"."""
    right: str = HANDLE
    applies: Callable[[Installation], bool] = always
    """What else must be so."""

    @property
    def at_once(self) -> bool:
        """Nothing to fill in: the dossier's button does it."""
        return self.form is forms.ActionForm

    def is_open(self, installation: Installation) -> bool:
        """Whether it may be done with the installation now."""
        return installation.status in self.start and self.applies(installation)

    def is_for(self, user: User) -> bool:
        return user.has_perm(self.right)


ACTIONS = (
    Action(
        "claim", "Claim", (S.SUBMITTED,), installations.claim,
        "You review this installation. The customer is told that the review has begun.",
        "Claimed: it is yours to review. The customer gets a mail.",
        form=forms.ActionForm, tone="",
    ),
    Action(
        "start-building", "Start building", (S.IN_REVIEW, S.FAILED), installations.start_building,
        "The answers stay as they are from here on. The customer is told that the build has begun.",
        "The build has begun. The customer gets a mail.", tone="",
    ),
    Action(
        "ask-for-changes", "Ask for changes", (S.IN_REVIEW,), installations.ask_for_changes,
        "Fill in what should change, or choose a ready sentence. The customer sees each text beside "
        "its field, changes it and submits again.",
        "Sent back to the customer, who gets a mail.", form=forms.ChangesForm,
    ),
    Action(
        "withdraw-request", "Withdraw a change asked for", (S.CHANGES_REQUESTED,),
        review.withdraw_request, "The customer is not asked for it any more.", "Withdrawn.",
        form=forms.WithdrawRequestForm, is_rare=True, applies=asked_for,
    ),
    Action(
        "report-cluster", "Report the cluster", BUILT, review.report_cluster,
        "The customer sees these facts on the status page. They can be corrected here later; what "
        "stood there before is kept in the history.",
        "Reported.", form=forms.ClusterForm,
    ),
    Action(
        "report-ready", "Report ready", (S.BUILDING,), installations.report_ready,
        "The cluster is there. The customer is asked to look, and to confirm.",
        "Reported ready. The customer gets a mail.", tone="", applies=reported,
    ),
    Action(
        "report-failed", "Report failed", (S.BUILDING,), installations.report_failed,
        "The build did not work. The customer is told why; it can be started again.",
        "Reported as failed. The customer gets a mail.", form=forms.ReasonForm, tone="quiet danger",
    ),
    Action(
        "release", "Release", (S.IN_REVIEW,), review.release,
        "It goes back into the queue, for somebody else to claim.", "Released.",
        is_rare=True,
    ),
    Action(
        "assign", "Assign", (S.SUBMITTED, *review.CLAIMED_IN), review.assign,
        "Somebody else of support has it from then on.", "Assigned.", form=forms.AssignForm,
        is_rare=True, right=LEAD,
    ),
    Action(
        "override", "Let a check pass", (*EDITABLE, S.IN_REVIEW), review.override,
        "The check no longer stops this installation, as long as the answers it is about stay as "
        "they are. What is proved of the role is never let pass.",
        "Let pass. The customer gets a mail.", form=forms.OverrideForm, right=LEAD, applies=stopped,
    ),
    Action(
        "withdraw-override", "Have a check count again", (*EDITABLE, S.IN_REVIEW),
        review.withdraw_override, "The check stops the installation again.", "It counts again.",
        form=forms.WithdrawOverrideForm, is_rare=True, right=LEAD, applies=let_pass,
    ),
    Action(
        "cancel", "Cancel the installation", BEFORE_THE_END, installations.cancel,
        "Nothing more is built. The answers are kept for reading; a lead can open it again.",
        "Cancelled: nothing more is built.", tone="quiet danger", is_rare=True,
    ),
    Action(
        "reopen", "Open again", (S.CANCELLED, S.READY, S.CONFIRMED), review.reopen,
        "A cancelled installation is the customer's draft again. One that was built goes back to "
        "support, as being built.",
        "Open again. The customer gets a mail.", form=forms.ReopenForm, is_rare=True, right=LEAD,
    ),
    Action(
        "note", "Write a note", tuple(Status), review.note,
        "For support alone. The customer never reads it.", "Noted.", form=forms.InternalNoteForm,
    ),
)  # fmt: skip


def open_actions(installation: Installation, user: User) -> list[Action]:
    return [each for each in ACTIONS if each.is_for(user) and each.is_open(installation)]


def action_named(slug: str) -> Action | None:
    return next((action for action in ACTIONS if action.slug == slug), None)

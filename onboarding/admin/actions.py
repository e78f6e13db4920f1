"""What support may do with an installation: each move with its form, its verb and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import escape

from onboarding.models import MOVES, Installation, Status
from onboarding.services import installations
from onboarding.wizard import flow, question_fields


class ActionForm(forms.Form):
    """Nothing to fill in. `arguments` are what the verb is called with."""

    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(data)
        self.installation = installation

    def arguments(self) -> dict[str, Any]:
        return {}


class NoteForm(ActionForm):
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Goes into the history, which customer and support read, and into the mail.",
    )

    def arguments(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class ReasonForm(NoteForm):
    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        note = self.fields["note"]
        note.required, note.label = True, "What went wrong"
        note.error_messages["required"] = "Say what went wrong, so that the customer knows."


class ChangesForm(NoteForm):
    """One box a question. What is filled in is sent, and shown beside its field."""

    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        answers = {
            answer.field: answer.value
            for page in flow(installation).pages
            for answer in page.answers
        }
        for name, label in question_fields().items():
            now = answers.get(name)
            self.fields[self.box(name)] = forms.CharField(
                label=label,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                # Hints are printed as they are, so that forms may put links in them.
                help_text=escape(f"Answered: {now}" if now else "Not answered"),
            )
        self.order_fields([*(self.box(name) for name in question_fields()), "note"])

    @staticmethod
    def box(name: str) -> str:
        return f"wanted-{name}"

    def asked_for(self) -> dict[str, str]:
        found = {name: self.cleaned_data.get(self.box(name), "") for name in question_fields()}
        return {name: text for name, text in found.items() if text}

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.asked_for() and not self.cleaned_data.get("note"):
            raise forms.ValidationError("Say what should change: fill in one box at least.")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        return {"wanted": self.asked_for()} | super().arguments()


@dataclass(frozen=True)
class Action:
    slug: str
    label: str
    to: Status
    verb: Callable[..., None]
    lead: str
    """What it means, said above the form."""
    done: str
    """Said afterwards."""
    form: type[ActionForm] = NoteForm
    tone: str = "quiet"
    """How its button looks: a class, or none for what usually comes next."""

    @property
    def at_once(self) -> bool:
        """Nothing to fill in: the dossier's button does it."""
        return self.form is ActionForm

    def is_open(self, installation: Installation) -> bool:
        """Whether the installation may make this move now."""
        return installation.status in MOVES[self.to]


ACTIONS = (
    Action(
        "claim",
        "Claim",
        Status.IN_REVIEW,
        installations.claim,
        "You review this installation. The customer is told that the review has begun.",
        "Claimed: it is yours to review. The customer gets a mail.",
        form=ActionForm,
        tone="",
    ),
    Action(
        "start-building",
        "Start building",
        Status.BUILDING,
        installations.start_building,
        "The answers stay as they are from here on. The customer is told that the build has begun.",
        "The build has begun. The customer gets a mail.",
        tone="",
    ),
    Action(
        "ask-for-changes",
        "Ask for changes",
        Status.CHANGES_REQUESTED,
        installations.ask_for_changes,
        "Fill in what should change. The customer sees each text beside its field, "
        "changes it and submits again.",
        "Sent back to the customer, who gets a mail.",
        form=ChangesForm,
    ),
    Action(
        "report-ready",
        "Report ready",
        Status.READY,
        installations.report_ready,
        "The cluster is there. The customer is asked to look, and to confirm.",
        "Reported ready. The customer gets a mail.",
        tone="",
    ),
    Action(
        "report-failed",
        "Report failed",
        Status.FAILED,
        installations.report_failed,
        "The build did not work. The customer is told why; it can be started again.",
        "Reported as failed. The customer gets a mail.",
        form=ReasonForm,
        tone="quiet danger",
    ),
    Action(
        "cancel",
        "Cancel",
        Status.CANCELLED,
        installations.cancel,
        "Nothing more is built, and nobody can open it again. The answers are kept for reading.",
        "Cancelled.",
        tone="quiet danger",
    ),
)


def open_actions(installation: Installation) -> list[Action]:
    return [action for action in ACTIONS if action.is_open(installation)]


def action_named(slug: str) -> Action | None:
    return next((action for action in ACTIONS if action.slug == slug), None)

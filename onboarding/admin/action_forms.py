"""What support is asked for before an installation is changed."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import escape, format_html

from onboarding.admin.suggestions import suggestions_for
from onboarding.facts import cluster
from onboarding.forms.fields import TypedField
from onboarding.models import Installation, User
from onboarding.services import review
from onboarding.wizard import flow, question_fields

READY = 'Or a ready sentence<span class="visually-hidden"> about: {}</span>'


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
    LABEL, MISSING = "What went wrong", "Say what went wrong, so that the customer knows."

    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        note = self.fields["note"]
        note.required, note.label = True, self.LABEL
        note.error_messages["required"] = self.MISSING


class ReopenForm(ReasonForm):
    LABEL, MISSING = "Why it is opened again", "Say why, so that the customer knows."


class ChangesForm(NoteForm):
    """One box a question, and ready sentences to choose in its place. What is filled in is sent."""

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
            ready = suggestions_for(name)
            self.fields[self.ready(name)] = forms.ChoiceField(
                label=format_html(READY, label),
                required=False,
                choices=[("", "None"), *((text, text) for text in ready)],
                error_messages={"invalid_choice": "Choose a sentence from the list."},
            )
        boxes = [own(name) for name in question_fields() for own in (self.box, self.ready)]
        self.order_fields([*boxes, "note"])

    @staticmethod
    def box(name: str) -> str:
        return f"wanted-{name}"

    @staticmethod
    def ready(name: str) -> str:
        return f"ready-{name}"

    def asked_for(self) -> dict[str, str]:
        """By field: the ready sentence first, then what was written."""
        found = {}
        for name in question_fields():
            said = (self.cleaned_data.get(own(name), "") for own in (self.ready, self.box))
            found[name] = "\n".join(text for text in said if text)[:1000]
        return {name: text for name, text in found.items() if text}

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.asked_for() and not self.cleaned_data.get("note"):
            raise forms.ValidationError("Say what should change: fill in one box at least.")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        return {"wanted": self.asked_for()} | super().arguments()


def agents() -> QuerySet[User]:
    """Whoever may handle installations by their group: rights of single people do not count."""
    handles = Q(groups__permissions__codename="handle_installation") | Q(is_superuser=True)
    found: QuerySet[User] = User.objects.filter(handles, is_staff=True, is_active=True)
    return found.distinct().order_by("email")


class AssignForm(ActionForm):
    to = forms.ModelChoiceField(
        agents(),
        label="Give it to",
        empty_label="Choose somebody",
        error_messages={"required": "Choose somebody."},
    )

    def arguments(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"]}


class OverrideForm(ActionForm):
    """Only what may be let pass is in the list."""

    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        let_pass = installation.overrides_that_hold()
        choices = [
            (result.code, f"{result.title}: {result.saw}")
            for result in installation.check_results.all()
            if review.overridable(installation, result) and result.code not in let_pass
        ]
        self.fields["code"] = forms.ChoiceField(
            label="Which check",
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a check.", "invalid_choice": "Choose a check."},
        )
        self.fields["reason"] = forms.CharField(
            label="Why it may pass",
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Kept for good, shown to the customer, and part of the evidence pack.",
            error_messages={"required": "Say why, for the record and for the customer."},
        )

    def arguments(self) -> dict[str, Any]:
        return {"code": self.cleaned_data["code"], "reason": self.cleaned_data["reason"]}


class WithdrawOverrideForm(ActionForm):
    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        titles = {result.code: result.title for result in installation.check_results.all()}
        let_pass = installation.overrides_that_hold()
        self.fields["code"] = forms.ChoiceField(
            label="Which check counts again",
            choices=[(code, f"{titles[code]}: {each.reason}") for code, each in let_pass.items()],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a check.", "invalid_choice": "Choose a check."},
        )

    def arguments(self) -> dict[str, Any]:
        return {"code": self.cleaned_data["code"]}


class ClusterForm(ActionForm):
    """The facts of the cluster, and the connection of each peer VPC."""

    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        for name, judge, label, hint, missing in (
            ("cluster_id", cluster.cluster_id, "Cluster ID", "As Astro calls it.", "Type its ID."),
            ("cluster_vpc_id", cluster.vpc_id, "VPC of the cluster", "vpc-…", ""),
            (
                "external_ips", cluster.external_ips, "External IP addresses",
                "IPv4, with commas between. The customer allow-lists them.", "",
            ),
        ):  # fmt: skip
            self.fields[name] = TypedField(
                judge, label=label, help_text=hint, missing=missing, required=bool(missing),
                initial=getattr(installation, name),
            )  # fmt: skip
        self.peers = {f"peer-{peer.pk}": peer for peer in installation.peers.all()}
        for name, peer in self.peers.items():
            self.fields[name] = TypedField(
                cluster.connection_id,
                label=f"Peering connection with {peer}",
                help_text="pcx-…, once the connection is requested.",
                required=False,
                initial=peer.connection_id,
            )

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "facts": {
                name: said[name] for name in ("cluster_id", "cluster_vpc_id", "external_ips")
            },
            "connections": {peer.pk: said[name] for name, peer in self.peers.items()},
        }


class InternalNoteForm(ActionForm):
    text = forms.CharField(
        label="Note among support",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="No customer reads it: on no page, in no mail, in no export.",
        error_messages={"required": "Write something first."},
    )

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class WithdrawRequestForm(ActionForm):
    def __init__(self, installation: Installation, data: Any = None) -> None:
        super().__init__(installation, data)
        labels = question_fields()
        self.fields["pk"] = forms.TypedChoiceField(
            label="Which change is not needed any more",
            coerce=int,
            choices=[
                (str(each.pk), f"{labels.get(each.field, each.field)}: {each.text}")
                for each in installation.change_requests.all()
                if not each.resolved_at
            ],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose one.", "invalid_choice": "Choose one."},
        )

    def arguments(self) -> dict[str, Any]:
        return {"pk": self.cleaned_data["pk"]}

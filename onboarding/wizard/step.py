"""A step of the wizard is data: what it is called, what it asks, and when it is complete."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Field
from django.utils.datastructures import MultiValueDict

from onboarding.models import Installation

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Installation]
else:  # Django's own class takes no type argument while it runs
    _ModelForm = forms.ModelForm


@dataclass(frozen=True)
class Answer:
    """One line of the review page: the field, its label, and what was answered."""

    field: str
    label: str
    value: str


class StepForm(_ModelForm):
    """A form on a slice of the installation.

    It works on a copy: a ModelForm writes posted values on its instance even when they are
    invalid. `partial` lets fields be empty, so that a step can be left half-way; what is
    filled in is judged all the same. `warnings` holds, by field, what is accepted but worth
    knowing.
    """

    class Meta:
        model = Installation
        fields: ClassVar[list[str]] = []

    def __init__(
        self,
        installation: Installation,
        data: MultiValueDict[str, str] | dict[str, Any] | None = None,
        *,
        partial: bool = False,
    ) -> None:
        self.installation = installation
        self.partial = partial
        self.is_stored = False
        self.wanted: dict[str, list[Any]] = {}
        self.warnings: dict[str, list[str]] = {}
        super().__init__(data, instance=copy(installation))
        if partial:
            for each in self.fields.values():
                each.required = False

    @classmethod
    def stored(cls, installation: Installation) -> "StepForm":
        """The form filled in with what is stored, as if it had just been posted."""
        blank = cls(installation)
        form = cls(installation, cls.stored_data(installation, blank))
        form.is_stored = True
        return form

    @classmethod
    def stored_data(cls, installation: Installation, blank: "StepForm") -> dict[str, Any]:
        return {
            name: each.prepare_value(blank.initial.get(name)) for name, each in blank.fields.items()
        }

    def _post_clean(self) -> None:
        if self.is_stored:
            return  # the instance has these values, and has passed the database's constraints
        # What was left empty half-way keeps its stored value: some columns have no empty one.
        if self.partial:
            for name, value in list(self.cleaned_data.items()):
                if value in (None, "") and not self._may_be_empty(name):
                    del self.cleaned_data[name]
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out

    def _may_be_empty(self, name: str) -> bool:
        column = Installation._meta.get_field(name)
        return isinstance(column, Field) and column.blank

    def rows_changed(self) -> "StepForm | None":
        """The form again, with a row added or removed as its buttons asked; None when none was."""
        return None

    def save(self, commit: bool = True) -> Installation:
        """Store this slice and nothing else: the status may have moved meanwhile."""
        self.instance.save(update_fields=[*self.Meta.fields, "saved_at"])
        return self.instance

    def warn(self, name: str, sentence: str) -> None:
        self.warnings.setdefault(name, []).append(sentence)

    def answers(self) -> list[Answer]:
        """The stored answers as people read them. Call on a `stored` form."""
        return [
            Answer(name, str(each.label or name), self.display(name))
            for name, each in self.fields.items()
        ]

    def display(self, name: str) -> str:
        value = self.initial.get(name)
        choices = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(value, bool):
            return "Yes" if value else "Not yet"
        return str(choices.get(value, "" if value is None else value))


def _nothing(installation: Installation) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Step:
    """`needs` names the steps whose answers this one cannot do without."""

    slug: str
    title: str
    subtitle: str
    form: type[StepForm] | None = None
    complete: Callable[[Installation], bool] | None = None
    context: Callable[[Installation], dict[str, Any]] = field(default=_nothing)
    lines: Callable[[Installation], list[Answer]] | None = None
    needs: tuple[str, ...] = ()
    submits: bool = False
    """Saving this step hands the installation to support."""
    live: bool = False
    """The page shows what workers find, as they find it."""

    @property
    def template(self) -> str:
        return f"onboarding/steps/{self.slug}.html"

    @property
    def live_template(self) -> str:
        return f"onboarding/steps/{self.slug}_live.html"

    @property
    def preview_template(self) -> str:
        return f"onboarding/steps/{self.slug}_preview.html"

    def is_complete(self, installation: Installation) -> bool:
        """Complete means: the form accepts what is stored, or the step's own question says so."""
        if self.complete is not None:
            return self.complete(installation)
        return self.form is not None and self.form.stored(installation).is_valid()

    def answers(self, installation: Installation) -> list[Answer]:
        if self.lines is not None:
            return self.lines(installation)
        return self.form.stored(installation).answers() if self.form else []

"""What one side writes to the other."""

from collections.abc import Mapping
from typing import Any

from django import forms

from onboarding.facts import text
from onboarding.forms.fields import ListedField, TypedField
from onboarding.models import Message

MOST = Message._meta.get_field("text").max_length or 0
NO_FIELD = ("", "The installation as a whole")


class MessageForm(forms.Form):
    """`fields`: the questions it may be about, with their labels. Offered are those in `about`; where
    there are none, nothing is asked.
    """

    text = TypedField(
        lambda typed: text.paragraphs(typed, MOST),
        label="Message",
        missing="Write something first.",
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST}),
    )

    def __init__(
        self, fields: Mapping[str, str], data: Any = None, *, about: tuple[str, ...] = ()
    ) -> None:
        super().__init__(data)
        offered = [(name, fields[name]) for name in fields if name in about]
        self.fields["field"] = field = ListedField(
            "Choose from the list.",
            label="About",
            choices=[NO_FIELD, *fields.items()],
            required=False,
        )
        field.widget = forms.Select() if offered else forms.HiddenInput()
        if isinstance(field.widget, forms.Select):
            field.widget.choices = [NO_FIELD, *offered]
        self.order_fields(["field", "text"])

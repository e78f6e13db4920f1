"""Handing the access step to a colleague, and the code that shows them the external ID."""

import re

from django import forms

from onboarding.facts import email, text
from onboarding.forms.fields import PLAIN, AddressField, TypedField

IN_ANOTHER_SCRIPT = (
    "This address has an internationalised domain: {address}. Check that it is spelt right."
)


def six_digits(typed: str) -> str:
    """The code, however it was grouped."""
    code = re.sub("[ -]", "", text.trimmed(typed))
    if re.fullmatch("[0-9]{6}", code) is None:
        raise ValueError("The code has six digits.")
    return code


class HandoverForm(forms.Form):
    email = AddressField(
        label="Their e-mail address",
        help_text="The link goes there, and so does the code that shows the external ID.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        # It is somebody else's address: the browser's own is no help.
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    @property
    def caution(self) -> str:
        """What to look at twice; empty when nothing is unusual."""
        address = self.cleaned_data["email"]
        return (
            IN_ANOTHER_SCRIPT.format(address=address) if email.is_internationalised(address) else ""
        )


class CodeForm(forms.Form):
    code = TypedField(
        six_digits,
        label="Code from the mail",
        missing="Type the six digits from the mail.",
        widget=forms.TextInput(
            attrs={**PLAIN, "autocomplete": "one-time-code", "inputmode": "numeric", "size": "10"}
        ),
    )

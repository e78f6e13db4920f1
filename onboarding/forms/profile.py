"""What a person says about themselves."""

from django import forms

from onboarding.forms.fields import NameField


class NameForm(forms.Form):
    name = NameField(
        0,
        120,
        autocomplete="name",
        label="Your name",
        help_text="Shown to your colleagues and to support. Leave it empty, and they see your address.",
        required=False,
    )

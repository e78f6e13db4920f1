"""Temporary credentials, pasted for "create it for me". Nothing typed here is ever shown again."""

from typing import Any

from django import forms
from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.create_role import Credentials
from onboarding.facts import credentials as judges
from onboarding.forms.fields import PLAIN, TypedField


class SecretInput(forms.PasswordInput):
    def __init__(self) -> None:
        # No password manager should offer to keep these.
        super().__init__(attrs={**PLAIN, "autocomplete": "off"}, render_value=False)


class SecretTextarea(forms.Textarea):
    """A text area that comes back empty."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class CredentialsForm(forms.Form):
    """Three fields, or the whole block pasted in one: whichever is filled in.

    Only temporary credentials are taken (`ASIA…` with a session token).
    """

    use_required_attribute = False

    paste = TypedField(
        judges.parse_block,
        label="Everything at once",
        help_text="Paste the block with all three: the export lines, or the JSON. "
        "Or fill in the three fields below.",
        required=False,
        widget=SecretTextarea(attrs={**PLAIN, "rows": 4}),
    )
    access_key_id = TypedField(
        judges.access_key_id,
        label="Access key ID",
        help_text="Begins with ASIA.",
        required=False,
        widget=SecretInput(),
    )
    secret_access_key = TypedField(
        judges.secret_access_key,
        label="Secret access key",
        required=False,
        widget=SecretInput(),
    )
    session_token = TypedField(
        judges.session_token, label="Session token", required=False, widget=SecretInput()
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = [name for name in judges.NAMES if self[name].data]
        if not self["paste"].data:
            self._require_all(typed)
        elif typed:
            self.add_error("paste", "Fill in this field or the three below, not both.")
        return cleaned

    def _require_all(self, typed: list[str]) -> None:
        for name in judges.NAMES:
            if name not in typed:
                try:
                    judges.JUDGES[name]("")
                except ValueError as error:
                    self.add_error(name, str(error))

    @property
    @sensitive_variables()
    def credentials(self) -> Credentials:
        """What a valid form was given."""
        given = self.cleaned_data["paste"] or self.cleaned_data
        return Credentials(**{name: given[name] for name in judges.NAMES})

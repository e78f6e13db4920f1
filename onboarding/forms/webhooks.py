"""Where to tell an Organization's own systems, and of what."""

from typing import Any

from django import forms

from onboarding.facts import text
from onboarding.facts.web import may_be_asked
from onboarding.forms.fields import PLAIN, ListedField, NameField, TypedField
from onboarding.models import Webhook

MOST_URL = 500


def address(typed: str) -> str:
    """An HTTPS address, as typed without the space around. Raises `ValueError`.

    Whether its host may be asked is told when it is: a name can lead elsewhere tomorrow.
    """
    stripped = text.trimmed(typed)
    if len(stripped) > MOST_URL or not may_be_asked(stripped, loopback=True):
        raise ValueError("Type an address that begins with https://, without a password in it.")
    return stripped


def url_field(**kwargs: Any) -> TypedField:
    return TypedField(
        address,
        label="Address",
        missing="Type the address that we send to.",
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}),
        **kwargs,
    )


class EventsField(forms.MultipleChoiceField):
    """Some kinds of events; none chosen means every one."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        super().__init__(
            label="What to tell",
            help_text="Choose none, and we tell everything in the list.",
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Choose from the list."},
        )


class FormatSelect(forms.RadioSelect):
    """Says whom each format is for."""

    HINTS = {  # noqa: RUF012  (a widget's own constants)
        Webhook.Format.SIGNED: "For your own systems. Signed as Standard Webhooks asks.",
        Webhook.Format.SLACK: "For an incoming webhook of Slack, or of what understands Slack's.",
    }

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.HINTS[Webhook.Format(value)]
        return option


class NewWebhookForm(forms.Form):
    def __init__(self, choices: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["name"] = NameField(
            2, 60, autocomplete="off", label="Name", missing="Type a name, such as Operations."
        )
        self.fields["format"] = ListedField(
            "Choose a format.",
            label="Format",
            choices=Webhook.Format.choices,
            initial=Webhook.Format.SIGNED,
            widget=FormatSelect,
        )
        self.fields["url"] = url_field()
        self.fields["events"] = EventsField(choices)

    def clean(self) -> dict[str, Any]:
        if "format" in self.cleaned_data:
            self.cleaned_data["format"] = Webhook.Format(self.cleaned_data["format"])
        return self.cleaned_data


class WebhookForm(forms.Form):
    def __init__(self, choices: list[tuple[str, str]], webhook: Webhook, data: Any = None) -> None:
        super().__init__(data, initial={"events": webhook.events, "is_enabled": webhook.is_enabled})
        self.fields["url"] = url_field(
            required=False, help_text="Leave it empty to keep the present one."
        )
        self.fields["events"] = EventsField(choices)
        self.fields["is_enabled"] = forms.BooleanField(label="Turned on", required=False)

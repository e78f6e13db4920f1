"""GitHub and Google, as support configures them at the desk; and how a client's secret is kept."""

from typing import Any, ClassVar

from allauth.socialaccount.models import SocialApp
from django import forms
from django.conf import settings

from onboarding.facts.text import trimmed
from onboarding.forms.fields import TypedField
from onboarding.models import SharedProvider
from onboarding.models.sealed import seal

SEALED = "sealed_secret"
"""In the settings of a row of `SocialApp`: the client's secret. Its own column stays empty."""
EVERYBODYS = {"github": "GitHub", "google": "Google"}
"""Providers that belong to no Organization, by the ID that an identity keeps."""


def short(typed: str, most: int = 191) -> str:
    """What a provider gives out: one line of visible ASCII."""
    text = trimmed(typed)
    if len(text) > most or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("Copy it from the provider again: this has something else in it.")
    return text


def long_line() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"})


def secret_field() -> TypedField:
    return TypedField(
        short,
        label="Client secret",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text="Kept sealed, and never shown again. Leave it empty to keep the one there is.",
    )


def keep(app: SocialApp, said: dict[str, Any]) -> None:
    """The client ID, and the secret sealed; without a new one, the one there is."""
    app.client_id, app.secret = said["client_id"], ""
    if said["client_secret"]:
        app.settings[SEALED] = seal(said["client_secret"])


class EverybodysForm(forms.ModelForm):
    """GitHub or Google, where the settings do not name them."""

    which = forms.ChoiceField(
        label="Provider", choices=list(EVERYBODYS.items()), widget=forms.RadioSelect
    )
    client_id = TypedField(
        short,
        label="Client ID",
        missing="Type the client ID.",
        widget=long_line(),
    )
    client_secret = secret_field()

    class Meta:
        model = SharedProvider
        fields: ClassVar = ["which", "client_id", "client_secret"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["which"].disabled = True
            self.fields["which"].initial = self.instance.provider_id or self.instance.provider

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        which = cleaned.get("which", "")
        there = SocialApp.objects.filter(name=EVERYBODYS.get(which), sso_connection=None)
        if there.exclude(pk=self.instance.pk).exists() or in_settings(which):
            self.add_error("which", "It is configured already.")
        if not self.instance.pk and not cleaned.get("client_secret"):
            self.add_error("client_secret", "Type the client secret.")
        return cleaned

    def save(self, commit: bool = True) -> SocialApp:
        app: SocialApp = super().save(commit=False)
        which = self.cleaned_data["which"]
        app.name = EVERYBODYS[which]
        app.provider, app.provider_id = ("github", "") if which == "github" else GOOGLES
        if which == "google":
            app.settings |= settings.GOOGLE["settings"]
        keep(app, self.cleaned_data)
        if commit:
            app.save()
        return app


GOOGLES = ("openid_connect", "google")


def in_settings(which: str) -> bool:
    """Whether the environment configures it."""
    provider = "github" if which == "github" else "openid_connect"
    return bool(settings.SOCIALACCOUNT_PROVIDERS[provider]["APPS"])

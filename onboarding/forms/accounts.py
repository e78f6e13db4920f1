"""Signing up, and founding an Organization."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from onboarding.facts import email, text
from onboarding.forms.fields import AddressField, NameField, ShortNameField
from onboarding.forms.sign_in import Plain
from onboarding.models import Organization, User

IN_ANOTHER_SCRIPT = (
    "Your address has an internationalised domain: {address}. Check that it is spelt right: "
    "our mail goes there."
)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions to us. Every form of its that takes an address asks `clean_email`."""

    def clean_email(self, email_address: str) -> str:
        try:
            return email.address(email_address)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="typed") from None

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        # allauth makes the whole address small; the part before the @ is the mail server's.
        user.email = form.cleaned_data["email"]
        user.name = form.cleaned_data.get("name", "")
        if commit:
            user.save()
        return user


class SignupForm(Plain, allauth_forms.SignupForm):
    field_order = ("email", "name", "password1")

    email = AddressField()
    name = NameField(
        0,
        120,
        autocomplete="name",
        label="Your name (optional)",
        help_text="Shown to your colleagues and to support.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: dict[str, list[str]] = {}

    def clean_email(self) -> str:
        """Keeps the case of the part before the @: who is who is told without regard to it."""
        address: str = self.cleaned_data["email"]
        self.validate_unique_email(address)
        if email.is_internationalised(address):
            self.warnings["email"] = [IN_ANOTHER_SCRIPT.format(address=address)]
        return address

    def save(self, request: HttpRequest) -> User:
        for sentence in self.warnings.get("email", []):
            messages.warning(request, sentence)
        user: User = super().save(request)
        return user


class OrganizationForm(forms.Form):
    name = NameField(
        2,
        80,
        autocomplete="organization",
        label="Name of your Organization",
        missing="Type the name of your Organization.",
    )
    short_name = ShortNameField(
        label="Short name",
        help_text="It becomes part of your addresses, such as acme.astronomer.run. Small letters, "
        "digits and hyphens. Leave it empty, and we suggest one.",
        required=False,
    )

    def clean_short_name(self) -> str:
        short_name: str = self.cleaned_data["short_name"]
        if not short_name:
            raise forms.ValidationError(self._suggest(), code="required")
        if Organization.objects.filter(short_name=short_name).exists():
            raise forms.ValidationError(f"“{short_name}” is taken. Choose another.", code="taken")
        return short_name

    def _suggest(self) -> str:
        """Fill in a short name made from the name, for the person to keep or to change."""
        suggestion = text.suggest_short_name(self.cleaned_data.get("name", ""))
        if not suggestion:
            return "Type a short name, such as acme."
        filled = MultiValueDict({name: [value] for name, value in self.data.items()})
        filled["short_name"] = suggestion
        self.data = filled
        return f"We suggest “{suggestion}”. Keep it, or type another."

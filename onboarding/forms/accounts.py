"""Signing up."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from onboarding.facts import email
from onboarding.forms.fields import AddressField, NameField
from onboarding.forms.sign_in import Plain, forget_claims
from onboarding.models import User

IN_ANOTHER_SCRIPT = (
    "Your address has an internationalised domain: {address}. Check that it is spelt right: "
    "our mail goes there."
)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions to us. Every form of its that takes an address asks `clean_email`."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "This address and this password do not belong together.",
        "email_taken": "This address belongs to another sign-in. Choose another.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many tries did not work. Wait a few minutes, and try again.",
    }

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
        forget_claims(address)
        self.validate_unique_email(address)
        if email.is_internationalised(address):
            self.warnings["email"] = [IN_ANOTHER_SCRIPT.format(address=address)]
        return address

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # As much work as for somebody new: else the time would tell who is known.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        for sentence in self.warnings.get("email", []):
            messages.warning(request, sentence)
        user: User = super().save(request)
        return user

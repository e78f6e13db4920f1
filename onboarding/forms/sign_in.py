"""allauth's forms in the portal's words: one name for each thing, and no placeholder."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.models import EmailAddress
from allauth.socialaccount import forms as social_forms
from allauth.socialaccount.models import SocialApp
from django import forms

from onboarding.forms.fields import AddressField
from onboarding.forms.passwords import HELP
from onboarding.models import User

WORDS = {
    # field: label, and what to do when it was left empty
    "login": ("E-mail address", "Type your e-mail address."),
    "email": ("E-mail address", "Type your e-mail address."),
    "password": ("Password", "Type your password."),
    "oldpassword": ("Your present password", "Type your present password."),
    "password1": ("Password", "Choose a password."),
    "password2": ("The same password again", "Type the password once more."),
}


class Plain:
    """Renames the fields of the form it is mixed into."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, missing) in WORDS.items():
            if name in self.fields:
                field = self.fields[name]
                field.label = label
                field.error_messages["required"] = missing
                field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = HELP
        if "oldpassword" in self.fields:
            self.fields["password1"].label = "New password"


class LoginForm(Plain, allauth_forms.LoginForm):
    pass


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    pass


class AddEmailForm(Plain, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        """A link goes to whose address it is, not to whoever means to change to it some day."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if is_of(user, email)]
        return email


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    pass


class DisconnectForm(social_forms.DisconnectForm):
    def save(self) -> None:
        try:
            super().save()
        except SocialApp.DoesNotExist:  # of a provider that is configured no more
            self.cleaned_data["account"].delete()


class SsoForm(forms.Form):
    """Whose domain tells where to sign in."""

    email = AddressField(label="E-mail address at work")

    def say_unknown(self) -> None:
        """The same for everybody: whether a domain is a customer's is not told."""
        self.add_error(
            "email",
            "We know no single sign-on for this address. Check it, or sign in another way.",
        )


def is_of(user: User, email: str) -> bool:
    """Whether `email` is the person's own: signed up with, or confirmed since."""
    confirmed = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True)
    return user.email.lower() == email.lower() or confirmed.exists()


def forget_claims(email: str) -> None:
    """Drop what others began and never confirmed: a change of theirs to this address.

    Else whoever signs up with it could end in the account of somebody who only named it.
    """
    claims = EmailAddress.objects.filter(email__iexact=email, verified=False)
    claims.exclude(user__email__iexact=email).delete()

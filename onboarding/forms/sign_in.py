"""allauth's forms in the portal's words: one name for each thing, and no placeholder."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

CHOOSE = (
    "At least 12 characters. A few words you remember are fine; one that many people use is not."
)
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
            self.fields["password1"].help_text = CHOOSE


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
    pass


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    pass

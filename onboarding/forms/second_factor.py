"""Second factors, on allauth's: sealed at rest, each code good once, in the portal's words."""

import re
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction
from django.http import HttpRequest

from onboarding.models import User
from onboarding.models.sealed import seal, unseal

SITE = "Astro install portal"
CODE_WIDGET = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
)
WRONG = "That code is not right, or was used already. Wait for the next one, and type it."
AGAIN = "That did not work. Try it once more."


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG,
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
        "rate_limited": "Those were too many tries. Wait a few minutes, and try again.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def _get_site_name(self) -> str:
        return SITE

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"


class Code:
    """Renames the field for a code in the form it is mixed into."""

    fields: dict[str, forms.Field]
    hint = "Six digits, from your app."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label="Code",
            help_text=self.hint,
            max_length=40,
            widget=CODE_WIDGET,
            error_messages={"required": "Type the code."},
        )


class ActivateTOTPForm(Code, totp.ActivateTOTPForm):
    hint = "The six digits that the app shows now."


class Once:
    """Takes each code of an app once, though it holds for three steps of half a minute.

    allauth remembers a code for one step, in the cache. RFC 6238, 5.2: "The verifier MUST NOT
    accept the second attempt of the OTP after the successful validation has been issued".
    """

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not take(
            self.authenticator, code
        ):
            raise Adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(Code, Once, base.AuthenticateForm):
    hint = "Six digits from your app, or one of your recovery codes."


class ReauthenticateForm(Code, Once, base.ReauthenticateForm):
    hint = AuthenticateForm.hint


@transaction.atomic
def take(authenticator: Authenticator, code: str) -> bool:
    """Use the code up, and all earlier ones. Gives whether it was still to be had."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret, last = decrypt(row.data["secret"]), row.data.get("last_step", 0)
    for step in auth.yield_hotp_counters_from_time():
        shown = auth.format_hotp_value(auth.hotp_value(secret, step))
        if step > last and compare_user_code(actual=code, expected=shown):
            row.data["last_step"] = step
            row.save(update_fields=["data"])
            return True
    return False


def name_field() -> forms.CharField:
    return forms.CharField(
        label="Name",
        help_text="So that you know it again, such as “Work laptop”.",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    field_order = ("name", "passwordless")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.fields["credential"].error_messages["required"] = AGAIN
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without a password"
        passwordless.help_text = "Then it asks for your fingerprint, face or PIN."
        passwordless.initial = True


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Type a name."


def can_hold_passkeys(request: HttpRequest) -> bool:
    """Browsers bind a passkey to a name: pages opened by number have none (WebAuthn, RP ID)."""
    host = request.get_host().partition(":")[0]
    return not re.fullmatch(r"[0-9.]+|\[.*", host)

"""What follows when somebody signs in or out, or changes what they sign in with."""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from onboarding.models import User
from onboarding.services import people, sessions
from onboarding.views.second_factor import HAS_ONE


@receiver(user_logged_in)
def began(request: HttpRequest, user: User, **_: Any) -> None:
    sessions.begin(request.session)
    sessions.forget_ended(user)
    note_factor(request, user)


@receiver(user_logged_out)
def ended(request: HttpRequest | None, **_: Any) -> None:
    """Noted for `LimitedSessions`, which tells the browser to forget what it was shown."""
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_is_new(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever else is signed in is out, and a change of address that waits is off.

    Else somebody who was in the account could come back by the link to an address of theirs.
    """
    EmailAddress.objects.filter(user=user, verified=False, primary=False).delete()
    elsewhere(request, user)


@receiver(account.email_changed)
def address_is_new(request: HttpRequest, user: User, **_: Any) -> None:
    elsewhere(request, user)


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def factor_is_new(request: HttpRequest, user: User, **_: Any) -> None:
    if request.user == user:
        sessions.renew(request.session)
        note_factor(request, user)
    elsewhere(request, user)


@receiver(mfa.authenticator_added)
def activated(authenticator: Authenticator, **_: Any) -> None:
    """The code that activated an app is used up like any other."""
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.data["last_step"] = int(time.time()) // app_settings.TOTP_PERIOD
        authenticator.save(update_fields=["data"])


@receiver(account.authentication_step_completed)
def confirmed(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """Who confirmed who they are may do more from now on: under another session key."""
    if reauthenticated:
        sessions.renew(request.session)


def note_factor(request: HttpRequest, user: User) -> None:
    if user.is_staff:
        request.session[HAS_ONE] = people.has_second_factor(user)


def elsewhere(request: HttpRequest, user: User) -> None:
    """Sign the person out everywhere but here."""
    here = request.session.session_key if request.user == user else None
    sessions.end_all(user, but=here)

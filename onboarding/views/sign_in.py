"""What allauth asks of us when somebody comes back from an identity provider.

Who somebody is, is the provider and its subject, and nothing else: an address finds nobody. A
provider's address is taken for a new person alone, when the provider has confirmed it; whoever has
that address here already signs in the way they do, and connects the provider themselves.
"""

from typing import Any, ClassVar, NoReturn

import structlog
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.signals import social_account_added
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render

from onboarding.facts import email, text
from onboarding.forms.providers import SEALED
from onboarding.forms.sign_in import forget_claims
from onboarding.jobs.outbound import Outbound
from onboarding.models import User
from onboarding.models.sealed import unseal
from onboarding.services import sign_in
from onboarding.services.sign_in import Refused
from onboarding.views.providers.oidc.tokens import Disbelieved
from onboarding.views.providers.saml.assertion import NotForUs
from onboarding.views.providers.saml.provider import NobodyToKnowAgain
from onboarding.views.sign_in_events import elsewhere

log = structlog.get_logger(__name__)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "This is the only way you come in. Choose a password first.",
        "no_verified_email": "Confirm an e-mail address first.",
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings go before rows of the same name; secrets are open in memory."""
        apps: list[SocialApp] = super().list_apps(request, provider=provider, client_id=client_id)
        in_settings = {app.provider_id or app.provider for app in apps if app.pk is None}
        kept = [a for a in apps if a.pk is None or (a.provider_id or a.provider) not in in_settings]
        for app in kept:
            if sealed := app.settings.get(SEALED):
                app.secret = unseal(sealed)
        return kept

    def get_requests_session(self) -> Outbound:
        return Outbound()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return str(super().generate_state_param(state)) + str(super().generate_state_param(state))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let through whom the provider may speak for; the others get a page that says why."""
        connection = sign_in.connection_called(sociallogin.account.provider)
        connecting = sociallogin.state.get("process") == AuthProcess.CONNECT
        confirmed = keep_one_address(sociallogin)
        address = sociallogin.user.email if not sociallogin.is_existing else asserted(sociallogin)
        if connection is not None:
            try:
                said = sociallogin.account.extra_data.get("email_verified")
                sign_in.check(connection, address, confirmed=said in (None, True, "true"))
                if connecting and not has(request.user, address):
                    raise Refused(connection, "other_person", sign_in.domain_of(address))
            except Refused as refused:
                refuse(request, refused)
            for each in sociallogin.email_addresses:
                each.verified = True
        if sociallogin.is_existing or connecting:
            return
        name = sociallogin.provider.name
        if connection is None and not confirmed:
            page(request, "not_confirmed", name)
        if is_known_here(address):
            page(request, "known_here", name)
        forget_claims(address)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = sociallogin.user
        user.email = stored(data.get("email"))
        given = data.get("name") or " ".join(
            str(data.get(part) or "") for part in ("first_name", "last_name")
        )
        try:
            user.name = text.printable(str(given), 0, 120)
        except ValueError:
            user.name = ""
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new person, and with single sign-on a Member: both or neither."""
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            join(sociallogin)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say so in the log, without what the provider sent: it may be a code or a token."""
        ours = isinstance(exception, Disbelieved | NobodyToKnowAgain | NotForUs)
        log.warning(
            "sign_in_refused",
            provider=provider.sub_id,
            error=error,
            cause=type(exception).__name__ if exception else None,
            why=str(exception) if ours else None,
        )


def stored(typed: object) -> str:
    """An address as it is stored; "" for what is none."""
    try:
        return email.address(str(typed or "")).lower()
    except ValueError:
        return ""


def asserted(sociallogin: SocialLogin) -> str:
    """The address the provider gave this time, of somebody known already."""
    return stored(sociallogin.account.extra_data.get("email"))


def keep_one_address(sociallogin: SocialLogin) -> bool:
    """Keep the main address alone of those a provider tells; whether the provider confirmed it."""
    addresses = [one for one in sociallogin.email_addresses if stored(one.email)]
    addresses.sort(key=lambda one: (bool(one.primary), one.verified is True), reverse=True)
    sociallogin.email_addresses = addresses[:1]
    if not addresses:
        return False
    one = addresses[0]
    one.email, one.primary, one.verified = stored(one.email), True, one.verified is True
    if not sociallogin.is_existing:
        sociallogin.user.email = one.email
    return bool(one.verified)


def is_known_here(address: str) -> bool:
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return confirmed.exists() or User.objects.filter(email__iexact=address).exists()


def has(user: Any, address: str) -> bool:
    """Whether `address` is one that `user` confirmed."""
    own = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return own.filter(email__iexact=address).exists()


def join(sociallogin: SocialLogin) -> None:
    connection = sign_in.connection_called(sociallogin.account.provider)
    if connection is not None:
        sign_in.first_time(connection, sociallogin.user)


@receiver(social_account_added)
def on_connected(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    """Whoever was signed in elsewhere in this person's name is signed in no longer."""
    elsewhere(request, sociallogin.user)
    join(sociallogin)


def refuse(request: HttpRequest, refused: Refused) -> NoReturn:
    user = request.user if request.user.is_authenticated else None
    sign_in.record(refused, by=user)
    log.warning("sso_refused", connection=refused.connection.pk, reason=refused.reason)
    page(request, "refused", str(refused.connection.app), reason=refused.reason)


def page(request: HttpRequest, name: str, provider: str, **context: Any) -> NoReturn:
    """End the sign-in with a page of ours."""
    context |= {"provider_name": provider}
    raise ImmediateHttpResponse(render(request, f"socialaccount/{name}.html", context, status=403))

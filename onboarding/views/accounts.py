"""What allauth asks of us: its mails go through the outbox, its links start at SITE_URL."""

from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailConfirmation
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from onboarding import tasks
from onboarding.forms import accounts as forms
from onboarding.notifications import absolute, compose
from onboarding.services import sessions

WHY = "You get this because somebody, probably you, typed this address at {site}."


class AccountAdapter(forms.AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox: no page waits for a mail server.

        `account/email/unknown_account` is written from `emails/sign_in_unknown_account/`.
        """
        name = "sign_in_" + template_prefix.rpartition("/")[2]
        context = {key: value for key, value in context.items() if key != "request"} | {
            "site_url": settings.SITE_URL,
            "login_url": absolute("account_login"),
            "signup_url": absolute("account_signup"),
            "reset_url": absolute("account_reset_password"),
            "confirm_days": app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS,
            "reset_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "why": WHY.format(site=settings.SITE_URL),
        }
        with transaction.atomic():
            mail = compose(name, email, context)
            tasks.after_commit(tasks.send_mail, str(mail.pk))

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return absolute("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        # allauth's pattern takes the key in two parts, of which it is made with a hyphen.
        uid, _, token = key.partition("-")
        return absolute("account_reset_password_from_key", uid, token)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; who belongs to no Organization yet founds one first. `next` goes before this."""
        user: Any = request.user
        if user.is_staff or user.memberships.exists():
            return reverse("home")
        return reverse("organization_new")

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Always. Who has neither password nor second factor, because an identity provider stands
        for them, confirms by having signed in a moment ago.
        """
        request = context.request
        if not get_reauthentication_flows(request.user) and not sessions.is_fresh(request.session):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return list(methods)
        again = {"id": "sign_in_again", "description": "Sign in again"}
        return [again | {"url": reverse("sign_in_again")}]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries count by account and by where they come from: else anybody could keep
        anybody out by failing in their name.
        """
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

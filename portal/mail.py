"""How mail goes out, as settings: by SMTP (`EMAIL_URL`), or by a provider's API (`MAIL_PROVIDER`).

A provider is one that django-anymail knows. Its own settings are the variables that begin with
`ANYMAIL_`, as its documentation names them: `ANYMAIL_POSTMARK_SERVER_TOKEN`.
"""

import os
from collections.abc import Mapping
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern

PREFIX, FILE = "ANYMAIL_", "_FILE"
SENDER = "Astro install portal <no-reply@localhost>"
TIMEOUT = 10
"""Seconds that a mail server, or a provider, has for each answer."""
PROVIDERS = (
    "amazon_ses",
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "mailtrap",
    "mandrill",
    "postal",
    "postmark",
    "resend",
    "sendgrid",
    "sparkpost",
    "unisender_go",
)


def provider(env: environ.Env) -> str:
    """Its name as django-anymail has it; empty when mail goes by SMTP."""
    name: str = env.str("MAIL_PROVIDER", default="").lower()
    if name and name not in PROVIDERS:
        raise ImproperlyConfigured(
            f"MAIL_PROVIDER is {name!r}. Choose one of: {', '.join(PROVIDERS)}. "
            f"Without it mail goes by SMTP, to EMAIL_URL."
        )
    return name


def sending(env: environ.Env) -> dict[str, Any]:
    """Django's own settings for mail."""
    found = dict(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25"))
    if name := provider(env):
        found["EMAIL_BACKEND"] = f"anymail.backends.{name}.EmailBackend"
    return found | {"EMAIL_TIMEOUT": TIMEOUT}


def of_provider(env: environ.Env, variables: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """django-anymail's settings: also by files, `ANYMAIL_…_FILE`."""
    names = {name.removesuffix(FILE) for name in variables if name.startswith(PREFIX)}
    return {
        "REQUESTS_TIMEOUT": TIMEOUT,
        # What one provider cannot do (such as leaving links alone) stops no mail.
        "IGNORE_UNSUPPORTED_FEATURES": True,
        **{name.removeprefix(PREFIX): env.str(name) for name in sorted(names)},
    }


def webhooks(provider: str) -> list[URLPattern]:
    """Where that provider tells what came back: none of the addresses of others."""
    from anymail.urls import urlpatterns  # noqa: PLC0415  (settings load before what it needs)

    return [each for each in urlpatterns if each.name == f"{provider}_tracking_webhook"]

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


def configured(env: environ.Env, variables: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings for mail, and django-anymail's."""
    provider = env.str("MAIL_PROVIDER", default="").lower()
    found = dict(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25"))
    if provider:
        if provider not in PROVIDERS:
            raise ImproperlyConfigured(
                f"MAIL_PROVIDER is {provider!r}. Choose one of: {', '.join(PROVIDERS)}. "
                f"Without it mail goes by SMTP, to EMAIL_URL."
            )
        found["EMAIL_BACKEND"] = f"anymail.backends.{provider}.EmailBackend"
    return found | {
        "MAIL_PROVIDER": provider,
        "EMAIL_TIMEOUT": TIMEOUT,
        "BOUNCE_DOMAIN": env.str("BOUNCE_DOMAIN", default=""),
        "ANYMAIL": {
            "REQUESTS_TIMEOUT": TIMEOUT,
            # What one provider cannot do (such as leaving links alone) stops no mail.
            "IGNORE_UNSUPPORTED_FEATURES": True,
            **own(env, variables),
        },
    }


def webhooks(provider: str) -> list[URLPattern]:
    """Where that provider tells what came back: none of the addresses of others."""
    from anymail.urls import urlpatterns  # noqa: PLC0415  (settings load before what it needs)

    return [each for each in urlpatterns if each.name == f"{provider}_tracking_webhook"]


def own(env: environ.Env, variables: Mapping[str, str]) -> dict[str, str]:
    """What the environment says to django-anymail, also by files: `ANYMAIL_…_FILE`."""
    names = {name.removesuffix(FILE) for name in variables if name.startswith(PREFIX)}
    return {name.removeprefix(PREFIX): env.str(name) for name in sorted(names)}

"""The providers' stand-ins, and the portal configured for them."""

from collections.abc import Generator
from typing import Any

import pytest
from django.conf import settings as portal_settings
from pytest_django import Settings

from tests.harness import oidc, stand_in
from tests.harness.github import GitHub
from tests.harness.oidc import Provider

ADA = {"sub": "00u1ada", "email": "ada@example.com", "email_verified": True, "name": "Ada Byron"}


@pytest.fixture
def provider() -> Generator[Provider]:
    """An Organization's provider; Ada signs in there."""
    with stand_in.running() as at:
        yield Provider(at, person=dict(ADA))


@pytest.fixture
def google(settings: Settings) -> Generator[Provider]:
    """Google, with the claims of its ID tokens."""
    with stand_in.running() as at:
        person = ADA | {
            "sub": "110169484474386276334",
            "azp": oidc.CLIENT_ID,
            "at_hash": "HK6E_P6Dh8Y93mRNtsDB1Q",
            "hd": "example.com",
            "given_name": "Ada",
            "family_name": "Byron",
            "picture": "https://lh3.googleusercontent.com/a-/AOh14GgGoogle",
        }
        app = portal_settings.GOOGLE | {
            "client_id": oidc.CLIENT_ID,
            "secret": oidc.CLIENT_SECRET,
            "settings": {"server_url": at.url},
        }
        configure(settings, "openid_connect", app)
        yield Provider(at, person=person)


@pytest.fixture
def github(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Generator[GitHub]:
    # Reads models, which need Django set up.
    from allauth.socialaccount.providers.github.views import (  # noqa: PLC0415
        GitHubOAuth2Adapter,
    )

    with stand_in.running() as at:
        for name, path in (
            ("access_token_url", "/login/oauth/access_token"),
            ("authorize_url", "/login/oauth/authorize"),
            ("profile_url", "/user"),
            ("emails_url", "/user/emails"),
        ):
            monkeypatch.setattr(GitHubOAuth2Adapter, name, at.url + path)
        app = {"name": "GitHub", "client_id": "Iv1.8a61f9b3a7aba766", "secret": "canary-of-github"}
        configure(settings, "github", app)
        hidden = ("1+ada@users.noreply.github.com", False, True)
        yield GitHub(at, emails=[hidden, ("ada@example.com", True, True)])


def configure(settings: Settings, provider: str, app: dict[str, Any]) -> None:
    before = settings.SOCIALACCOUNT_PROVIDERS
    settings.SOCIALACCOUNT_PROVIDERS = before | {provider: before[provider] | {"APPS": [app]}}

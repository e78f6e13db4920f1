"""Organizations with single sign-on, and walking to a provider and back without a browser."""

import base64
import http.client
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client
from django.utils import timezone

from onboarding.forms.providers import SEALED
from onboarding.models import Domain, Organization, SsoConnection, User
from onboarding.models.sealed import seal
from tests.factories import make_organization
from tests.harness.oidc import CLIENT_ID, CLIENT_SECRET
from tests.harness.saml import ENTITY, KEYS, SSO_URL


def make_domain(organization: Organization, name: str, *, confirmed: bool = True) -> Domain:
    at = timezone.now() if confirmed else None
    return Domain.objects.create(organization=organization, name=name, verified_at=at)


def make_oidc(
    issuer: str,
    *,
    domain: str = "example.com",
    provider_id: str = "acme-oidc",
    organization: Organization | None = None,
) -> SsoConnection:
    """A connection, as the desk writes it, of an Organization with that confirmed domain."""
    organization = organization or make_organization(short_name=provider_id.split("-")[0])
    make_domain(organization, domain)
    app = SocialApp.objects.create(
        provider="openid_connect",
        provider_id=provider_id,
        name="Acme’s Okta",
        client_id=CLIENT_ID,
        settings={"server_url": issuer, SEALED: seal(CLIENT_SECRET)},
    )
    return SsoConnection.objects.create(organization=organization, app=app)


def leave(client: Client, provider_id: str, **form: str) -> str:
    """Press the button; where the page then leads."""
    response = client.post(f"/accounts/with/{provider_id}/", form)
    assert response.status_code == 200, response
    return str(response.context["url"])


def visit(url: str) -> str:
    """Go to the provider, who knows the person; where it sends them back to."""
    parts = urlsplit(url)
    asked = http.client.HTTPConnection(parts.netloc, timeout=10)
    asked.request("GET", f"{parts.path}?{parts.query}")
    answer = asked.getresponse()
    asked.close()
    assert answer.status == 302, answer.status
    return str(answer.headers["Location"])


def come_back(client: Client, url: str) -> Any:
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(client: Client, provider_id: str, **form: str) -> Any:
    """There and back: what the portal answers at the end."""
    return come_back(client, visit(leave(client, provider_id, **form)))


def said(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def make_saml(
    *,
    domain: str = "example.com",
    provider_id: str = "acme-saml",
    organization: Organization | None = None,
) -> SsoConnection:
    organization = organization or make_organization(short_name=provider_id.split("-")[0])
    make_domain(organization, domain)
    idp = {"entity_id": ENTITY, "sso_url": SSO_URL, "x509cert": KEYS.certificate}
    app = SocialApp.objects.create(
        provider="saml",
        provider_id=provider_id,
        client_id=provider_id,
        name="Acme’s Ping",
        settings={"idp": idp},
    )
    return SsoConnection.objects.create(organization=organization, app=app)


def answer_with(client: Client, provider_id: str, xml: str) -> Any:
    """The provider's page posts its answer; what the portal says at the end."""
    form = {"SAMLResponse": base64.b64encode(xml.encode()).decode(), "RelayState": ""}
    posted = client.post(f"/accounts/saml/{provider_id}/acs/", form)
    assert posted.status_code == 302
    return client.get(posted["Location"])


def addresses(user: User) -> Any:
    return EmailAddress.objects.filter(user=user)


def identities(user: User) -> Any:
    return SocialAccount.objects.filter(user=user)

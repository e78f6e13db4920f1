"""Support sets up single sign-on, confirms domains, and turns GitHub and Google on."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from onboarding.forms.providers import SEALED
from onboarding.models import Domain, Organization, SsoConnection
from onboarding.models.groups import LEAD
from onboarding.models.sealed import unseal
from tests.factories import make_organization, make_user
from tests.harness.saml import ENTITY, KEYS, OTHER_KEYS, SSO_URL

pytestmark = pytest.mark.django_db
SECRET = "canary-of-the-client-secret"
CONNECTIONS = "/admin/onboarding/ssoconnection/"
DOMAINS = "/admin/onboarding/domain/"
EVERYBODYS = "/admin/onboarding/sharedprovider/"
CERTIFICATE = "".join(KEYS.certificate.splitlines()[1:-1])
DESCRIPTOR = """\
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{entity}">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
{keys}<md:SingleSignOnService Location="{url}"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""
KEY = """\
<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"""


def metadata(entity: str = ENTITY, url: str = SSO_URL, *keys: str) -> str:
    written = "".join(KEY.format(key) for key in keys or (CERTIFICATE,))
    return DESCRIPTOR.format(entity=entity, url=url, keys=written)


@pytest.fixture
def chief(db: None) -> Client:
    """A browser in which a lead is signed in."""
    client = Client()
    client.force_login(make_user(is_staff=True, group=LEAD))
    return client


@pytest.fixture
def acme() -> Organization:
    return make_organization(short_name="acme")


def begin(desk: Client, acme: Organization, kind: str) -> SsoConnection:
    posted = {"organization": acme.pk, "kind": kind, "name": "Acme’s Okta"}
    answer = desk.post(f"{CONNECTIONS}add/", posted)
    connection = SsoConnection.objects.get()
    assert answer["Location"] == f"{CONNECTIONS}{connection.pk}/change/"
    return connection


def change(desk: Client, connection: SsoConnection, **fields: Any) -> Any:
    return desk.post(f"{CONNECTIONS}{connection.pk}/change/", {"name": "Acme’s Okta"} | fields)


def confirm(desk: Client, acme: Organization, name: str = "acme.example") -> Any:
    posted = {"organization": acme.pk, "name": name, "confirmed": "on"}
    return desk.post(f"{DOMAINS}add/", posted)


def test_support_sets_up_openid_connect_and_people_see_it_then(
    desk: Client, acme: Organization, client: Client
) -> None:
    connection = begin(desk, acme, "openid_connect")
    assert not connection.is_enabled
    page = desk.get(f"{CONNECTIONS}{connection.pk}/change/").text
    own = reverse("openid_connect_callback", args=[connection.app.provider_id])
    assert f"http://127.0.0.1:8000{own}" in page
    assert [name for name in ("Okta", "Entra ID", "OneLogin", "Ping") if name not in page] == []
    assert "Continue with SSO" not in client.get("/accounts/login/").text
    confirm(desk, acme)
    said = {
        "server_url": "https://acme.okta.example",
        "client_id": "0oa1",
        "client_secret": SECRET,
        "is_enabled": "on",
    }
    assert change(desk, connection, **said).status_code == 302
    connection.refresh_from_db()
    assert connection.is_enabled
    assert "Continue with SSO" in client.get("/accounts/login/").text


def test_a_secret_is_sealed_and_never_shown_again(desk: Client, acme: Organization) -> None:
    connection = begin(desk, acme, "openid_connect")
    said = {"server_url": "https://acme.okta.example", "client_id": "0oa1"}
    change(desk, connection, **said, client_secret=SECRET)
    app = SocialApp.objects.get()
    assert unseal(app.settings[SEALED]) == SECRET
    assert SECRET not in str(SocialApp.objects.values())
    page = desk.get(f"{CONNECTIONS}{connection.pk}/change/").text
    assert SECRET not in page
    assert app.settings[SEALED] not in page
    change(desk, connection, **said, client_secret="")
    assert unseal(SocialApp.objects.get().settings[SEALED]) == SECRET
    assert LogEntry.objects.count() == 3
    assert SECRET not in str(LogEntry.objects.values())


def test_support_sets_up_saml_from_the_providers_metadata(
    desk: Client, acme: Organization, client: Client
) -> None:
    connection = begin(desk, acme, "saml")
    own = connection.app.provider_id
    page = desk.get(f"{CONNECTIONS}{connection.pk}/change/").text
    for name in ("saml_acs", "saml_metadata"):
        assert f"http://127.0.0.1:8000{reverse(name, args=[own])}" in page
    assert client.get(reverse("saml_metadata", args=[own])).status_code == 200
    confirm(desk, acme)
    assert change(desk, connection, metadata=metadata(), is_enabled="on").status_code == 302
    app = SocialApp.objects.get()
    assert app.settings["idp"]["entity_id"] == ENTITY
    assert app.settings["idp"]["sso_url"] == SSO_URL
    assert CERTIFICATE in app.settings["idp"]["x509cert"].replace("\n", "")
    assert ENTITY in desk.get(f"{CONNECTIONS}{connection.pk}/change/").text
    change(desk, connection, metadata="")
    assert SocialApp.objects.get().settings == app.settings


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ("no XML", "not the XML"),
        ("<a/>", "entity ID or certificate"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "not the XML"),
        (metadata(url="http://idp.example.com/sso"), "no HTTPS address"),
        (metadata(url="javascript:alert(1)"), "no HTTPS address"),
        (
            metadata(ENTITY, SSO_URL, CERTIFICATE, OTHER_KEYS.certificate),
            "more than one certificate",
        ),
    ],
)
def test_metadata_that_say_too_little_or_too_much_are_refused(
    desk: Client, acme: Organization, xml: str, sentence: str
) -> None:
    connection = begin(desk, acme, "saml")
    answer = change(desk, connection, metadata=xml)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert not SocialApp.objects.get().settings


@pytest.mark.parametrize(
    "issuer",
    ["http://okta.example", "okta", "https://u:p@okta.example", "https://okta.example/?a=b", "//x"],
)
def test_an_issuer_is_an_https_address(desk: Client, acme: Organization, issuer: str) -> None:
    connection = begin(desk, acme, "openid_connect")
    answer = change(desk, connection, server_url=issuer, client_id="0oa1", client_secret=SECRET)
    assert "Type the issuer" in answer.text
    assert not SocialApp.objects.get().settings


def test_a_connection_is_on_only_when_it_is_complete_and_a_domain_is_confirmed(
    desk: Client, acme: Organization
) -> None:
    connection = begin(desk, acme, "openid_connect")
    assert "still missing" in change(desk, connection, is_enabled="on").text
    said = {
        "server_url": "https://acme.okta.example",
        "client_id": "0oa1",
        "client_secret": SECRET,
        "is_enabled": "on",
    }
    assert "Confirm a domain" in change(desk, connection, **said).text
    connection.refresh_from_db()
    assert not connection.is_enabled


def test_asvs_10_5_2_a_provider_that_people_came_by_is_not_exchanged(
    desk: Client, acme: Organization
) -> None:
    """Else whoever has the same subject at another issuer would be them."""
    connection = begin(desk, acme, "openid_connect")
    said = {"client_id": "0oa1", "client_secret": SECRET}
    change(desk, connection, server_url="https://acme.okta.example", **said)
    SocialAccount.objects.create(
        user=make_user(), provider=connection.app.provider_id, uid="00u1ada"
    )
    answer = change(desk, connection, server_url="https://evil.example", **said)
    assert "needs a connection of its own" in answer.text
    assert SocialApp.objects.get().settings["server_url"] == "https://acme.okta.example"


def test_a_saml_provider_that_people_came_by_is_not_exchanged(
    desk: Client, acme: Organization
) -> None:
    connection = begin(desk, acme, "saml")
    change(desk, connection, metadata=metadata())
    SocialAccount.objects.create(user=make_user(), provider=connection.app.provider_id, uid="x")
    answer = change(desk, connection, metadata=metadata("https://evil.example"))
    assert "needs a connection of its own" in answer.text
    renewed = metadata(ENTITY, SSO_URL, "".join(OTHER_KEYS.certificate.splitlines()[1:-1]))
    assert change(desk, connection, metadata=renewed).status_code == 302


def test_every_connection_has_addresses_of_its_own(desk: Client, acme: Organization) -> None:
    ids = set()
    for _ in range(3):
        ids.add(begin(desk, acme, "saml").app.provider_id)
        SsoConnection.objects.all().delete()
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("typed", "stored"), [("Acme.Example", "acme.example"), (" @acme.example ", "acme.example")]
)
def test_a_domain_is_stored_as_addresses_have_it(
    desk: Client, acme: Organization, typed: str, stored: str
) -> None:
    confirm(desk, acme, typed)
    assert Domain.objects.get().name == stored
    assert Domain.objects.get().verified_at is not None


@pytest.mark.parametrize(
    "typed", ["", "acme", "gmail.com", "Outlook.com", "a@b@c.example", "ａ.io"]
)
def test_what_is_no_organizations_own_domain_is_refused(
    desk: Client, acme: Organization, typed: str
) -> None:
    assert confirm(desk, acme, typed).status_code == 200
    assert not Domain.objects.exists()


def test_a_confirmed_domain_has_one_organization(desk: Client, acme: Organization) -> None:
    confirm(desk, acme)
    other = make_organization(short_name="other")
    assert "Another Organization has this domain confirmed" in confirm(desk, other).text
    claimed = {"organization": other.pk, "name": "acme.example"}
    assert desk.post(f"{DOMAINS}add/", claimed).status_code == 302
    assert Domain.objects.filter(verified_at__isnull=False).get().organization == acme


def test_a_domain_can_be_taken_back(desk: Client, acme: Organization) -> None:
    confirm(desk, acme)
    domain = Domain.objects.get()
    desk.post(f"{DOMAINS}{domain.pk}/change/", {"name": domain.name})
    domain.refresh_from_db()
    assert (domain.verified_at, domain.organization) == (None, acme)

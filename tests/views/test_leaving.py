"""The ways in besides the password: shown when they lead somewhere, and telling nothing else."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import make_organization
from tests.views.providers.world import make_domain, make_saml

pytestmark = pytest.mark.django_db
UNKNOWN = "We know no single sign-on for this address"


def plain(answer: Any, address: str) -> str:
    """The page without what differs from one to the next."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.text).replace(address, "")


def ask(client: Client, address: str, **more: str) -> Any:
    return client.post("/accounts/sso/", {"email": address} | more)


def test_nothing_is_offered_that_is_not_configured(client: Client) -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "Continue with" not in client.get(path).text


def test_no_organization_is_named_on_the_page_of_everybody(client: Client) -> None:
    make_saml()
    page = client.get("/accounts/login/").text
    assert "Continue with SSO" in page
    assert "Acme" not in page


def test_the_domain_of_the_address_leads_to_the_organizations_provider(client: Client) -> None:
    make_saml()
    client = Client(headers={"host": "127.0.0.1:8000"})
    answer = ask(client, "Ada@Example.com")
    assert answer.context["url"].startswith("https://idp.example.com/saml/sso?SAMLRequest=")
    assert 'http-equiv="refresh"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_asvs_6_3_8_who_is_no_customer_and_who_has_no_connection_get_the_same_answer(
    client: Client,
) -> None:
    switched_off = make_saml(domain="off.example")
    switched_off.is_enabled = False
    switched_off.save()
    make_domain(make_organization(short_name="claims"), "claimed.example", confirmed=False)
    make_domain(make_organization(short_name="none"), "none.example")
    known = ("a@off.example", "a@claimed.example", "a@none.example", "a@sub.example.com")
    pages = {plain(ask(client, one), one) for one in (*known, "a@nobody.example")}
    assert len(pages) == 1
    assert UNKNOWN in pages.pop()


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "a@b@c.example", "ada@example.com\u202e"])
def test_what_is_no_address_is_told(client: Client, typed: str) -> None:
    make_saml()
    answer = ask(client, typed)
    assert answer.status_code == 200
    assert "There is something to correct" in answer.text
    assert UNKNOWN not in answer.text


def test_asvs_2_4_1_nobody_tries_all_domains(client: Client) -> None:
    seen = [ask(client, f"a@d{number}.example").status_code for number in range(32)]
    assert seen[0] == 200
    assert seen[-1] == 429


def test_a_provider_that_is_not_there_is_not_found(client: Client) -> None:
    for name in ("github", "google", "nobody", "saml", "openid_connect"):
        assert client.post(f"/accounts/with/{name}/").status_code == 404


def test_kinds_are_no_providers(client: Client) -> None:
    make_saml()
    for name in ("saml", "openid_connect"):
        assert client.post(f"/accounts/with/{name}/").status_code == 404


def test_asvs_3_5_1_leaving_takes_a_form_of_ours(settings: Settings) -> None:
    make_saml()
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/with/acme-saml/").status_code == 403
    assert client.get("/accounts/with/acme-saml/").status_code == 405
    assert client.post("/accounts/sso/", {"email": "ada@example.com"}).status_code == 403


def test_connecting_is_for_who_is_signed_in(client: Client) -> None:
    make_saml()
    answer = client.post("/accounts/with/acme-saml/", {"process": "connect"})
    assert answer["Location"] == "/accounts/login/"


def test_asvs_3_4_3_a_form_leads_nowhere_but_here(client: Client) -> None:
    """However many providers there are: the page that leaves is one of ours."""
    make_saml()
    client = Client(headers={"host": "127.0.0.1:8000"})
    policy = ask(client, "ada@example.com").headers["Content-Security-Policy"]
    assert "idp.example.com" not in policy
    assert "form-action 'self'" in policy


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [("/permissions/", True), ("//evil.example/", False), ("https://evil.example/", False)],
)
def test_the_page_that_was_asked_for_is_kept_unless_it_is_elsewhere(
    client: Client, wanted: str, kept: bool
) -> None:
    page = client.get("/accounts/sso/", {"next": wanted}).text
    assert (f'value="{wanted}"' in page) is kept

"""GitHub and Google for everybody, at the desk; and what nobody does there."""

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib import admin
from django.test import Client
from pytest_django import Settings

from onboarding.forms.providers import SEALED
from onboarding.models import Organization
from onboarding.models.groups import LEAD
from onboarding.models.sealed import unseal
from tests.admin.test_single_sign_on import begin
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db
SECRET = "canary-of-the-client-secret"
CONNECTIONS = "/admin/onboarding/ssoconnection/"
DOMAINS = "/admin/onboarding/domain/"
EVERYBODYS = "/admin/onboarding/sharedprovider/"


@pytest.fixture
def chief(db: None) -> Client:
    """A browser in which a lead is signed in."""
    client = Client()
    client.force_login(make_user(is_staff=True, group=LEAD))
    return client


@pytest.fixture
def acme() -> Organization:
    return make_organization(short_name="acme")


@pytest.mark.parametrize(("which", "name"), [("github", "GitHub"), ("google", "Google")])
def test_a_lead_turns_github_or_google_on_and_off(
    chief: Client, client: Client, which: str, name: str
) -> None:
    assert f"Continue with {name}" not in client.get("/accounts/login/").text
    said = {"which": which, "client_id": "Iv1.8a61", "client_secret": SECRET}
    assert chief.post(f"{EVERYBODYS}add/", said).status_code == 302
    app = SocialApp.objects.get()
    assert (app.secret, unseal(app.settings[SEALED])) == ("", SECRET)
    assert f"Continue with {name}" in client.get("/accounts/login/").text
    assert f"Continue with {name}" in client.get("/accounts/signup/").text
    assert SECRET not in chief.get(f"{EVERYBODYS}{app.pk}/change/").text
    assert "configured already" in chief.post(f"{EVERYBODYS}add/", said).text
    chief.post(f"{EVERYBODYS}{app.pk}/delete/", {"post": "yes"})
    assert f"Continue with {name}" not in client.get("/accounts/login/").text


def test_what_the_settings_configure_is_not_configured_twice(
    chief: Client, client: Client, settings: Settings
) -> None:
    said = {"which": "github", "client_id": "of-the-desk", "client_secret": SECRET}
    chief.post(f"{EVERYBODYS}add/", said)
    before = settings.SOCIALACCOUNT_PROVIDERS
    app = {"name": "GitHub", "client_id": "of-the-settings", "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = before | {"github": before["github"] | {"APPS": [app]}}
    assert client.get("/accounts/login/").text.count("Continue with GitHub") == 1
    asked = client.post("/accounts/with/github/").context["url"]
    assert "client_id=of-the-settings" in asked
    SocialApp.objects.all().delete()
    assert "configured already" in chief.post(f"{EVERYBODYS}add/", said).text


def test_support_reads_what_everybody_signs_in_with_and_leaves_it_as_it_is(
    desk: Client, chief: Client
) -> None:
    said = {"which": "github", "client_id": "of-the-desk", "client_secret": SECRET}
    assert desk.post(f"{EVERYBODYS}add/", said).status_code == 403
    chief.post(f"{EVERYBODYS}add/", said)
    assert "GitHub" in desk.get(EVERYBODYS).text
    address = f"{EVERYBODYS}{SocialApp.objects.get().pk}"
    assert desk.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{address}/change/", said | {"client_id": "other"}).status_code == 403
    assert SocialApp.objects.get().client_id == "of-the-desk"


def test_connections_and_everybodys_are_told_apart(
    chief: Client, desk: Client, acme: Organization
) -> None:
    connection = begin(desk, acme, "saml")
    assert chief.get(f"{EVERYBODYS}{connection.app.pk}/change/").status_code == 302
    assert "Acme’s Okta" not in desk.get(EVERYBODYS).text
    assert "Acme’s Okta" in desk.get(CONNECTIONS).text


def test_identities_are_not_moved_at_the_desk(desk: Client) -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert not registered & {"socialaccount.SocialAccount", "socialaccount.SocialToken"}


@pytest.mark.parametrize("url", [CONNECTIONS, DOMAINS, EVERYBODYS])
def test_customers_have_no_business_here(client: Client, url: str) -> None:
    client.force_login(make_user())
    for path in (url, f"{url}add/"):
        assert client.get(path, follow=True).status_code == 403

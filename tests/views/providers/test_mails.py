"""What is told by mail when a way in is connected or removed."""

from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template
from django.test import Client
from pytest_django import Settings

from onboarding.models import Mail
from tests.factories import PASSWORD, make_user
from tests.harness.github import GitHub
from tests.views.providers.world import identities, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def connected(github: GitHub) -> Client:
    """Where Ada has a password, and has connected GitHub."""
    make_user("ada@example.com")
    client = Client()
    client.post("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sign_in(client, "github", process="connect")
    return client


def test_every_mail_of_allauths_is_written_in_both_forms() -> None:
    folder = Path(allauth.__file__).parent / "templates/socialaccount/email"
    names = {path.name.removesuffix("_subject.txt") for path in folder.glob("*_subject.txt")}
    assert names == {"account_connected", "account_disconnected"}
    for name in names:
        for part in ("subject.txt", "body.txt", "body.html"):
            get_template(f"emails/sign_in_{name}/{part}")


def test_asvs_6_3_7_connecting_and_removing_are_told(connected: Client) -> None:
    assert Mail.objects.filter(name="sign_in_account_connected").exists()
    page = connected.get("/accounts/3rdparty/").text
    assert "octocat" in page
    account = identities(connected.get("/accounts/3rdparty/").context["user"]).get()
    connected.post("/accounts/3rdparty/", {"account": account.pk})
    mail = Mail.objects.get(name="sign_in_account_disconnected")
    for body in (mail.text, mail.html):
        assert "GitHub" in body
        assert "127.0.0.1" in body


def test_the_only_way_in_is_not_removed(client: Client, github: GitHub) -> None:
    sign_in(client, "github")
    user = client.get("/accounts/3rdparty/").context["user"]
    answer = client.post("/accounts/3rdparty/", {"account": identities(user).get().pk})
    assert "This is the only way you come in" in answer.text
    assert identities(user).exists()


def test_what_is_connected_to_a_provider_of_before_can_be_removed(
    connected: Client, github: GitHub, settings: Settings
) -> None:
    providers = settings.SOCIALACCOUNT_PROVIDERS
    providers["github"]["APPS"].clear()
    page = connected.get("/accounts/3rdparty/")
    assert page.status_code == 200
    account = identities(page.context["user"]).get()
    assert connected.post("/accounts/3rdparty/", {"account": account.pk}).status_code == 302
    assert not identities(page.context["user"]).exists()


def test_nobody_removes_what_is_anothers(connected: Client) -> None:
    account = identities(connected.get("/accounts/3rdparty/").context["user"]).get()
    eve = Client()
    eve.force_login(make_user("eve@example.com"))
    eve.post("/accounts/reauthenticate/", {"password": PASSWORD})
    eve.post("/accounts/3rdparty/", {"account": account.pk})
    account.refresh_from_db()

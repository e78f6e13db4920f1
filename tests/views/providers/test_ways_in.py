"""All ways in end at the same checks, whichever door somebody came by."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import resolve

from onboarding.models import User
from tests.factories import PASSWORD, give_second_factor, make_organization, make_user
from tests.harness.github import GitHub
from tests.harness.oidc import Provider
from tests.harness.saml import answer_to, response
from tests.views.providers.world import (
    answer_with,
    is_signed_in,
    leave,
    make_domain,
    make_oidc,
    make_saml,
    sign_in,
)

pytestmark = pytest.mark.django_db
WAYS = ("password", "desk", "github", "google", "oidc", "saml")
Way = Callable[[Client], Any]
EVERY = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def ada(github: GitHub, google: Provider, provider: Provider) -> User:
    """Somebody to whom every way leads."""
    ada, acme = make_user("ada@example.com"), make_organization(short_name="acme")
    make_oidc(provider.issuer, organization=acme)
    make_saml(domain="saml.example", organization=acme)
    make_domain(acme, "other.example")
    for name, uid in (
        ("github", "583231"),
        ("google", "110169484474386276334"),
        ("acme-oidc", "00u1ada"),
        ("acme-saml", "8f7d0f1a-persistent"),
    ):
        SocialAccount.objects.create(user=ada, provider=name, uid=uid)
    return ada


def come(way: str) -> tuple[Client, Any]:
    """Give what that way asks for, and where it leads then."""
    client = Client(headers={"host": "127.0.0.1:8000"})
    known = {"login": "ada@example.com", "password": PASSWORD}
    if way == "password":
        return client, client.post("/accounts/login/", known)
    if way == "desk":
        door = client.get("/admin/login/?next=/admin/")["Location"]
        return client, client.post(door, known)
    if way == "saml":
        answer = response(answer_to(leave(client, "acme-saml")))
        return client, answer_with(client, "acme-saml", answer)
    return client, sign_in(client, f"acme-{way}" if way == "oidc" else way)


def led_to(answer: Any) -> str:
    assert answer.status_code == 302, answer
    return resolve(urlsplit(answer["Location"]).path).view_name


@EVERY
def test_asvs_6_3_4_each_way_leads_in(ada: User, way: str) -> None:
    client, answer = come(way)
    assert is_signed_in(client)
    assert led_to(answer) in ("organization_new", "admin:index")


@EVERY
def test_asvs_6_3_4_each_way_asks_for_the_second_factor(ada: User, way: str) -> None:
    give_second_factor(ada)
    client, answer = come(way)
    assert not is_signed_in(client)
    assert led_to(answer) == "mfa_authenticate"
    assert client.get("/organizations/new/").status_code == 302


@EVERY
def test_asvs_6_3_4_no_way_lets_in_who_is_switched_off(ada: User, way: str) -> None:
    ada.is_active = False
    ada.save()
    client, answer = come(way)
    assert not is_signed_in(client)
    assert answer.status_code == 200 or led_to(answer) == "account_inactive"


@EVERY
def test_asvs_6_3_4_each_way_asks_for_a_confirmed_address(ada: User, way: str) -> None:
    EmailAddress.objects.filter(user=ada).update(verified=False)
    client, answer = come(way)
    assert not is_signed_in(client)
    assert led_to(answer) == "account_email_verification_sent"


@EVERY
def test_asvs_7_2_4_each_way_gives_a_new_session(ada: User, way: str) -> None:
    """What somebody knew of the session before is worth nothing after."""
    client, _ = come(way)
    known = client.session.session_key
    other, _ = come(way)
    assert other.session.session_key != known
    assert client.session["signed_in_at"]

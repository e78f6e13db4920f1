"""Accounts prepared before their victim comes (T9): the five variants of MSRC's study, refused.

Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security 2022. Eve prepares, Ada comes.
"""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from onboarding.models import Mail, User
from tests.factories import PASSWORD, make_user
from tests.harness.github import GitHub
from tests.harness.oidc import Provider
from tests.views.providers.world import addresses, identities, is_signed_in, make_oidc, sign_in

pytestmark = pytest.mark.django_db
ADA, EVES = "ada@example.com", "eves-long-passphrase-for-later"
NEW = "adas own long passphrase"


def sign_up(address: str, password: str = EVES) -> Client:
    client = Client()
    client.post("/accounts/signup/", {"email": address, "password1": password})
    return client


def enter(client: Client, address: str, password: str) -> bool:
    client.post("/accounts/login/", {"login": address, "password": password})
    return is_signed_in(client)


def link_to(address: str, name: str) -> str:
    mail = Mail.objects.filter(to=address, name=f"sign_in_{name}").last()
    assert mail is not None
    (link,) = re.findall(r'class="button" href="([^"]+)"', mail.html)
    return urlsplit(link).path


def reset(address: str) -> Client:
    """Ada asks for a new password and sets it, by the link in her mail."""
    client = Client()
    client.post("/accounts/password/reset/", {"email": address})
    form = client.get(link_to(address, "password_reset_key"))["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    return client


def test_t9_1_classic_federated_merge_eves_password_opens_nothing_of_adas(
    github: GitHub,
) -> None:
    """Eve signs up with Ada's address and a password; Ada comes by GitHub."""
    eve = sign_up(ADA)
    ada = Client()
    answer = sign_in(ada, "github")
    assert (answer.status_code, is_signed_in(ada)) == (403, False)
    assert not SocialAccount.objects.exists()
    assert not enter(eve, ADA, EVES)
    reset(ADA)  # as the page and the mail say
    assert not enter(Client(), ADA, EVES)
    assert not EmailAddress.objects.filter(verified=True).exclude(email=ADA).exists()


def test_t9_2_unexpired_session_eve_is_not_still_in(github: GitHub) -> None:
    """Eve keeps the browser open in which she signed up as Ada."""
    eve = sign_up(ADA)
    assert not is_signed_in(eve)
    reset(ADA)
    ada = Client()
    enter(ada, ADA, NEW)
    ada.post(link_to(ADA, "email_confirmation_signup"))
    enter(ada, ADA, NEW)
    for path in ("/", "/organizations/new/", "/accounts/3rdparty/"):
        assert eve.get(path).status_code == 302
    assert not is_signed_in(eve)


def test_t9_2_connecting_ends_every_other_session(github: GitHub) -> None:
    ada = make_user(ADA)
    elsewhere, here = Client(), Client()
    assert enter(elsewhere, ADA, PASSWORD)
    assert enter(here, ADA, PASSWORD)
    assert elsewhere.get("/accounts/3rdparty/").status_code == 200
    assert here.get("/accounts/3rdparty/").status_code == 200
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sign_in(here, "github", process="connect")
    assert identities(ada).exists()
    assert here.get("/accounts/3rdparty/").status_code == 200
    assert elsewhere.get("/accounts/3rdparty/").status_code == 302


def test_t9_3_trojan_identifier_eves_github_is_not_in_adas_account(github: GitHub) -> None:
    """Eve's GitHub account names Ada's address, unconfirmed; a link would go to Ada."""
    github.number, github.emails = 666, [(ADA, True, False)]
    assert sign_in(Client(), "github").status_code == 403
    assert not User.objects.exists()
    assert not Mail.objects.exists()
    ada = sign_up(ADA, NEW)
    ada.post(link_to(ADA, "email_confirmation_signup"))
    assert is_signed_in(ada)
    eve = Client()
    assert sign_in(eve, "github").status_code == 403
    assert not is_signed_in(eve)


def test_t9_3_trojan_identifier_eve_adds_no_identity_before_she_confirms(github: GitHub) -> None:
    """Eve signs up with Ada's address, and would add her own GitHub account to it."""
    eve = sign_up(ADA)
    assert eve.post("/accounts/with/github/", {"process": "connect"}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_t9_4_unexpired_email_change_eves_begun_change_does_not_hold_the_address(
    github: GitHub,
) -> None:
    """Eve begins to change her address to Ada's, and leaves it unconfirmed."""
    eve = make_user("eve@example.org")
    EmailAddress.objects.create(user=eve, email=ADA, verified=False)
    ada = Client()
    sign_in(ada, "github")
    assert is_signed_in(ada)
    user = User.objects.get(email=ADA)
    assert addresses(user).get().verified
    assert not addresses(eve).filter(email=ADA).exists()


def test_t9_4_unexpired_email_change_a_reset_does_not_lead_into_eves_account() -> None:
    eve = make_user("eve@example.org")
    EmailAddress.objects.create(user=eve, email=ADA, verified=False)
    Client().post("/accounts/password/reset/", {"email": ADA})
    assert [mail.name for mail in Mail.objects.all()] == ["sign_in_unknown_account"]


def test_t9_4_unexpired_email_change_signing_up_makes_an_account_of_adas_own() -> None:
    eve = make_user("eve@example.org")
    EmailAddress.objects.create(user=eve, email=ADA, verified=False)
    ada = sign_up(ADA, NEW)
    ada.post(link_to(ADA, "email_confirmation_signup"))
    assert is_signed_in(ada)
    assert User.objects.get(email=ADA) != eve
    assert addresses(eve).get().email == "eve@example.org"


def test_t9_5_non_verifying_provider_a_claimed_address_opens_nothing(
    provider: Provider,
) -> None:
    """Eve runs a provider of her own, which says that she is Ada."""
    make_user(ADA)
    make_oidc(provider.issuer, domain="eve.example", provider_id="eves-oidc")
    eve = Client()
    answer = sign_in(eve, "eves-oidc")
    assert (answer.status_code, is_signed_in(eve)) == (403, False)
    assert not SocialAccount.objects.exists()


def test_t9_5_non_verifying_provider_not_even_at_adas_own_company(provider: Provider) -> None:
    """At a provider where people may type their own address, Eve types Ada's."""
    ada = make_user(ADA)
    make_oidc(provider.issuer)
    provider.person["sub"] = "00u2eve"
    eve = Client()
    assert sign_in(eve, "acme-oidc").status_code == 403
    assert not is_signed_in(eve)
    assert not identities(ada).exists()

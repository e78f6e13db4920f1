"""OpenID Connect against a provider that misbehaves on demand, over HTTP."""

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from onboarding.models import Membership, User
from tests.harness.oidc import CLIENT_SECRET, Claims, Provider
from tests.harness.stand_in import Answer
from tests.views.providers.world import (
    addresses,
    come_back,
    is_signed_in,
    leave,
    make_oidc,
    said,
    sign_in,
    visit,
)

pytestmark = pytest.mark.django_db
ID = "acme-oidc"


def with_secret(claims: Claims) -> str:
    return jwt.encode(claims, CLIENT_SECRET, algorithm="HS256", headers={"kid": "k1"})


def refused(client: Client, provider: Provider) -> None:
    answer = sign_in(client, ID)
    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert "You are not signed in" in answer.text
    assert not SocialAccount.objects.exists()
    assert not User.objects.filter(email="ada@example.com").exists()


def test_a_colleague_comes_in_and_is_a_member(client: Client, provider: Provider) -> None:
    connection = make_oidc(provider.issuer)
    answer = sign_in(client, ID)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    ada = User.objects.get(email="ada@example.com")
    assert (ada.name, ada.has_usable_password()) == ("Ada Byron", False)
    assert addresses(ada).get().verified
    membership = ada.memberships.get()
    assert (membership.organization, membership.role) == (
        connection.organization,
        Membership.Role.MEMBER,
    )
    assert not membership.is_founder


def test_asvs_10_5_2_a_person_is_the_provider_and_its_subject(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    sign_in(client, ID)
    identity = SocialAccount.objects.get()
    assert (identity.provider, identity.uid) == (ID, "00u1ada")
    provider.person["email"] = "ada.lovelace@example.com"  # she married; it is still she
    again = Client()
    sign_in(again, ID)
    assert is_signed_in(again)
    assert User.objects.exclude(memberships__is_founder=True).get().email == "ada@example.com"


@pytest.mark.parametrize(
    "methods",
    [
        ["client_secret_post"],
        ["client_secret_basic"],
        ["client_secret_post", "client_secret_basic"],
    ],
)
def test_the_portal_proves_who_it_is_in_the_way_the_provider_takes(
    client: Client, provider: Provider, methods: list[str]
) -> None:
    make_oidc(provider.issuer)
    provider.config = {"token_endpoint_auth_methods_supported": methods}
    sign_in(client, ID)
    assert is_signed_in(client)


def test_what_is_kept_of_an_answer_is_little(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    provider.person["groups"] = ["wheel"]
    sign_in(client, ID)
    assert SocialAccount.objects.get().extra_data == {
        "email": "ada@example.com",
        "email_verified": True,
    }


def test_userinfo_fills_in_an_address_and_tells_of_nobody_else(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    address = provider.person.pop("email")
    provider.about = {"sub": "00u2eve", "email": address}
    refused(client, provider)
    provider.about = {"sub": "00u1ada", "email": address}
    sign_in(client, ID)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "answer",
    [Answer("no JSON"), Answer("[]"), Answer("{}"), Answer('{"keys": [7]}'), Answer(status=500)],
)
@pytest.mark.parametrize("path", ["/jwks", "/token"])
def test_a_provider_that_answers_nonsense_lets_nobody_in(
    client: Client, provider: Provider, path: str, answer: Answer
) -> None:
    make_oidc(provider.issuer)
    provider.at.routes[path] = lambda _: answer
    refused(client, provider)


def test_a_provider_that_is_not_there_is_told_on_a_page(client: Client, provider: Provider) -> None:
    make_oidc("http://127.0.0.1:9")
    answer = client.post(f"/accounts/with/{ID}/")
    assert answer.status_code == 401
    assert "You are not signed in" in answer.text


@pytest.mark.parametrize(
    "endpoint", ["javascript:alert(1)", "http://169.254.169.254/latest", "file:///etc/passwd", 7]
)
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_asvs_1_3_6_a_provider_leads_to_no_address_of_its_choice(
    client: Client, provider: Provider, name: str, endpoint: object
) -> None:
    make_oidc(provider.issuer)
    provider.config = {name: endpoint}
    first = client.post(f"/accounts/with/{ID}/")
    if name != "jwks_uri":
        assert first.status_code == 401
    else:
        refused(Client(), provider)


def test_a_redirect_of_the_provider_is_not_followed(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    evil = f"{provider.at.url}/evil"
    provider.at.routes["/jwks"] = lambda _: Answer(status=302, location=evil)
    refused(client, provider)
    assert "/evil" not in {asked.path for asked in provider.at.asked}


def test_asvs_10_1_2_an_answer_counts_once(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    back = visit(leave(client, ID))
    assert come_back(client, back).status_code == 302
    client.logout()
    assert come_back(client, back).status_code == 401
    assert not is_signed_in(client)


def test_asvs_10_1_2_an_answer_counts_in_the_browser_that_asked(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    eves = visit(leave(Client(), ID))
    leave(client, ID)
    assert come_back(client, eves).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("state", ["", "x" * 32])
def test_asvs_10_1_2_an_answer_without_its_state_is_refused(
    client: Client, provider: Provider, state: str
) -> None:
    make_oidc(provider.issuer)
    back = visit(leave(client, ID))
    assert come_back(client, back.replace(said(back)["state"], state)).status_code == 401
    assert not is_signed_in(client)


def test_asvs_10_2_2_an_answer_of_one_provider_is_not_handed_to_another(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    make_oidc(provider.issuer, provider_id="other-oidc", domain="example.org")
    back = visit(leave(client, ID))
    assert come_back(client, back.replace(ID, "other-oidc")).status_code == 401
    assert "/token" not in {asked.path for asked in provider.at.asked}


@pytest.mark.parametrize("says_so", [False, True])
def test_asvs_10_2_2_an_answer_that_names_another_issuer_is_refused(
    client: Client, provider: Provider, says_so: bool
) -> None:
    make_oidc(provider.issuer)
    provider.config = {"authorization_response_iss_parameter_supported": says_so}
    back = visit(leave(client, ID))
    assert come_back(client, f"{back}&iss=https%3A%2F%2Fevil.example").status_code == 401
    assert "/token" not in {asked.path for asked in provider.at.asked}


def test_a_link_adds_nothing_to_the_question(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    more = "?scope=admin&auth_params=redirect_uri%3Dhttps%253A%252F%252Fevil.example%26state%3Dx"
    answer = client.post(f"/accounts/with/{ID}/{more}")
    asked = said(answer.context["url"])
    assert "admin" not in asked["scope"]
    assert asked["redirect_uri"].endswith(f"/accounts/oidc/{ID}/login/callback/")
    assert len(asked["state"]) == 32


def test_going_back_at_the_provider_is_no_fault(client: Client, provider: Provider) -> None:
    make_oidc(provider.issuer)
    state = said(leave(client, ID))["state"]
    path = f"/accounts/oidc/{ID}/login/callback/?error=access_denied&state={state}"
    answer = client.get(path, follow=True)
    assert "Nothing was changed" in answer.text


def test_no_secret_or_token_is_in_the_log(
    client: Client, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    make_oidc(provider.issuer)
    sign_in(client, ID)
    provider.sign = with_secret
    sign_in(Client(), ID)
    assert "sign_in_refused" in caplog.text
    assert "canary" not in caplog.text

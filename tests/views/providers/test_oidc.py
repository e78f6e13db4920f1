"""OpenID Connect against a provider that misbehaves on demand, over HTTP."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from onboarding.models import Membership, User
from tests.harness.oidc import CLIENT_SECRET, KEY, Claims, Provider, signed
from tests.views.providers.world import (
    addresses,
    is_signed_in,
    leave,
    make_oidc,
    said,
    sign_in,
)

pytestmark = pytest.mark.django_db
ID = "acme-oidc"


def text(part: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def unsigned(claims: Claims) -> str:
    return (text({"alg": "none", "kid": "k1"}) + b"." + text(claims) + b".").decode()


def with_secret(claims: Claims) -> str:
    return jwt.encode(claims, CLIENT_SECRET, algorithm="HS256", headers={"kid": "k1"})


def with_public_key_as_secret(claims: Claims) -> str:
    """The confusion of RFC 8725, 2.1: anybody has the public key."""
    pem = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = text({"alg": "HS256", "kid": "k1"}) + b"." + text(claims)
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return (head + b"." + base64.urlsafe_b64encode(mac.sign(head, pem)).rstrip(b"=")).decode()


def with_another_key(claims: Claims) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})


def with_an_unknown_key(claims: Claims) -> str:
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k2"})


def tampered(claims: Claims) -> str:
    head, _, signature = signed(claims).split(".")
    return f"{head}.{text(claims | {'sub': '00u2eve'}).decode()}.{signature}"


def no_token(claims: Claims) -> str:
    return ""


def changed(**values: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {k: v for k, v in (claims | values).items() if v is not None}


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


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        with_secret,
        with_public_key_as_secret,
        with_another_key,
        with_an_unknown_key,
        tampered,
        no_token,
    ],
)
def test_asvs_9_1_1_and_9_1_2_a_token_that_the_provider_did_not_sign_is_refused(
    client: Client, provider: Provider, sign: Callable[[Claims], str]
) -> None:
    make_oidc(provider.issuer)
    provider.sign = sign
    refused(client, provider)


@pytest.mark.parametrize("trick", ["jwk", "jku", "x5u"])
def test_asvs_9_1_3_a_key_that_the_token_brings_along_is_not_used(
    client: Client, provider: Provider, trick: str
) -> None:
    make_oidc(provider.issuer)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    brought = {"jwk": own, "jku": f"{provider.at.url}/evil", "x5u": f"{provider.at.url}/evil"}
    headers = {"kid": "k1", trick: brought[trick]}
    provider.sign = lambda claims: jwt.encode(claims, key, algorithm="RS256", headers=headers)
    refused(client, provider)
    assert "/evil" not in {asked.path for asked in provider.at.asked}


@pytest.mark.parametrize(
    "change",
    [
        changed(exp=int(time.time()) - 3600),
        changed(nbf=int(time.time()) + 3600),
        changed(iat=int(time.time()) + 3600),
        changed(exp=None),
        changed(iat=None),
    ],
    ids=["expired", "not yet", "made tomorrow", "no end", "no beginning"],
)
def test_asvs_9_2_1_a_token_out_of_its_time_is_refused(
    client: Client, provider: Provider, change: Callable[[Claims], Claims]
) -> None:
    make_oidc(provider.issuer)
    provider.change = change
    refused(client, provider)


@pytest.mark.parametrize(
    "change",
    [
        changed(aud="another-client"),
        changed(aud=["another-client"]),
        changed(aud=["another-client", "portal-client"]),
        changed(aud=["another-client", "portal-client"], azp="another-client"),
        changed(azp="another-client"),
        changed(aud=None),
    ],
)
def test_asvs_9_2_3_and_10_5_4_a_token_for_another_client_is_refused(
    client: Client, provider: Provider, change: Callable[[Claims], Claims]
) -> None:
    make_oidc(provider.issuer)
    provider.change = change
    refused(client, provider)


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "http://127.0.0.1", "", None])
def test_asvs_10_5_3_a_token_of_another_issuer_is_refused(
    client: Client, provider: Provider, issuer: str | None
) -> None:
    make_oidc(provider.issuer)
    provider.change = changed(iss=issuer)
    refused(client, provider)


def test_asvs_10_5_3_a_provider_that_says_to_be_another_is_refused(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    provider.config = {"issuer": "https://accounts.google.com"}
    answer = client.post(f"/accounts/with/{ID}/")
    assert answer.status_code == 401
    assert "/authorize" not in answer.text


@pytest.mark.parametrize("nonce", ["another-nonce", "", None, 7])
def test_asvs_10_5_1_a_token_that_answers_another_question_is_refused(
    client: Client, provider: Provider, nonce: object
) -> None:
    make_oidc(provider.issuer)
    provider.change = changed(nonce=nonce)
    refused(client, provider)


def test_asvs_10_5_1_every_question_has_its_own_nonce_state_and_proof(
    client: Client, provider: Provider
) -> None:
    make_oidc(provider.issuer)
    asked = [said(leave(client, ID)) for _ in range(3)]
    for name in ("nonce", "state", "code_challenge"):
        assert len({one[name] for one in asked}) == 3
        assert all(len(one[name]) >= 32 for one in asked)
    assert {one["code_challenge_method"] for one in asked} == {"S256"}
    assert {one["response_type"] for one in asked} == {"code"}


@pytest.mark.parametrize("subject", ["", "x" * 192, 7, None, ["00u1ada"]])
def test_a_token_that_names_nobody_is_refused(
    client: Client, provider: Provider, subject: object
) -> None:
    make_oidc(provider.issuer)
    provider.change = changed(sub=subject)
    refused(client, provider)


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

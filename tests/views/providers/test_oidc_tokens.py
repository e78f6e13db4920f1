"""ID tokens that are not to be believed, from a provider that misbehaves on demand, over HTTP."""

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

from onboarding.models import User
from tests.harness.oidc import CLIENT_SECRET, KEY, Claims, Provider, signed
from tests.views.providers.world import (
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

"""What an ID token must say to be believed (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures with a key pair. None, and none that the client's secret could make."""
CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be off."""
LONGEST_SUBJECT = 191
"""OpenID Connect allows 255 (Core, 8); the column holds this many."""
REQUIRED = ("iss", "sub", "aud", "exp", "iat")


class Disbelieved(OAuth2Error):
    """A provider's answer that is not believed. The message is ours, and fit for the log."""


def believed(
    token: str, *, keys: dict[str, Any], issuer: str, audience: str, nonce: str
) -> dict[str, Any]:
    """The claims of `token`. Raises `Disbelieved` for a token that is not ours to believe.

    The signature is checked although the token came over TLS: whoever can answer for the token
    endpoint is not always who holds the provider's keys.
    """
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise Disbelieved("The ID token is signed in a way that is not accepted.")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(keys, header),
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": list(REQUIRED)},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Disbelieved(f"The ID token is not accepted: {type(error).__name__}.") from None
    _meant_for_us(claims, audience, nonce)
    return claims


def _key(keys: dict[str, Any], header: dict[str, Any]) -> Any:
    """The provider's key that the token names; if it names none, the only one there is."""
    signing = [key for key in keys["keys"] if key.get("use", "sig") == "sig"]
    if header.get("kid") is not None:
        signing = [key for key in signing if key.get("kid") == header["kid"]]
    if len(signing) != 1 or signing[0].get("kty") not in ("RSA", "EC", "OKP"):
        raise Disbelieved("The ID token names no key of the provider's.")
    said = signing[0].get("alg", header["alg"])
    if said != header["alg"]:
        raise Disbelieved("The ID token is signed otherwise than its key says.")
    return jwt.PyJWK(signing[0], algorithm=header["alg"]).key


def _meant_for_us(claims: dict[str, Any], audience: str, nonce: str) -> None:
    told = claims["aud"]
    several = isinstance(told, list) and len(told) > 1
    if claims.get("azp", None if several else audience) != audience:
        raise Disbelieved("The ID token was made for another client.")
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
        raise Disbelieved("The ID token does not answer our question.")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT:
        raise Disbelieved("The ID token names nobody we could know again.")

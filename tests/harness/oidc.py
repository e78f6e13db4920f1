"""A provider of OpenID Connect that does as a test says, also what none should do."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.harness.stand_in import Answer, Asked, StandIn, as_json, back_to

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""Made once: it takes a while."""
CLIENT_ID, CLIENT_SECRET = "portal-client", "canary-of-the-client-secret"

Claims = dict[str, Any]


def key_set(key: rsa.RSAPrivateKey = KEY, **more: str) -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"} | more]}


def signed(claims: Claims) -> str:
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k1"})


@dataclass
class Provider:
    """Set `person` to who signs in there; `change` or `sign` to have it misbehave."""

    at: StandIn
    person: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] = signed
    about: Claims = field(default_factory=dict)
    """What the userinfo endpoint tells, when it is asked."""
    config: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at.routes |= {
            "/.well-known/openid-configuration": lambda _: as_json(self.discovery()),
            "/authorize": self.authorize,
            "/token": self.token,
            "/jwks": lambda _: as_json(key_set()),
            "/userinfo": lambda _: as_json(self.about),
        }

    @property
    def issuer(self) -> str:
        return self.at.url

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.at.url}/authorize",
            "token_endpoint": f"{self.at.url}/token",
            "jwks_uri": f"{self.at.url}/jwks",
            "userinfo_endpoint": f"{self.at.url}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.config

    def authorize(self, asked: Asked) -> Answer:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked.query
        return back_to(asked.query["redirect_uri"], code=code, state=asked.query["state"])

    def token(self, asked: Asked) -> Answer:
        """As RFC 6749 and 7636: one code once, to the client that has its verifier and secret."""
        wanted = self.codes.pop(asked.form.get("code", ""), None)
        proof = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.discovery()["token_endpoint_auth_methods_supported"] == ["client_secret_post"]:
            known = asked.form.get("client_secret") == CLIENT_SECRET
        else:
            known = asked.headers.get("Authorization") == f"Basic {basic}"
        if wanted is None or wanted["code_challenge"] != challenge or not known:
            return as_json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": wanted["nonce"],
        } | self.person
        return as_json(
            {
                "access_token": "canary-of-the-access-token",
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.sign(self.change(claims)),
            }
        )

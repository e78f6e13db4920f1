"""GitHub's answers, as its documentation shows them, for one person."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.harness.stand_in import Answer, Asked, StandIn, as_form, as_json, back_to

TOKEN = "gho_canaryOfTheGitHubToken0123456789"


@dataclass
class GitHub:
    """`emails`: address, primary, verified. `error`: what the token endpoint answers instead."""

    at: StandIn
    number: int = 583231
    login: str = "octocat"
    emails: list[tuple[str, bool, bool]] = field(default_factory=list)
    error: str = ""
    codes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.at.routes |= {
            "/login/oauth/authorize": self.authorize,
            "/login/oauth/access_token": self.token,
            "/user": self.user,
            "/user/emails": self.addresses,
        }

    def authorize(self, asked: Asked) -> Answer:
        code = secrets.token_hex(10)
        self.codes.add(code)
        return back_to(asked.query["redirect_uri"], code=code, state=asked.query["state"])

    def token(self, asked: Asked) -> Answer:
        """Errors come with status 200."""
        code = asked.form.get("code", "")
        if self.error or code not in self.codes:
            return as_form({"error": self.error or "bad_verification_code"})
        self.codes.remove(code)
        return as_form(
            {"access_token": TOKEN, "scope": "read:user,user:email", "token_type": "bearer"}
        )

    def _entered(self, asked: Asked) -> bool:
        return asked.headers.get("Authorization") == f"token {TOKEN}"

    def user(self, asked: Asked) -> Answer:
        if not self._entered(asked):
            return as_json({"message": "Bad credentials", "status": "401"}, 401)
        told: dict[str, Any] = {
            "login": self.login,
            "id": self.number,
            "node_id": "MDQ6VXNlcjU4MzIzMQ==",
            "type": "User",
            "site_admin": False,
            "name": "monalisa octocat",
            "company": "GitHub",
            "email": None,  # kept private, as most do
            "two_factor_authentication": True,
        }
        return as_json(told)

    def addresses(self, asked: Asked) -> Answer:
        if not self._entered(asked):
            return as_json({"message": "Bad credentials", "status": "401"}, 401)
        return as_json(
            [
                {
                    "email": address,
                    "primary": primary,
                    "verified": verified,
                    "visibility": "private" if primary else None,
                }
                for address, primary, verified in self.emails
            ]
        )

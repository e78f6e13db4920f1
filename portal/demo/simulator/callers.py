"""Who calls: every access key id the simulation has given out, and to whom."""

import base64
import hmac
import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from portal.demo.simulator import accounts, wire
from portal.demo.simulator.evaluate import Document, Principal


class Kind(StrEnum):
    USER = "long-term user"
    SESSION = "assumed role"
    ADMIN = "admin session"


@dataclass(frozen=True)
class Caller:
    account_id: str
    arn: str
    user_id: str
    kind: Kind
    role_name: str = ""
    role_arn: str = ""
    session_policy: Document | None = None

    def known_as(self, arn: str) -> "Caller":
        return replace(self, arn=arn)

    @property
    def principal(self) -> Principal:
        return Principal(self.account_id, self.arn, self.role_arn)


@dataclass(frozen=True)
class Credentials:
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expiration: datetime


VENDOR = Caller(
    accounts.VENDOR_ACCOUNT, accounts.VENDOR_USER_ARN, "AIDAASTROINSTALLPORTL", Kind.USER
)


def administrator(account_id: str, session_name: str = "administrator") -> Caller:
    """A session that may do everything in its account, as a person signed in through SSO has."""
    role = "AWSReservedSSO_AdministratorAccess"
    return Caller(
        account_id=account_id,
        arn=f"arn:aws:sts::{account_id}:assumed-role/{role}/{session_name}",
        user_id=f"AROASIMULATEDADMIN000:{session_name}",
        kind=Kind.ADMIN,
        role_name=role,
        role_arn=f"arn:aws:iam::{account_id}:role/aws-reserved/sso.amazonaws.com/{role}",
    )


@dataclass(frozen=True)
class _Session:
    caller: Caller
    token: str = field(repr=False)
    expires: datetime


def _base64(size: int) -> str:
    """Random text in the alphabet AWS uses for secrets and tokens."""
    return base64.b64encode(secrets.token_bytes(size)).decode()


class Callers:
    """Sessions live in memory alone: a restart ends them all."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    def issue(self, caller: Caller, seconds: int, now: datetime) -> Credentials:
        alphabet = string.ascii_uppercase + "234567"
        key = "ASIA" + "".join(secrets.choice(alphabet) for _ in range(16))
        credentials = Credentials(
            key,
            _base64(30),
            _base64(240),
            now + timedelta(seconds=seconds),
        )
        self._sessions[key] = _Session(caller, credentials.session_token, credentials.expiration)
        return credentials

    def identify(self, call: wire.Call, now: datetime) -> Caller:
        """Raises AWS's error for a key that is unknown, has another token, or has expired."""
        if call.access_key == accounts.VENDOR_KEY.access_key_id:
            return VENDOR
        session = self._sessions.get(call.access_key)
        if session is None or not hmac.compare_digest(session.token, call.token):
            raise wire.unknown_key(call)
        if session.expires <= now:
            raise wire.expired(call)
        return session.caller

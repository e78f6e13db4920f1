"""Who calls: every access key id the simulation has given out, and to whom."""

import base64
import hmac
import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from portal.demo.simulator import accounts, wire
from portal.demo.simulator.evaluate import Document, Principal


class Kind(StrEnum):
    USER = "long-term user"
    SESSION = "assumed role"
    ADMIN = "admin session"
    LOGIN = "session of a user without MFA"
    """Credentials of GetSessionToken."""
    FEDERATED = "federated user"
    """Credentials of GetFederationToken."""


_NOT_FOR_IAM = frozenset({Kind.LOGIN, Kind.FEDERATED})
_OF_ADMINISTRATORS = frozenset({Kind.ADMIN, *_NOT_FOR_IAM})


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


def user_session(account_id: str) -> Caller:
    """What GetSessionToken gives an IAM user who has not shown an MFA device."""
    arn = f"arn:aws:iam::{account_id}:user/administrator"
    return Caller(account_id, arn, "AIDASIMULATEDADMIN000", Kind.LOGIN)


def federated_user(account_id: str) -> Caller:
    """What GetFederationToken gives."""
    arn = f"arn:aws:sts::{account_id}:federated-user/administrator"
    return Caller(account_id, arn, f"{account_id}:administrator", Kind.FEDERATED)


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
        self._calls_left: dict[str, int] = {}
        self._lock = Lock()

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

    def end_after(self, account_id: str, calls: int, now: datetime) -> None:
        """The knob: after so many more calls of an account's administrators, every session that
        they have then is over. Sessions given out later are not."""
        if calls < 0:
            raise ValueError("a number of calls is not negative")
        with self._lock:
            self._calls_left[account_id] = calls
            self._end_if_due(account_id, now)

    def identify(self, call: wire.Call, now: datetime) -> Caller:
        """Raises AWS's error for a key that is unknown, has another token, has expired, or is of
        a kind that the service does not take."""
        if call.access_key == accounts.VENDOR_KEY.access_key_id:
            return VENDOR
        session = self._sessions.get(call.access_key)
        if session is None or not hmac.compare_digest(session.token, call.token):
            raise wire.unknown_key(call)
        if session.expires <= now:
            raise wire.expired(call)
        caller = session.caller
        if self._calls_left and caller.kind in _OF_ADMINISTRATORS:
            self._count_down(caller.account_id, now)
        if caller.kind in _NOT_FOR_IAM and call.service == "iam":
            # IAM User Guide, "Compare AWS STS credentials".
            raise wire.unknown_key(call)
        return caller

    def _count_down(self, account_id: str, now: datetime) -> None:
        with self._lock:
            if account_id in self._calls_left:
                self._calls_left[account_id] -= 1
                self._end_if_due(account_id, now)

    def _end_if_due(self, account_id: str, now: datetime) -> None:
        if self._calls_left[account_id] > 0:
            return
        del self._calls_left[account_id]
        for key, session in list(self._sessions.items()):
            caller = session.caller
            if caller.account_id == account_id and caller.kind in _OF_ADMINISTRATORS:
                self._sessions[key] = replace(session, expires=now)

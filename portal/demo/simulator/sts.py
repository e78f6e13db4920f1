"""STS: AssumeRole by the trust policy that is in force, GetCallerIdentity for every caller.

Source: STS API reference, AssumeRole; IAM User Guide, "Access to AWS accounts owned by third
parties", "Role chaining" and "Cross-account policy evaluation logic".
"""

import json
import re
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from moto.iam.models import Role
from werkzeug.wrappers import Response

from portal.demo.simulator import answers, authorize, backends, wire
from portal.demo.simulator.authorize import Authority
from portal.demo.simulator.callers import Caller, Callers, Kind
from portal.demo.simulator.evaluate import Document, Question, Verdict, evaluate
from portal.demo.simulator.trusts import Trusts

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_ROLE_ARN = re.compile(
    r"arn:aws:iam::([0-9]{12}):role/(?:[\x21-\x7e]+/)?([\w+=,.@-]{1,64})", re.ASCII
)
_LONGEST_CHAINED = 3600
_PATTERNS = {
    # name: (pattern, fewest, most characters)
    "RoleSessionName": (r"[\w+=,.@-]*", 2, 64),
    "ExternalId": (r"[\w+=,.@:\/-]*", 2, 1224),
    "SourceIdentity": (r"[\w+=,.@-]*", 2, 64),
}


class Sts:
    def __init__(self, callers: Callers, trusts: Trusts, authority: Authority) -> None:
        self._callers = callers
        self._trusts = trusts
        self._authority = authority

    def answer(self, caller: Caller, call: wire.Call, now: datetime, request_id: str) -> Response:
        if call.action == "GetCallerIdentity":
            inner = _elements(Arn=caller.arn, UserId=caller.user_id, Account=caller.account_id)
        elif call.action == "AssumeRole":
            inner = self._assume_role(caller, call, now)
        else:
            raise wire.Fault("InvalidAction", f"Could not find operation {call.action}")
        return answers.query_answer(call.action, inner, _NAMESPACE, request_id)

    def _assume_role(self, caller: Caller, call: wire.Call, now: datetime) -> str:
        """Absent role and refused caller get the same answer, so that roles cannot be guessed."""
        arn, seconds = _checked(call)
        if caller.kind is Kind.FEDERATED:
            # STS API reference, GetFederationToken: no call of STS but GetCallerIdentity.
            question = Question(caller.principal, call.name, arn, {})
            raise wire.denied(call, authorize.wording(caller, question, arn))
        role = backends.role_at(arn)
        trust = self._trusts.in_force(target_account(call), arn.rpartition("/")[2], now)
        for action in _actions(call):
            question = Question(caller.principal, action, arn, _context(caller, call, now, arn))
            reason = self._authority.refusal(caller, question, now)
            if trust is None or not _allowed(caller, backends.parsed(trust), question, reason):
                raise wire.denied(call, authorize.wording(caller, question, arn))
        if role is None:
            question = Question(caller.principal, call.name, arn, {})
            raise wire.denied(call, authorize.wording(caller, question, arn))
        _check_duration(caller, role, seconds)
        session = _session(role, call)
        credentials = self._callers.issue(session, seconds, now)
        user = _elements(AssumedRoleId=session.user_id, Arn=session.arn)
        inner = _elements(
            AccessKeyId=credentials.access_key_id,
            SecretAccessKey=credentials.secret_access_key,
            SessionToken=credentials.session_token,
            Expiration=credentials.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        return f"<Credentials>{inner}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"


def target_account(call: wire.Call) -> str:
    """The account whose role is asked for; an empty text when the ARN is none."""
    found = _ROLE_ARN.fullmatch(call.text("RoleArn"))
    return found[1] if found else ""


def _checked(call: wire.Call) -> tuple[str, int]:
    arn = call.text("RoleArn")
    if len(arn) < 20:
        raise _invalid("roleArn", "Member must have length greater than or equal to 20")
    if not _ROLE_ARN.fullmatch(arn):
        raise wire.Fault("ValidationError", f"{arn} is invalid")
    for name, (pattern, fewest, most) in _PATTERNS.items():
        if name in call.params or name == "RoleSessionName":
            _check_text(name, call.text(name), pattern, fewest, most)
    return arn, _seconds(call)


def _check_text(name: str, value: str, pattern: str, fewest: int, most: int) -> None:
    field = name[0].lower() + name[1:]
    if len(value) < fewest:
        raise _invalid(field, f"Member must have length greater than or equal to {fewest}")
    if len(value) > most:
        raise _invalid(field, f"Member must have length less than or equal to {most}")
    if not re.fullmatch(pattern, value, re.ASCII):
        raise _invalid(field, f"Member must satisfy regular expression pattern: {pattern}")


def _seconds(call: wire.Call) -> int:
    text = call.text("DurationSeconds") or "3600"
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _invalid("durationSeconds", "Member must be an integer")
    if int(text) < 900:
        raise _invalid("durationSeconds", "Member must have value greater than or equal to 900")
    if int(text) > 43200:
        raise _invalid("durationSeconds", "Member must have value less than or equal to 43200")
    return int(text)


def _invalid(field: str, rule: str) -> wire.Fault:
    """The value is left out: it may be an external ID."""
    text = f"1 validation error detected: Value at '{field}' failed to satisfy constraint: {rule}"
    return wire.Fault("ValidationError", text)


def _check_duration(caller: Caller, role: Role, seconds: int) -> None:
    if caller.kind in (Kind.SESSION, Kind.ADMIN) and seconds > _LONGEST_CHAINED:
        raise wire.Fault(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining",
        )
    if seconds > int(role.max_session_duration or 3600):
        raise wire.Fault(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )


def _actions(call: wire.Call) -> list[str]:
    """Session tags and a source identity are permissions of their own."""
    tagged = any(name.startswith("Tags.member.") for name in call.params)
    return [
        "sts:AssumeRole",
        *(["sts:TagSession"] if tagged else []),
        *(["sts:SetSourceIdentity"] if call.text("SourceIdentity") else []),
    ]


def _allowed(caller: Caller, trust: Document, question: Question, reason: str) -> bool:
    """`reason`: why the caller's own policies refuse, if they do. Both sides must allow it, except that a trust policy alone may let in a principal of the same
    account which it names itself."""
    if evaluate([trust], question) is not Verdict.ALLOWED:
        return False
    same_account = question.resource.split(":")[4] == caller.account_id
    if reason.startswith("because no identity-based policy") and same_account:
        return evaluate([trust], question, by_account=False) is Verdict.ALLOWED
    return not reason


def _context(caller: Caller, call: wire.Call, now: datetime, arn: str) -> dict[str, Any]:
    keys = dict(authorize.context(caller, call, now))
    keys["aws:resourceaccount"] = (arn.split(":")[4],)
    keys["sts:rolesessionname"] = (call.text("RoleSessionName"),)
    if "ExternalId" in call.params:
        keys["sts:externalid"] = (call.text("ExternalId"),)
    if call.text("SourceIdentity"):
        keys["sts:sourceidentity"] = (call.text("SourceIdentity"),)
    return keys


def _session(role: Role, call: wire.Call) -> Caller:
    name = call.text("RoleSessionName")
    return Caller(
        account_id=role.account_id,
        arn=f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{name}",
        user_id=f"{role.id}:{name}",
        kind=Kind.SESSION,
        role_name=role.name,
        role_arn=role.arn,
        session_policy=_session_policy(call),
    )


def _session_policy(call: wire.Call) -> dict[str, Any] | None:
    if not call.text("Policy"):
        return None
    try:
        document: dict[str, Any] = json.loads(call.text("Policy"))
    except ValueError:
        raise wire.Fault("MalformedPolicyDocument", "This policy contains invalid Json") from None
    return document


def _elements(**texts: str) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())

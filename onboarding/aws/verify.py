"""Asks whether the cross-account role opens for Astro alone: with the external ID, and only so.

One `probe` is one look, made of single steps that never sleep; whoever calls waits between looks.
`judge` says what two looks mean.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3

from onboarding.aws.account import Account, assume, confirm_role, own_sts, refuse_unfit
from onboarding.aws.calls import Call, Recorder, forget
from onboarding.aws.check import Finding, Turn
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import AwsError, Denied
from onboarding.aws.explain import explain
from onboarding.aws.external_ids import guarded_external_id, random_external_id
from onboarding.aws.looks import Answer, Probe
from onboarding.aws.permissions import Policy, Published
from onboarding.aws.permissions_finding import permissions_finding
from onboarding.aws.permissions_read import read_on_role
from onboarding.aws.permissions_version import Measured, measure
from onboarding.aws.recording import collecting
from onboarding.aws.together import at_once
from onboarding.aws.trust import TrustFault, faults
from onboarding.aws.verdict import RoleFinding, is_proved, judge

__all__ = [
    "Answer", "Policy", "Probe", "Published", "RoleFinding", "is_proved", "judge", "probe",
]  # fmt: skip


@dataclass(frozen=True)
class _Reply:
    answer: Answer
    calls: tuple[Call, ...] = ()
    error: AwsError | None = None
    trust: tuple[TrustFault, ...] | None = None
    permissions: Finding | None = None
    measured: Measured | None = None
    role_made: datetime | None = None
    by_former: bool = False


@dataclass(frozen=True)
class _Question:
    """What every question of one look shares. Its repr holds nothing."""

    account_id: str = field(repr=False)
    external_id: str = field(repr=False)
    former: str = field(repr=False)
    before: Probe | None = field(repr=False)
    region: str = field(repr=False)
    record: Recorder = field(repr=False)
    session: SessionFactory = field(repr=False)
    session_name: str = field(repr=False)
    sts: Any = field(repr=False)
    published: Published | None = field(repr=False)


def probe(
    account_id: str,
    external_id: str,
    *,
    region: str,
    former: str = "",
    before: Probe | None = None,
    published: Published | None = None,
    record: Recorder = forget,
    sts: Any = None,
    session_name: str = "astro-portal-probe",
    session: SessionFactory = boto3.Session,
) -> Probe:
    """Ask for the role without an external ID, with a random one and with the right one.

    The three go out at once. If the right one opens, its identity is confirmed, the trust policy
    read back and, where `published` is given, what the role may do compared with it. `session_name`
    is seen in the customer's CloudTrail. Raises `OwnAccount` for Astro's account and ValueError for
    an ill-shaped argument, and never what AWS answers.

    While the external ID is being renewed, `former` is the one before: it is tried where AWS denies
    the new one. The second look, told what the look `before` saw, tries the one that opened, and
    sees whether the former one is refused beside the new one. Eight STS calls at most in two looks.
    """
    refuse_unfit(account_id, region)
    for each in filter(None, (external_id, former)):
        guarded_external_id(each)
    questions = _questions(former, before)
    began = datetime.now(UTC)
    try:
        sts = sts or own_sts(account_id, region, record=record, session=session)
    except AwsError as error:
        return _probe({name: _Reply(Answer.UNKNOWN, error=error) for name in questions}, began)
    question = _Question(
        account_id, external_id, former, before, region, record, session, session_name, sts,
        published,
    )  # fmt: skip
    replies = at_once(*(partial(ask, question) for ask in questions.values()))
    return _probe(dict(zip(questions, replies, strict=True)), began)


def _try(question: _Question, external_id: str | None) -> _Reply:
    """Whether a caller without the right ID gets in. Credentials are dropped unread."""
    with collecting() as calls:
        try:
            assume(
                question.sts,
                question.account_id,
                external_id,
                session_name=question.session_name,
            )
        except AwsError as error:
            return _Reply(_refusal(error), tuple(calls), error)
        return _Reply(Answer.OPENED, tuple(calls))


def _without(question: _Question) -> _Reply:
    return _try(question, None)


def _wrong(question: _Question) -> _Reply:
    return _try(question, random_external_id())


def _former(question: _Question) -> _Reply:
    return _try(question, question.former)


def _opens(question: _Question) -> _Reply:
    """With the external ID, or while it is being renewed with the former one."""
    first, *others = _to_try(question)
    reply = _opens_with(question, first)
    if reply.answer is Answer.DENIED and others:
        with_former = _opens_with(question, others[0])
        if with_former.answer is not Answer.DENIED:
            reply, first = with_former, others[0]
    return replace(reply, by_former=reply.answer is Answer.OPENED and first == question.former)


def _to_try(question: _Question) -> tuple[str, ...]:
    """The IDs in their order; the second look asks for the one that opened in the first."""
    if not question.former:
        return (question.external_id,)
    if question.before is None:
        return (question.external_id, question.former)
    return (question.former if question.before.by_former else question.external_id,)


def _opens_with(question: _Question, external_id: str) -> _Reply:
    with collecting() as calls:
        try:
            credentials = assume(
                question.sts,
                question.account_id,
                external_id,
                session_name=question.session_name,
            )
        except AwsError as error:
            return _Reply(_refusal(error), tuple(calls), error)
        return _inside(question, credentials, calls)


def _inside(question: _Question, credentials: dict[str, str], calls: list[Call]) -> _Reply:
    """The role has opened: is it the role we asked for, and what does its trust policy say?"""
    try:
        account = Account(
            question.account_id,
            question.region,
            credentials,
            record=question.record,
            session=question.session,
        )
        if not (question.former and question.before):  # the look before has confirmed it
            confirm_role(account)
    except AwsError as error:
        return _Reply(Answer.UNKNOWN, tuple(calls), error)
    return _read(question, account, calls)


def _read(question: _Question, account: Account, calls: list[Call]) -> _Reply:
    """What IAM says about the role. A role that may not be read is no less open or shut."""
    published = question.published
    seen = read_on_role(account, policies=published is not None)
    reply = _Reply(Answer.OPENED, tuple(calls))
    if seen.role is not None:
        document = seen.role["AssumeRolePolicyDocument"]
        trust = faults(document, external_id=question.external_id, former=question.former)
        reply = replace(reply, trust=trust, role_made=seen.role["CreateDate"])
    if published is not None:
        ids = tuple(call.request_id for call in calls if call.service == "iam" and call.request_id)
        measured = measure(published, seen.attached) if seen.attached else None
        compared = permissions_finding(published, seen, account.account_id, measured)
        reply = replace(reply, permissions=compared.with_request_ids(ids), measured=measured)
    return reply


_Ask = Callable[[_Question], _Reply]
_QUESTIONS: dict[str, _Ask] = {"opens": _opens, "without": _without, "wrong": _wrong}


def _questions(former: str, before: Probe | None) -> dict[str, _Ask]:
    """With what the second look asks besides, where the new external ID opened in the first."""
    is_renewed = former and before and before.opens is Answer.OPENED and not before.by_former
    return _QUESTIONS | {"former": _former} if is_renewed else _QUESTIONS


_FOLLOWING = {"GetCallerIdentity": "identity", "GetRole": "trust"}
"""What the calls after the question itself are called; others belong to the permissions."""


def _refusal(error: AwsError) -> Answer:
    return Answer.DENIED if isinstance(error, Denied) else Answer.UNKNOWN


def _probe(replies: dict[str, _Reply], began: datetime) -> Probe:
    inside = replies["opens"]
    unknown = [reply.error for reply in replies.values() if reply.answer is Answer.UNKNOWN]
    error = next((error for error in unknown if error), None)
    return Probe(
        opens=replies["opens"].answer,
        without=replies["without"].answer,
        wrong=replies["wrong"].answer,
        trust_faults=inside.trust or (),
        trust_read=inside.trust is not None,
        request_ids={
            _FOLLOWING.get(call.action, name): call.request_id
            for name, reply in replies.items()
            for call in reply.calls
            if call.request_id and (call.action == "AssumeRole" or call.action in _FOLLOWING)
        },
        at=datetime.now(UTC),
        began=began,
        problem=error.message if error else "",
        whose=error.whose if error else Turn.NOBODY,
        why=explain(error) if error else None,
        permissions=inside.permissions,
        measured=inside.measured,
        role_made=inside.role_made,
        by_former=inside.by_former,
        former=replies["former"].answer if "former" in replies else None,
    )

"""“Create it for me”: policies, role, attachments and tags, with the customer's own credentials.

Safe to run again: what exists and is equal is adopted, what differs stops it. Nothing is
overwritten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3

from onboarding.aws.account import refuse_unfit
from onboarding.aws.actions.entry import (
    Credentials,
    LongTermKeys,
    WrongAccount,
    confirmed_caller,
    enter,
)
from onboarding.aws.actions.existing import (
    Existing,
    existing_policy,
    existing_role,
    require_equal,
    somewhere_else,
)
from onboarding.aws.actions.iam import Iam, document_text, tag_list
from onboarding.aws.calls import Recorder, forget
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import AwsError
from onboarding.aws.together import at_once
from onboarding.facts import CONSOLE_REGION

__all__ = ["Created", "Credentials", "LongTermKeys", "RoleSpec", "WrongAccount", "create_role"]


@dataclass(frozen=True)
class RoleSpec:
    role_name: str
    trust_policy: dict[str, Any] = field(repr=False)
    policies: tuple[tuple[str, dict[str, Any]], ...]
    """Name and document, in the order they are told of."""
    tags: dict[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    """Of the role and of each policy, by name; they are not compared with what exists."""


@dataclass(frozen=True)
class Created:
    steps: tuple[str, ...]
    """What was done and what was found done, in order."""
    policy_arns: tuple[str, ...]
    role_arn: str


def create_role(
    credentials: Credentials,
    spec: RoleSpec,
    *,
    account_id: str,
    record: Recorder = forget,
    region: str = CONSOLE_REGION,
    session: SessionFactory = boto3.Session,
) -> Created:
    """Make what `spec` describes in `account_id`.

    Raises `LongTermKeys`, `WrongAccount` or `AlreadyDifferent` before anything is written,
    `CannotUseIam` for credentials that IAM does not accept, `OwnAccount` for Astro's own account,
    and the other members of `AwsError` as they come; `done` then holds the steps taken so far.
    """
    refuse_unfit(account_id, region)
    account = enter(credentials, account_id, region, record=record, session=session)
    iam = Iam(account, caller=confirmed_caller(account))
    steps: list[str] = []
    try:
        return _make(iam, spec, steps)
    except AwsError as error:
        error.done = tuple(steps)
        raise


def _make(iam: Iam, spec: RoleSpec, steps: list[str]) -> Created:
    # Everything is compared before anything is written, so that a difference leaves no half.
    *policies, role = at_once(
        *(partial(existing_policy, iam, name) for name, _ in spec.policies),
        partial(existing_role, iam, spec.role_name),
    )
    for found, (_, document) in zip(policies, spec.policies, strict=True):
        require_equal(found, document)
    require_equal(role, spec.trust_policy)

    _each(
        steps,
        [
            partial(_ensure, iam, spec, found, document)
            for found, (_, document) in zip(policies, spec.policies, strict=True)
        ],
    )
    _each(steps, [partial(_ensure, iam, spec, role, spec.trust_policy)])
    arns = tuple(found.arn for found in policies)
    _attach(iam, spec.role_name, arns, steps)
    return Created(tuple(steps), arns, role.arn)


def _each(steps: list[str], pieces: Sequence[Callable[[], Iterable[str]]]) -> None:
    """Do all side by side and note what each did; then raise the first failure, if there is one."""
    outcomes = at_once(*(partial(_outcome, piece) for piece in pieces))
    for done, _ in outcomes:
        steps.extend(done)
    for _, error in outcomes:
        if error:
            raise error


def _outcome(piece: Callable[[], Iterable[str]]) -> tuple[list[str], AwsError | None]:
    done: list[str] = []
    try:
        for step in piece():
            done.append(step)
    except AwsError as error:
        return done, error
    return done, None


def _ensure(iam: Iam, spec: RoleSpec, found: Existing, document: dict[str, Any]) -> Iterator[str]:
    if found.document is None and _create(iam, spec, found, document):
        yield f"Created the {found.kind} {found.name}"
        return
    if found.document is None:
        # Made in between, or by a call whose answer was lost; or it stands under another name.
        look = existing_role if found.kind == "role" else existing_policy
        found = look(iam, found.name)
        if found.document is None:
            raise somewhere_else(found)
        require_equal(found, document)
    yield f"Found the {found.kind} {found.name}, as wanted"
    yield from _complete_tags(iam, spec, found)


def _create(iam: Iam, spec: RoleSpec, wanted: Existing, document: dict[str, Any]) -> bool:
    """False when IAM says that something of the name exists."""
    more: dict[str, Any] = {"Tags": tag_list(spec.tags)}
    if wanted.name in spec.descriptions:
        more["Description"] = spec.descriptions[wanted.name]
    text = document_text(document)
    if wanted.kind == "role":
        return iam.created(
            "create_role", RoleName=wanted.name, AssumeRolePolicyDocument=text, **more
        )
    return iam.created("create_policy", PolicyName=wanted.name, PolicyDocument=text, **more)


def _complete_tags(iam: Iam, spec: RoleSpec, found: Existing) -> Iterator[str]:
    """Add the tags that are missing; one with another value is the customer's and stays."""
    missing = {key: value for key, value in spec.tags.items() if key not in found.tags}
    if not missing:
        return
    if found.kind == "role":
        iam.ask("tag_role", RoleName=found.name, Tags=tag_list(missing))
    else:
        iam.ask("tag_policy", PolicyArn=found.arn, Tags=tag_list(missing))
    yield f"Tagged the {found.kind} {found.name}"


def _attach(iam: Iam, role_name: str, arns: tuple[str, ...], steps: list[str]) -> None:
    attached = {item["PolicyArn"] for item in iam.attached(role_name)}
    _each(steps, [partial(_attach_one, iam, role_name, arn, arn in attached) for arn in arns])


def _attach_one(iam: Iam, role_name: str, arn: str, is_attached: bool) -> Iterator[str]:
    name = arn.rpartition("/")[2]
    if is_attached:
        yield f"Found {name} attached to the role"
        return
    iam.ask("attach_role_policy", RoleName=role_name, PolicyArn=arn)
    yield f"Attached {name} to the role"

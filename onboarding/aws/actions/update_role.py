"""From an older version of the permissions to another, with the customer's own credentials.

What the portal published is replaced; what it did not is left as it is, and stops the update.
What is missing is added before anything is taken away: Astro goes on working all the while. Safe to
run again, also after a run that broke off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3

from onboarding.aws.account import refuse_unfit
from onboarding.aws.actions.entry import Credentials, confirmed_caller, enter
from onboarding.aws.actions.existing import (
    Existing,
    canonical,
    existing_policy,
    existing_role,
    require_equal,
)
from onboarding.aws.actions.iam import Iam
from onboarding.aws.actions.update_policy import (
    attach,
    create,
    detach,
    new_version,
    tag_policy,
    tag_role,
)
from onboarding.aws.calls import Identity, Recorder, forget
from onboarding.aws.check import Turn
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import AwsError
from onboarding.aws.together import at_once
from onboarding.aws.trust import faults
from onboarding.facts import CONSOLE_REGION


@dataclass(frozen=True)
class RoleUpdate:
    role_name: str
    policies: tuple[tuple[str, dict[str, Any]], ...]
    """Name and document of each, in the order in which they are to be changed."""
    known: Mapping[str, tuple[dict[str, Any], ...]]
    """Every document that was ever published, by the policy's name."""
    tags: Mapping[str, str]
    external_id: str = field(repr=False)
    former_external_id: str = field(default="", repr=False)
    """While it is being renewed; a role may have either."""
    descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Updated:
    steps: tuple[str, ...]
    """What was done and what was found done, in order."""


class NoRole(AwsError):
    """There is nothing to update. Nothing was changed."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


class UnsafeRole(AwsError):
    """The role opens to others than Astro: it is given no permissions. Nothing was changed."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


@dataclass(frozen=True)
class _Plan:
    """What was seen before the first write."""

    wanted: tuple[tuple[Existing, dict[str, Any]], ...]
    """Each policy as it is, and the document that it shall have."""
    attached: frozenset[str]
    """The ARNs of what hangs on the role."""
    former: tuple[Existing, ...]
    """Attached policies of older versions that the new one has no more."""
    left_alone: tuple[str, ...]
    """Names of attached policies like those, with a text that was never published."""


def update_role(
    credentials: Credentials,
    update: RoleUpdate,
    *,
    account_id: str,
    record: Recorder = forget,
    region: str = CONSOLE_REGION,
    session: SessionFactory = boto3.Session,
) -> Updated:
    """Give the role in `account_id` the policies of `update`. The trust policy stays as it is.

    Raises `LongTermKeys`, `WrongAccount`, `NoRole`, `UnsafeRole` or `AlreadyDifferent` before
    anything is written, and the other members of `AwsError` as they come; `done` then holds the
    steps taken so far.
    """
    refuse_unfit(account_id, region)
    account = enter(credentials, account_id, region, record=record, session=session)
    iam = Iam(account, caller=confirmed_caller(account))
    role = _role(iam, update)
    plan = _plan(iam, update)
    steps: list[str] = []
    try:
        for step in _carry_out(iam, update, plan, role):
            steps.append(step)
    except AwsError as error:
        error.done = tuple(steps)
        raise
    return Updated(tuple(steps))


def _role(iam: Iam, update: RoleUpdate) -> Existing:
    """The role, if it is there and opens to Astro alone."""
    found = existing_role(iam, update.role_name)
    if found.document is None:
        raise NoRole(
            f"There is no role {update.role_name} in the account {iam.account.account_id}. "
            "Create it first. Nothing was changed.",
            action="iam:GetRole",
            account_id=iam.account.account_id,
            region=iam.account.region,
        )
    unsafe = faults(
        found.document, external_id=update.external_id, former=update.former_external_id
    )
    if unsafe:
        raise UnsafeRole(
            f"The role {update.role_name} does not open to Astro alone, so it is given no further "
            f"permissions: {unsafe[0].explanation} Put its trust policy right first. Nothing was changed.",
            action="iam:GetRole",
            account_id=iam.account.account_id,
            region=iam.account.region,
        )
    return found


def _plan(iam: Iam, update: RoleUpdate) -> _Plan:
    """Everything is compared before anything is written. Raises `AlreadyDifferent`."""
    hanging, *found = at_once(
        partial(iam.attached, update.role_name),
        *(partial(existing_policy, iam, name) for name, _ in update.policies),
    )
    wanted = tuple(
        (policy, document) for policy, (_, document) in zip(found, update.policies, strict=True)
    )
    for policy, document in wanted:
        if not _is_published(policy, update):
            require_equal(policy, document)
    arns = frozenset(item["PolicyArn"] for item in hanging)
    names = {name for name, _ in update.policies}
    others = [name for name in update.known if name not in names]
    candidates = [existing_policy(iam, name) for name in others if _arn(iam, name) in arns]
    return _Plan(
        wanted,
        arns,
        former=tuple(each for each in candidates if _is_published(each, update)),
        left_alone=tuple(each.name for each in candidates if not _is_published(each, update)),
    )


def _arn(iam: Iam, name: str) -> str:
    return f"arn:aws:iam::{iam.account.account_id}:policy/{name}"


def _is_published(policy: Existing, update: RoleUpdate) -> bool:
    """Whether its text is one that the portal published under its name, in whatever version."""
    known = update.known.get(policy.name, ())
    return any(canonical(policy.document) == canonical(each) for each in known)


def _carry_out(iam: Iam, update: RoleUpdate, plan: _Plan, role: Existing) -> Iterator[str]:
    missing = [each for each in plan.wanted if each[0].document is None]
    there = [each for each in plan.wanted if each[0].document is not None]
    for policy, document in missing:
        yield from create(iam, policy, document, update.tags, update.descriptions)
    for policy, _ in plan.wanted:
        if policy.arn not in plan.attached:
            yield attach(iam, update.role_name, policy)
    for policy, document in there:
        if canonical(policy.document) == canonical(document):
            yield f"Found the policy {policy.name}, as wanted"
        else:
            yield from new_version(iam, policy, document)
        yield from tag_policy(iam, policy, update.tags)
    for policy in plan.former:
        yield detach(iam, update.role_name, policy)
    for name in plan.left_alone:
        yield f"Left {name} attached: its text is none of Astro's"
    # Last, so that the tags do not tell of a version that the role has only half.
    yield from tag_role(iam, role, update.tags)

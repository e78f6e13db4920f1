"""Compares what a role may do with what was published: what is missing, in the way, or too much.

Pure comparison of documents; nothing is asked of AWS. Statement by statement: a published Allow is
there if one attached Allow covers it (action, resource, and a condition that asks no more).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onboarding.aws.actions.existing import canonical
from onboarding.aws.permissions_grants import Grant, grants
from onboarding.aws.trust_text import parsed


@dataclass(frozen=True)
class Policy:
    """A policy as it is attached or published. `arn` is empty for an inline or published one."""

    name: str
    document: Any
    arn: str = ""


@dataclass(frozen=True)
class Published:
    """One version of what the portal published for the role."""

    version: int
    policies: tuple[Policy, ...]
    purposes: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """A sentence for every permission, by policy and action, and for every denial, by its Sid and
    action."""
    others: tuple["Published", ...] = field(default=(), repr=False)
    """The versions that are not in effect. A role may have been made from one."""
    proved: int | None = None
    """The version of the last proof of this very role."""


@dataclass(frozen=True)
class Attached:
    """What AWS says hangs on the role."""

    account_id: str
    managed: tuple[Policy, ...] = ()
    inline: tuple[Policy, ...] = ()
    boundary: Policy | None = None

    @property
    def policies(self) -> tuple[Policy, ...]:
        return self.managed + self.inline


class Why(StrEnum):
    """How near the attached policies come to a published permission that they do not give."""

    ABSENT = "not allowed"
    PARTLY = "only a part of it"
    RESOURCE = "only on some resources"
    CONDITION = "only under a condition"
    UNDECIDED = "we cannot tell from the text"


@dataclass(frozen=True)
class Gap:
    """A published permission that the role lacks, or that `by` may take away again."""

    action: str
    policy: str
    """The published policy that gives it."""
    why: Why = Why.ABSENT
    by: str = ""
    """The policy with the Deny, or the permissions boundary."""


@dataclass(frozen=True)
class Excess:
    """An attached permission beyond the published ones."""

    action: str
    policy: str


@dataclass(frozen=True)
class Comparison:
    version: int
    total: int
    """How many permissions were published; one that several statements give counts once."""
    missing: tuple[Gap, ...] = ()
    taken: tuple[Gap, ...] = ()
    """Surely refused, by a Deny without a condition or by the boundary."""
    at_risk: tuple[Gap, ...] = ()
    """Touched by a Deny, or not plainly allowed by the boundary: on some resources, sometimes."""
    excess: tuple[Excess, ...] = ()
    not_denied: tuple[Excess, ...] = ()
    """What the published policies forbid and the attached ones do not."""
    changed: tuple[str, ...] = ()
    """The published policies, of those that are attached by name, with another text."""
    absent: tuple[str, ...] = ()
    """The published policies of which none is attached by that name."""

    @property
    def is_enough(self) -> bool:
        return not self.missing and not self.taken

    @property
    def is_as_published(self) -> bool:
        return self.is_enough and not (self.at_risk or self.excess or self.not_denied)


def compare(published: Published, attached: Attached) -> Comparison:
    """What is missing, in the way, or too much, in the order of the published documents."""
    account_id = attached.account_id
    wanted = _all("Allow", published.policies, account_id)
    given = _all("Allow", attached.policies, account_id)
    forbidden = _all("Deny", published.policies, account_id)
    denied = _all("Deny", attached.policies, account_id)
    in_the_way = list(_in_the_way(wanted, forbidden, attached))
    taken = _unique(gap for surely, gap in in_the_way if surely)
    theirs, by_name = texts(attached.managed), texts(published.policies)
    return Comparison(
        version=published.version,
        total=len({grant.action for grant in wanted}),
        missing=_unique(
            Gap(grant.action, grant.policy, _why(grant, given))
            for grant in _not_covered(wanted, given)
        ),
        taken=taken,
        at_risk=_unique(gap for _, gap in in_the_way if gap not in taken),
        excess=_unique(Excess(grant.action, grant.policy) for grant in _not_covered(given, wanted)),
        not_denied=_unique(
            Excess(grant.action, grant.sid) for grant in _not_covered(forbidden, denied)
        ),
        changed=tuple(name for name in by_name if theirs.get(name, by_name[name]) != by_name[name]),
        absent=tuple(name for name in by_name if name not in theirs),
    )


def _all(effect: str, policies: tuple[Policy, ...], account_id: str) -> tuple[Grant, ...]:
    return tuple(
        grant
        for policy in policies
        for grant in grants(policy.name, policy.document, effect, account_id)
    )


def _not_covered(items: tuple[Grant, ...], by: tuple[Grant, ...]) -> Iterator[Grant]:
    """Those of `items` that no single one of `by` covers."""
    same = {each.effect for each in by if not each.is_strange}
    for grant in items:
        if grant.effect not in same and not any(each.covers(grant) for each in by):
            yield grant


def _why(wanted: Grant, given: tuple[Grant, ...]) -> Why:
    near = [each for each in given if each.actions.touches(wanted.actions)]
    whole = [each for each in near if each.actions.covers(wanted.actions)]
    if not near:
        return Why.ABSENT
    if not whole:
        return Why.PARTLY
    if any(each.is_undecided for each in whole):
        return Why.UNDECIDED
    if any(each.resources.covers(wanted.resources) for each in whole):
        return Why.CONDITION
    return Why.RESOURCE


def _in_the_way(
    wanted: tuple[Grant, ...], forbidden: tuple[Grant, ...], attached: Attached
) -> Iterator[tuple[bool, Gap]]:
    """Every published permission that is taken away again: whether surely, and by which policy."""
    boundary = (attached.boundary,) if attached.boundary else ()
    denied = _all("Deny", attached.policies + boundary, attached.account_id)
    for each in _not_covered(denied, forbidden):
        for grant in wanted:
            if each.touches(grant):
                # Where it asks for nothing and spares no resource it always bites.
                surely = not each.tests and each.covers(grant)
                yield surely, Gap(grant.action, grant.policy, by=each.policy)
    if boundary:
        allowed = _all("Allow", boundary, attached.account_id)
        for grant in _not_covered(wanted, allowed):
            surely = not any(each.touches(grant) for each in allowed)
            yield surely, Gap(grant.action, grant.policy, by=boundary[0].name)


def texts(policies: Iterable[Policy]) -> dict[str, Any]:
    """What each policy says, by name, whatever the order of its keys and lists."""
    return {policy.name: canonical(parsed(policy.document)) for policy in policies}


def _unique(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))

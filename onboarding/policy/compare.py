"""Whether a new set of managed policies allows anything that the old one does not.

What a set allows is the union of its Allow statements without the union of its Deny statements. The
new set only reduces when two things are proved: whatever a new Allow lets through, an old Allow let
through too or a new Deny stops; and whatever an old Deny stopped, a new Deny stops. The second
holds without regard to what is allowed: a Deny also stops what others allow (the policy of a
bucket, a policy that the customer attaches). What is not proved counts as expanding.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from onboarding.policy import actions, compare_words
from onboarding.policy.compare_arns import arn_contained
from onboarding.policy.compare_conditions import Test, implies, ways
from onboarding.policy.compare_globs import ANYTHING, Pattern, TooComplex, disjoint
from onboarding.policy.compare_rules import Class, Rule, classes, rules
from onboarding.policy.compare_words import Gap, Reason
from onboarding.policy.document import BOUNDARY_NAME, Edition, ManagedPolicy

_MOST_NAMED = 40
"""Actions of one pattern that a difference names before it names the pattern."""

Kind = Literal["expands", "reduces", "undecided"]


@dataclass(frozen=True)
class Difference:
    kind: Kind
    """`undecided` counts as expanding."""
    policy: str
    """The managed policy whose statement is more, or was."""
    sentence: str
    """For Organization Owners."""
    detail: str
    """For whoever reads policies: the reason, and the statement as JSON before and after."""

    def as_data(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "policy": self.policy,
            "sentence": self.sentence,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Comparison:
    differences: tuple[Difference, ...]
    """What expands first. Empty where both sets allow the same."""

    @property
    def expands(self) -> bool:
        return any(difference.kind != "reduces" for difference in self.differences)


def compare(
    before: Sequence[ManagedPolicy],
    after: Sequence[ManagedPolicy],
    *,
    purposes: Mapping[str, str] | None = None,
) -> Comparison:
    """Compares by what is allowed: names, order, Sids and descriptions make no difference.

    Neither does the policy a statement stands in, but for one: the permissions boundary limits the
    roles that Astro makes, so it is compared once more by itself. `purposes` has sentences by the
    Sid of the statement they explain.
    """
    old, new = rules(before), rules(after)
    found = dict.fromkeys(_differences(old, new, purposes or {}))
    boundary_before, boundary_after = _boundary(before), _boundary(after)
    if boundary_before and boundary_after:
        told = {(difference.kind, difference.detail) for difference in found}
        for one in _differences(
            rules(boundary_before), rules(boundary_after), purposes or {}, bounded=True
        ):
            if (one.kind, one.detail) not in told:
                found[one] = None
    order = ("expands", "undecided", "reduces")
    return Comparison(tuple(sorted(found, key=lambda one: order.index(one.kind))))


def purposes(*editions: Edition) -> dict[str, str]:
    """What the editions say of their statements, by Sid; the later edition's words count."""
    return {
        str(grant.statement["Sid"]): " ".join(one for one in (grant.purpose, grant.limit) if one)
        for edition in editions
        for group in edition.groups
        for grant in group.grants
    } | {
        str(denial.statement["Sid"]): denial.sentence
        for edition in editions
        for denial in edition.denials
    }


def _boundary(policies: Sequence[ManagedPolicy]) -> list[ManagedPolicy]:
    return [policy for policy in policies if policy.name == BOUNDARY_NAME]


def _differences(
    old: list[Rule], new: list[Rule], purposes: Mapping[str, str], *, bounded: bool = False
) -> Iterator[Difference]:
    for gap in _gained(old, new):
        kind: Kind = "undecided" if gap.reason is Reason.UNCLEAR else "expands"
        yield _difference(kind, gap, old, new, purposes, bounded)
    for gap in _gained(new, old):
        yield _difference("reduces", gap, old, new, purposes, bounded)


def _difference(
    kind: Kind,
    gap: Gap,
    old: list[Rule],
    new: list[Rule],
    purposes: Mapping[str, str],
    bounded: bool,
) -> Difference:
    sentence = compare_words.sentence(gap, kind, purposes.get(gap.rule.sid, ""), bounded=bounded)
    return Difference(kind, gap.rule.policy, sentence, compare_words.detail(gap, old, new))


def _gained(old: list[Rule], new: list[Rule]) -> Iterator[Gap]:
    """What `new` allows beyond `old`, and what `old` forbids beyond `new`. A gap a statement.

    A statement whose effect is not known may be either.
    """
    allowed = [rule for rule in old if rule.effect != "Deny"]
    stopped = [rule for rule in new if rule.effect == "Deny"]
    for rule in new:
        if rule.effect != "Deny":
            yield from _gap(rule, allowed + stopped)
    forbidden = [rule for rule in new if rule.effect != "Allow"]
    for rule in old:
        if rule.effect != "Allow":
            yield from _gap(rule, forbidden)


def _gap(rule: Rule, covering: list[Rule]) -> Iterator[Gap]:
    """What of `rule` is not certainly within `covering`; nothing if all is."""
    if any(other.canonical == rule.canonical for other in covering if _alike(other, rule)):
        return
    if rule.unclear:
        yield Gap(rule, (), Reason.UNCLEAR, rule.unclear)
        return
    clear = [other for other in covering if not other.unclear]
    try:
        found = list(_missing(rule, clear))
    except TooComplex:
        yield Gap(rule, (), Reason.UNCLEAR, "its patterns are too many to be compared")
        return
    if any(reason for _, reason in found):
        yield _told(rule, found, undecided=len(clear) < len(covering))


def _alike(other: Rule, rule: Rule) -> bool:
    return other.effect == rule.effect


def _missing(rule: Rule, covering: list[Rule]) -> Iterator[tuple[Class, Reason | None]]:
    """Every class of the statement's actions, and what keeps it from being covered."""
    patterns = frozenset(action for other in covering for action in other.actions)
    known: dict[tuple[int, ...], Reason | None] = {}
    for one in classes(rule, patterns):
        which = tuple(n for n, other in enumerate(covering) if other.takes(one.matched))
        if which not in known:
            known[which] = _shortfall(rule, [covering[n] for n in which])
        yield one, known[which]


def _told(rule: Rule, found: list[tuple[Class, Reason | None]], *, undecided: bool) -> Gap:
    """The gap, with its actions as people know them."""
    missing = [one for one, reason in found if reason]
    names = tuple(_names(rule, missing, {one.pattern for one, reason in found if not reason}))
    unknown = [one.action for one in missing if not one.pattern and not one.is_listed]
    if unknown:
        listed = ", ".join(rule.as_written(action) for action in unknown)
        why = f"AWS's list of actions does not have {listed}"
        return Gap(rule, names, Reason.UNCLEAR, why)
    if undecided:
        why = "a statement beside it is not understood, so it cannot be compared"
        return Gap(rule, names, Reason.UNCLEAR, why)
    reasons = {reason for _, reason in found}
    order = (Reason.NEW, Reason.RESOURCES, Reason.CONDITIONS)
    return Gap(rule, names, next(one for one in order if one in reasons))


def _names(rule: Rule, missing: list[Class], partly_covered: set[str]) -> Iterator[str]:
    """Each once: the pattern where nothing or little of it is covered, else its actions."""
    counts = Counter(one.pattern for one in missing)
    whole = {one.pattern for one in missing if not one.is_listed}
    whole |= {one for one in counts if one not in partly_covered or counts[one] > _MOST_NAMED}
    yield from dict.fromkeys(
        rule.as_written(one.pattern)
        if one.pattern and one.pattern in whole
        else actions.known().get(one.action) or rule.as_written(one.action)
        for one in missing
    )


def _shortfall(rule: Rule, covering: list[Rule]) -> Reason | None:
    """What keeps `covering`, which speaks of the action, from covering `rule`; None if nothing."""
    if not any(other.effect == rule.effect for other in covering):
        if not covering or not _covered(rule, rule.tests, covering):
            return Reason.NEW
        return None
    if all(_covered(rule, tests, covering) for tests in ways(rule.tests)):
        return None
    by_resources_alone = [other for other in covering if other.effect == rule.effect]
    within = all(_named(rule, place, by_resources_alone) for place in _places(rule))
    return Reason.CONDITIONS if within else Reason.RESOURCES


def _covered(rule: Rule, tests: Sequence[Test], covering: list[Rule]) -> bool:
    able = [other for other in covering if implies(tests, other.tests)]
    return all(_named(rule, place, able) for place in _places(rule))


def _places(rule: Rule) -> Sequence[Pattern | None]:
    """The resources one by one; None where they are all but some."""
    return (None,) if rule.all_resources_but else rule.resources


def _named(rule: Rule, place: Pattern | None, covering: list[Rule]) -> bool:
    """Whether the resources that `place` stands for are all among those of `covering`."""
    listed = [one for other in covering if not other.all_resources_but for one in other.resources]
    excepting = [other.resources for other in covering if other.all_resources_but]
    if place is None:
        return ANYTHING in listed or any(
            all(arn_contained(one, rule.resources) for one in but) for but in excepting
        )
    return arn_contained(place, listed) or any(
        all(disjoint(place, one) for one in but) for but in excepting
    )

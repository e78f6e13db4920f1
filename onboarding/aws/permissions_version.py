"""Which version of the published permissions a role has, and by which one it is measured.

Publishing a version changes nothing in anybody's account: a role is measured by its own version.
"""

from dataclasses import dataclass, field

from onboarding.aws.permissions import Attached, Comparison, Published, compare, texts
from onboarding.facts import POLICY_NAME


@dataclass(frozen=True)
class Measured:
    by: Published = field(repr=False)
    found: Comparison = field(repr=False)
    """The role compared with `by`."""
    recognised: int | None = None
    """The version whose policies hang on the role letter by letter; None where it is no such one."""


def measure(published: Published, attached: Attached) -> Measured:
    """By the version that the role has exactly. One that was altered is measured by the version of
    its last proof or by the one in effect, whichever it comes nearer to; one never proved by the one
    in effect. Never by a version that is not in effect yet.
    """
    known = {each.version: each for each in (published, *published.others)}
    exact = recognised(published, attached)
    own = known.get(exact or published.proved or published.version, published)
    if own.version >= published.version:
        return Measured(published, compare(published, attached), exact)
    if exact:
        return Measured(own, compare(own, attached), exact)
    either = (Measured(each, compare(each, attached)) for each in (published, own))
    return min(either, key=_distance)


def recognised(published: Published, attached: Attached) -> int | None:
    """The version whose policies are attached with its very statements, and no other of their kind.

    Policies of the customer's own beside them do not make it another version.
    """
    theirs = texts(each for each in attached.managed if each.name.endswith(POLICY_NAME))
    versions = (published, *published.others)
    return next((each.version for each in versions if texts(each.policies) == theirs), None)


def _distance(measured: Measured) -> tuple[bool, int]:
    """Whether the role lacks something, then in how many permissions it differs."""
    found = measured.found
    differences = (found.missing, found.taken, found.excess, found.not_denied)
    return not found.is_enough, sum(map(len, differences))

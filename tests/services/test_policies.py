"""Proposing, approving and putting into effect: who may, what is refused, what is written."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from onboarding.jobs import edition as editions
from onboarding.models import (
    Notice,
    PolicyVersion,
    User,
)
from onboarding.policy.document import Edition
from onboarding.services import policies
from tests import policy_ledger as ledger
from tests.factories import make_organization
from tests.policy_ledger import edition, lead
from tests.services.policy_scene import (
    NARROWER,
    WIDER,
    announce,
    arrive,
    give_notice,
    propose,
)
from tests.services.together import at_once

State = PolicyVersion.State
pytestmark = pytest.mark.django_db


def test_the_comparison_decides_what_a_proposal_is() -> None:
    wider = propose(WIDER)
    assert (wider.expands, wider.state) == (True, State.PROPOSED)
    assert {each["kind"] for each in wider.differences} & {"expands", "undecided"}
    narrower = propose(edition(less="eks:UpdateAddon", number=3))
    assert not narrower.expands


def test_a_proposal_is_compared_with_what_may_come_before_it_too() -> None:
    """A version that takes nothing away may still give more than one before it that does."""
    propose(edition(less="eks:UpdateAddon", number=2))
    third = propose(edition(less="eks:DeleteAddon", number=3))
    assert third.expands
    assert {each["against"] for each in third.differences} == {1, 2}


def test_a_proposal_is_newer_and_not_the_same_under_another_number() -> None:
    for wanted in (edition(more="eks:CreateFargateProfile", number=1), edition(number=2)):
        with pytest.raises(policies.Refused):
            propose(wanted)


def test_a_reducing_version_takes_effect_at_once_without_notice() -> None:
    make_organization()
    version = propose(NARROWER)
    with pytest.raises(policies.Refused):
        policies.approve(version, by=lead())
    by = lead("activate")
    policies.activate(version, by=by)
    version.refresh_from_db()
    assert (version.state, version.effective_by) == (State.EFFECTIVE, by)
    assert editions.in_effect().number == 2
    assert give_notice() == []


def test_an_expanding_version_waits_for_approval_notice_and_14_days() -> None:
    make_organization()
    version, by = propose(WIDER), lead()
    with pytest.raises(policies.Refused, match="approve it first"):
        policies.activate(version, by=by)
    policies.approve(version, by=by)
    for wait in (
        lambda: None,
        give_notice,
        lambda: arrive(ledger.FORTNIGHT - timedelta(seconds=1)),
    ):
        wait()
        with pytest.raises(policies.Refused, match="14 × 24"):
            policies.activate(version, by=by)
    ledger.long_ago(Notice.objects.get(), "accepted_at", ledger.FORTNIGHT)
    policies.activate(version, by=by)
    assert editions.in_effect().number == 2


def test_a_withdrawn_version_never_takes_effect_and_tells_nobody_any_more() -> None:
    version = announce()
    policies.withdraw(version, by=lead())
    make_organization()
    assert give_notice() == []
    for verb in (policies.withdraw, policies.approve, policies.activate):
        with pytest.raises(policies.Refused):
            verb(version, by=lead())


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_each_is_decided_in_turn() -> None:
    """One in effect at the end, the newer; the older one is before it or refused."""
    one = propose(edition(less="eks:UpdateAddon", number=2))
    two = propose(edition(less="eks:UpdateNodegroupVersion", number=3))
    # Narrower than either, so that none of them has to wait.
    assert two.expands
    policies.withdraw(two, by=lead())
    source = edition(less="eks:UpdateAddon", number=4)
    two = propose(edition_without(source, "eks:DeleteAddon"))
    assert not two.expands
    told: list[str] = []
    lock = threading.Lock()

    def put_into_effect(version: PolicyVersion, by: User) -> None:
        try:
            policies.activate(version, by=by)
            said = "done"
        except policies.Refused:
            said = "refused"
        with lock:
            told.append(f"{version.number} {said}")

    first, second = lead(), lead()
    at_once([lambda: put_into_effect(one, first), lambda: put_into_effect(two, second)])
    assert "4 done" in told
    assert len(told) == 2
    assert PolicyVersion.objects.get(state=State.EFFECTIVE).number == 4
    one.refresh_from_db()
    assert one.state == State.SUPERSEDED


def edition_without(wanted: Edition, action: str) -> Edition:
    groups = [
        group
        | {
            "grants": [
                grant | {"actions": [one for one in grant["actions"] if one != action]}
                for grant in group["grants"]
            ]
        }
        for group in wanted.source["groups"]
    ]
    return Edition(wanted.number, dict(wanted.source) | {"groups": groups})


def narrower() -> PolicyVersion:
    return propose(NARROWER)


def told_long_ago(ago: timedelta) -> PolicyVersion:
    """An expanding version, whose one Owner was told so long ago."""
    make_organization()
    version = propose(WIDER)
    assert version.expands
    policies.approve(version, by=lead())
    give_notice()
    arrive(ago)
    return version


RACES = {
    "a narrower one": (narrower, [False, False, True]),
    "a wider one after 14 days": (partial(told_long_ago, ledger.FORTNIGHT), [False, False, True]),
    "a wider one half a minute early": (
        partial(told_long_ago, ledger.FORTNIGHT - timedelta(seconds=30)),
        [False, False, False],
    ),
}
"""What three people get who put one version into effect in the same moment."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("make", "expected"), RACES.values(), ids=RACES)
def test_the_same_version_is_put_into_effect_once_and_not_before_its_time(
    make: Callable[[], PolicyVersion], expected: list[bool]
) -> None:
    version, results = make(), []
    people = [lead() for _ in range(3)]

    def put_into_effect(by: User) -> None:
        try:
            policies.activate(version, by=by)
            results.append(True)
        except policies.Refused:
            results.append(False)

    at_once([partial(put_into_effect, by) for by in people])
    assert sorted(results) == expected
    version.refresh_from_db()
    assert (version.state == State.EFFECTIVE) is any(expected)
    assert connection.vendor == "postgresql"

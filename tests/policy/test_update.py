"""In which order policies change, and which texts count as published."""

import json

from onboarding.policy.document import Edition
from onboarding.policy.update import in_order, update_spec
from tests.editions import with_grant
from tests.policy.update_scene import OLD


def moved(number: int, start: int, end: int) -> Edition:
    """The last grant of one policy stands in another; both by their place in the version."""
    source = json.loads(json.dumps(OLD.source))
    before, after = (OLD.policies[place].name for place in (start, end))
    grants = [grant for group in source["groups"] for grant in group["grants"]]
    next(each for each in reversed(grants) if each["policy"] == before)["policy"] = after
    return Edition(number, source)


def test_the_policy_that_gains_a_permission_changes_before_the_one_that_loses_it() -> None:
    for start, end in ((0, 3), (3, 0)):
        newer = moved(2, start, end)
        names = [each.name for each in in_order(newer, (newer, OLD))]
        loses, gains = OLD.policies[start].name, OLD.policies[end].name
        assert names.index(gains) < names.index(loses)
        assert sorted(names) == sorted(each.name for each in newer.policies)


def test_what_is_not_in_effect_yet_counts_as_unpublished() -> None:
    newer, newest = with_grant(2, ["eks:A"]), with_grant(3, ["eks:B"])
    spec = update_spec(newer, (newest, newer, OLD))
    texts = json.dumps(spec.known)
    assert "eks:A" in texts
    assert "eks:B" not in texts
    assert dict(spec.policies) == {each.name: each.document for each in newer.policies}
    assert spec.tags == newer.tags


def test_each_text_is_known_once() -> None:
    newer = with_grant(2, ["eks:A"])
    known = update_spec(newer, (newer, OLD)).known
    assert sorted(len(documents) for documents in known.values()) == [1, 1, 1, 1, 2]

"""Versions of the permissions that are not shipped, and putting them into effect."""

import json

from django.utils import timezone

from onboarding.models import PolicyVersion
from onboarding.policy import document
from onboarding.policy.document import Edition
from tests.factories import make_user


def with_grant(
    number: int, actions: list[str], policy: str = "", *, base: Edition | None = None
) -> Edition:
    """The shipped one, or `base`, and one more grant for Amazon EKS in one of its policies."""
    source = json.loads(json.dumps((base or document.shipped()).source))
    group = next(each for each in source["groups"] if each["service"] == "eks")
    policy = policy or group["grants"][-1]["policy"]
    purpose = "Lets it do something new."
    sid = f"New{len(group['grants'])}"
    row = {"policy": policy, "sid": sid, "purpose": purpose, "actions": actions}
    group["grants"].append(row)
    return Edition(number, source)


def without_grant(number: int, sid: str) -> Edition:
    """The shipped one, less one grant."""
    source = json.loads(json.dumps(document.shipped().source))
    for group in source["groups"]:
        group["grants"] = [each for each in group["grants"] if each["sid"] != sid]
    return Edition(number, source)


def propose(edition: Edition, *, expands: bool = False) -> PolicyVersion:
    return PolicyVersion.objects.create(
        number=edition.number,
        source=edition.source,
        checksum=edition.checksum,
        what=f"What changes in version {edition.number}.",
        why=f"Why version {edition.number}.",
        expands=expands,
        proposed_by=make_user(is_staff=True),
    )


def put_into_effect(edition: Edition) -> PolicyVersion:
    """As a version that only reduces: nobody has to be told of it first."""
    row = propose(edition)
    row.state = PolicyVersion.State.EFFECTIVE
    row.effective_by = make_user(is_staff=True)
    row.effective_at = timezone.now()
    row.save(update_fields=["state", "effective_by", "effective_at"])
    row.refresh_from_db()
    return row

"""Who was told of a version, when it can take effect, and what holds it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from onboarding.models import NOTICE, Membership, PolicyVersion
from onboarding.models.policy_version import owners_with_told_at

UNTOLD = Q(told_at=None)
STANDINGS: dict[str, Q] = {
    "told": ~UNTOLD,
    "waiting": UNTOLD & Q(is_under_way=True),
    "failed": UNTOLD & Q(is_under_way=False, has_notice=True),
    "without": UNTOLD & Q(has_notice=False),
}
"""How an Owner stands: told; the mail is on its way; it came back; no notice written yet."""


@dataclass(frozen=True)
class Progress:
    owners: int
    told: int
    waiting: int
    failed: int
    without: int
    first_told_at: datetime | None
    last_told_at: datetime | None
    now: datetime
    """The database's clock."""

    @property
    def earliest(self) -> datetime | None:
        """When the version can take effect as things stand; None while an Owner is not told."""
        if self.told < self.owners:
            return None
        return self.last_told_at + NOTICE if self.last_told_at else self.now

    @property
    def is_open(self) -> bool:
        """What the database will decide: that it can take effect now."""
        return self.earliest is not None and self.earliest <= self.now

    @property
    def untold(self) -> int:
        return self.owners - self.told


def progress(version: PolicyVersion) -> Progress:
    """One query, however many Owners there are."""
    counts: dict[str, Any] = {
        name: Count("pk", filter=standing) for name, standing in STANDINGS.items()
    }
    found = owners_with_told_at(version).aggregate(
        owners=Count("pk"),
        first_told_at=Min("told_at"),
        last_told_at=Max("told_at"),
        **counts,
    )
    now = PolicyVersion.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=version.pk)
    return Progress(now=now, **found)


def owners(version: PolicyVersion, show: str = "") -> QuerySet[Membership]:
    """Every current Owner, or those who stand as `show` says, by Organization."""
    rows = owners_with_told_at(version).select_related("organization", "user")
    return rows.filter(STANDINGS.get(show, Q())).order_by("organization__name", "user__email", "pk")

"""Who was told of a version, when it can take effect, and what holds it up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from onboarding.models import NOTICE, Membership, Notice, PolicyVersion
from onboarding.models.policy_version import owners_to_be_told, told_at

STANDINGS: dict[str, Q] = {
    "told": Q(is_told=True),
    "waiting": Q(is_told=False, is_under_way=True),
    "failed": Q(is_told=False, is_under_way=False, has_notice=True),
    "without": Q(has_notice=False),
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
    """Three queries, however many Owners there are; each looks at every notice once."""
    by_owner = (
        Notice.objects.filter(
            version=version,
            organization__memberships__user=F("owner"),
            organization__memberships__role=Membership.Role.OWNER,
        )
        .order_by()
        .values("organization", "owner")
        .annotate(since=Min(told_at()), under_way=Count("pk", filter=Q(bounced_at=None)))
    )
    found = by_owner.aggregate(
        noticed=Count("owner"),
        told=Count("owner", filter=Q(since__isnull=False)),
        waiting=Count("owner", filter=Q(since=None, under_way__gt=0)),
        first_told_at=Min("since"),
        last_told_at=Max("since"),
    )
    noticed = found.pop("noticed")
    everybody = Membership.objects.filter(role=Membership.Role.OWNER).count()
    now = PolicyVersion.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=version.pk)
    return Progress(
        owners=everybody,
        failed=noticed - found["told"] - found["waiting"],
        without=everybody - noticed,
        now=now,
        **found,
    )


def owners(version: PolicyVersion, show: str = "") -> QuerySet[Membership]:
    """Every current Owner, or those who stand as `show` says, by Organization."""
    rows = owners_to_be_told(version).select_related("organization", "user")
    return rows.filter(STANDINGS.get(show, Q())).order_by("organization__name", "user__email", "pk")

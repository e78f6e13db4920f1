"""The ledger of the permission document: its versions, and who was told of each.

What the database itself refuses (a version in effect before every Owner was told, a time set
back, a document changed after it was proposed) stands in triggers: migration 0012 for PostgreSQL,
`sql/ledger.sqlite.sql` for SQLite.
"""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Least, Now

from onboarding.models.mail import Mail
from onboarding.models.organization import Membership, Organization

NOTICE = timedelta(days=14)
"""Between the accepted notice and the day an expanding version may take effect: 14 × 24 hours."""


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def undecided(self) -> Self:
        """Those that may still take effect."""
        State = PolicyVersion.State
        return self.filter(state__in=(State.PROPOSED, State.ANNOUNCED))

    def published(self) -> Self:
        """Those that customers have heard of, or have had."""
        State = PolicyVersion.State
        return self.filter(
            Q(state__in=(State.ANNOUNCED, State.EFFECTIVE))
            | Q(approved_at__isnull=False)
            | Q(effective_at__isnull=False)
        )


class PolicyVersion(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ANNOUNCED = "announced", "Announced"
        EFFECTIVE = "effective", "In effect"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.PositiveIntegerField(unique=True)
    source = models.JSONField()
    """The whole permission document, as `onboarding/policy/data/permissions.json` has it."""
    checksum = models.CharField(max_length=64, unique=True)
    """SHA-256 over the policies, as `onboarding.policy.document` makes it."""
    what = models.TextField(max_length=4000)
    """What changes, in words for Organization Owners."""
    why = models.TextField(max_length=4000)
    expands = models.BooleanField()
    """Whether it may allow anything that the one in effect before does not. Decided by comparison."""
    differences = models.JSONField(default=list)
    """What the comparison found, as people read it."""
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Nobody for the version that the portal was set up with."""
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    effective_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version of the permissions"
        verbose_name_plural = "versions of the permissions"
        ordering: ClassVar = ["-number"]
        permissions: ClassVar = [
            ("propose_policyversion", "Can propose and withdraw a version of the permissions"),
            ("approve_policyversion", "Can approve and announce a version somebody else proposed"),
            ("activate_policyversion", "Can put a version of the permissions into effect"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="effective"), name="one_version_in_effect"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Permissions version {self.number}"

    @property
    def is_undecided(self) -> bool:
        return self.state in (self.State.PROPOSED, self.State.ANNOUNCED)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A version of the permissions is not deleted.")


class NoticeText(models.Model):
    """What Owners were sent of a version, word for word. The mail itself is wiped once sent."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="texts")
    sha256 = models.CharField(max_length=64)
    """Over subject, text and HTML, joined by line feeds, in UTF-8."""
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "sha256"], name="each_text_once"),
        ]

    def __str__(self) -> str:
        return self.subject


REACHED = Q(accepted_at__isnull=False) & (Q(bounced_at=None) | Q(bounced_at__lt=F("accepted_at")))
"""Accepted, and not come back since."""


TOLD = REACHED | Q(acknowledged_at__isnull=False)
"""What counts for the fortnight."""


def told_at() -> models.Expression:
    """Since when a notice counts: the first of its being accepted, if it did not come back, and its
    being acknowledged.
    """
    arrived = Case(When(REACHED, then=F("accepted_at")))
    read = F("acknowledged_at")
    # `Least` of a value and nothing is nothing on SQLite.
    return Least(Coalesce(arrived, read), Coalesce(read, arrived))


class Notice(models.Model):
    """One Owner told of one version. What was sent and accepted is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Not indexed by itself: all notices of one version are too many to look through for an Owner's.
    version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="policy_notices"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="policy_notices"
    )
    wording = models.ForeignKey(NoticeText, on_delete=models.PROTECT, related_name="notices")
    address = models.CharField(max_length=320)
    """Where it went. Taken out when the person deletes their account."""
    mail = models.ForeignKey(
        Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="policy_notices"
    )
    """One mail a person, though they own several Organizations."""
    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When the mail server took it, by the database's clock. Set by the database, from the mail."""
    accepted_reply = models.TextField(blank=True)
    """What the mail server said then."""
    bounced_at = models.DateTimeField(null=True, blank=True)
    """When it was refused or came back, the last time."""
    bounced_reply = models.TextField(blank=True)
    bounce_told_at = models.DateTimeField(null=True, blank=True)
    """When support and the other Owners were told that it came back."""
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    """When the Owner said, in the portal, that they have read it."""

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "organization", "owner"],
                condition=Q(bounced_at=None),
                name="one_notice_under_way_an_owner",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["version", "organization", "owner"], name="notices_of_an_owner"),
            models.Index(
                fields=["bounced_at"],
                condition=Q(bounce_told_at=None, bounced_at__isnull=False),
                name="bounces_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} to {self.owner}"

    @property
    def has_reached(self) -> bool:
        """Accepted, and not come back since."""
        if self.accepted_at is None:
            return False
        return self.bounced_at is None or self.bounced_at < self.accepted_at

    @property
    def has_failed(self) -> bool:
        return self.bounced_at is not None and not self.has_reached

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A notice is not deleted.")


def owners_to_be_told(version: PolicyVersion) -> models.QuerySet[Membership]:
    """Every current Owner of every Organization, with when they were told of `version` and whether
    a notice is under way. A list to narrow: what is narrowed by `TOLD`, the database joins at once.
    """
    theirs = Notice.objects.filter(
        version=version, organization=OuterRef("organization"), owner=OuterRef("user")
    )
    first = theirs.annotate(since=told_at()).filter(TOLD).order_by("since").values("since")[:1]
    return (
        Membership.objects.filter(role=Membership.Role.OWNER)
        .annotate(told_at=Subquery(first))
        .alias(is_told=Exists(theirs.filter(TOLD)))
        .annotate(is_under_way=Exists(theirs.filter(bounced_at=None)), has_notice=Exists(theirs))
    )

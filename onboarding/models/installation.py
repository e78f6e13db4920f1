"""One cluster that a customer wants in one AWS account: the answers, and how far it has come."""

import uuid
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower, Now

from onboarding.facts import (
    CONTROL_PLANE_ACCOUNT,
    DEFAULT_ASTRO_CIDR,
    DEFAULT_MAX_NODES,
    DEFAULT_NODE_TYPE,
    DEFAULT_REGION,
    role_arn,
)
from onboarding.models.organization import Organization


class IllegalMove(Exception):
    """The installation is not in a status from which this may be done."""


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    BUILDING = "building", "Support is building"
    READY = "ready", "Ready"
    CONFIRMED = "confirmed", "Confirmed"
    FAILED = "failed", "Build failed"
    CANCELLED = "cancelled", "Cancelled"


S = Status
MOVES: dict[Status, tuple[Status, ...]] = {
    # to: from
    S.DRAFT: (S.CANCELLED,),
    S.SUBMITTED: (S.DRAFT, S.CHANGES_REQUESTED, S.IN_REVIEW),
    S.IN_REVIEW: (S.SUBMITTED,),
    S.CHANGES_REQUESTED: (S.IN_REVIEW,),
    S.BUILDING: (S.IN_REVIEW, S.FAILED, S.READY, S.CONFIRMED),
    S.READY: (S.BUILDING,),
    S.CONFIRMED: (S.READY,),
    S.FAILED: (S.BUILDING,),
    S.CANCELLED: (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.BUILDING, S.FAILED),
}
EDITABLE = (S.DRAFT, S.CHANGES_REQUESTED)
CUSTOMERS = (S.DRAFT, S.CHANGES_REQUESTED, S.READY)
OVER = (S.CONFIRMED, S.CANCELLED)


class Turn(models.TextChoices):
    """Who is waited for."""

    CUSTOMER = "customer", "Customer"
    AWS = "aws", "AWS"
    SUPPORT = "support", "Support"
    NOBODY = "nobody", "Nobody"


def turn_of(status: Status) -> Turn:
    """Who is waited for in that status, before it is asked whether AWS has something to decide."""
    if status in CUSTOMERS:
        return Turn.CUSTOMER
    return Turn.NOBODY if status in OVER else Turn.SUPPORT


def _results() -> Prefetch:
    """With what support let pass, in the same query."""
    results = apps.get_model("onboarding", "CheckResult").objects
    return Prefetch("check_results", results.select_related("override"))


class InstallationQuerySet(models.QuerySet["Installation"]):
    def visible_to(self, user: Any) -> Self:
        """What `user` may see: the installations of the Organizations they belong to."""
        return self.filter(organization__memberships__user=user)

    def with_everything(self) -> Self:
        """All that the pages about one installation show, in a fixed number of queries."""
        return self.select_related("organization", "assignee").prefetch_related(
            "peers", _results(), "change_requests", "quota_requests"
        )

    def for_dossier(self) -> Self:
        """What the dossier's first page shows; the rest of it is on its second."""
        return self.select_related("organization", "assignee").prefetch_related(
            "peers", _results(), "change_requests"
        )

    def awaiting_support(self) -> Self:
        return self.filter(status__in=[S.SUBMITTED, S.IN_REVIEW, S.BUILDING, S.FAILED])


class Installation(models.Model):
    class Connectivity(models.TextChoices):
        PUBLIC = "public", "Public internet, with allow-lists"
        PEERING = "peering", "VPC peering"

    class AccessMethod(models.TextChoices):
        CONSOLE = "console", "AWS console"
        SCRIPT = "script", "Command line or CloudShell"
        TERRAFORM = "terraform", "Terraform"
        FOR_ME = "for_me", "Create it for me"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="installations"
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=S.DRAFT)
    status_since = models.DateTimeField(db_default=Now())
    waits_for = models.CharField(max_length=10, choices=Turn.choices, default=Turn.CUSTOMER)
    """Follows from the status, and from whether AWS has something to decide; kept by `settle`."""
    waits_since = models.DateTimeField(db_default=Now())
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_installations",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=0)
    """Counts saves, so that of two people editing one step the later one is told."""

    # account
    aws_account_id = models.CharField("AWS account ID", max_length=12, blank=True)
    account_is_dedicated = models.BooleanField("dedicated account", default=False)
    status_page_subscribed = models.BooleanField("status page", default=False)
    domains_allowed = models.BooleanField("allow-list", default=False)
    # cluster
    cluster_name = models.CharField(max_length=100, blank=True)
    region = models.CharField("AWS Region", max_length=20, default=DEFAULT_REGION)
    node_type = models.CharField(max_length=20, default=DEFAULT_NODE_TYPE)
    max_nodes = models.PositiveSmallIntegerField("most nodes at once", default=DEFAULT_MAX_NODES)
    # network
    connectivity = models.CharField(max_length=10, choices=Connectivity.choices, blank=True)
    astro_cidr = models.CharField("Astro VPC CIDR", max_length=18, default=DEFAULT_ASTRO_CIDR)
    dns_servers = models.CharField("DNS servers", max_length=80, blank=True)
    """Up to four IPv4 addresses, with commas between."""
    # access
    access_method = models.CharField(max_length=10, choices=AccessMethod.choices, blank=True)

    # the cluster, as support reports it
    cluster_id = models.CharField("cluster ID", max_length=40, blank=True)
    cluster_vpc_id = models.CharField("VPC of the cluster", max_length=21, blank=True)
    external_ips = models.CharField("external IP addresses", max_length=400, blank=True)
    """IPv4 addresses to allow-list, with commas between."""
    policy_version = models.PositiveIntegerField(null=True, blank=True)
    """The version of the permission document that the role was last seen to have."""

    objects: ClassVar = InstallationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(aws_account_id=CONTROL_PLANE_ACCOUNT), name="not_our_own_account"
            ),
            models.UniqueConstraint(
                "organization",
                Lower("cluster_name"),
                condition=~Q(cluster_name="") & ~Q(status="cancelled"),
                name="one_open_installation_a_cluster_name",
            ),
        ]
        indexes: ClassVar = [
            # The queue's, each in its order. What is read along is in the index too.
            models.Index(fields=["status", "waits_since"], name="queue"),
            models.Index(
                fields=["waits_for", "waits_since"], include=["status", "assignee"], name="turns"
            ),
            models.Index(
                fields=["waits_for", "waits_since"], condition=Q(assignee=None), name="unclaimed"
            ),
            models.Index(fields=["waits_since"], name="by_age"),
            # Whom to remind
            models.Index(fields=["status", "saved_at"], name="idle"),
            models.Index(fields=["assignee", "waits_since"], name="by_assignee"),
            models.Index(fields=["region", "waits_for", "waits_since"], name="by_region"),
            models.Index(
                fields=["aws_account_id"], opclasses=["varchar_pattern_ops"], name="by_account"
            ),
        ]
        permissions: ClassVar = [
            ("handle_installation", "Can review, build and report installations"),
            ("lead_desk", "Can override checks, reopen, assign to others and change many at once"),
        ]

    def __str__(self) -> str:
        return self.cluster_name or "New cluster"

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def turn(self) -> str:
        """Whose turn it is by the status alone: `customer`, `support` or `nobody`."""
        return turn_of(Status(self.status)).value

    @property
    def is_open(self) -> bool:
        """Somebody has still something to do."""
        return self.turn != "nobody"

    @property
    def role_arn(self) -> str:
        return role_arn(self.aws_account_id)

    @property
    def external_ip_list(self) -> list[str]:
        """The addresses to allow-list, as support reported them."""
        return self.external_ips.split(",") if self.external_ips else []

    def overrides_that_hold(self) -> dict[str, Any]:
        """What support let pass, by the check's code: as long as the answers it is about stay."""
        answers = self.answers()
        return {
            result.code: result.override
            for result in self.check_results.all()
            if result.override and result.override.holds(answers)
        }

    def move(self, to: Status, *, start: tuple[Status, ...] = ()) -> None:
        """Change the status in the database, if it may; `start`: from these alone.

        Raises `IllegalMove`, changing nothing.
        """
        allowed = [status for status in MOVES[to] if not start or status in start]
        moved = Installation.objects.filter(pk=self.pk, status__in=allowed).update(
            status=to, status_since=Now(), waits_for=turn_of(to), waits_since=Now()
        )
        if not moved:
            raise IllegalMove(f"{self.get_status_display()} cannot become {to.label}.")
        self.refresh_from_db(fields=["status", "status_since", "waits_for", "waits_since"])

    def answers(self) -> dict[str, Any]:
        """What a check may rely on, by field. Compared to tell whether a result is stale."""
        return {
            "aws_account_id": self.aws_account_id,
            "region": self.region,
            "node_type": self.node_type,
            "max_nodes": self.max_nodes,
            "cluster_name": self.cluster_name,
            "astro_cidr": self.astro_cidr,
            "peers": [
                [peer.vpc, peer.account_id, peer.region, peer.cidrs] for peer in self.peers.all()
            ],
        }

"""A quota increase asked of AWS, followed for days until AWS has decided."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.models.installation import Installation


class QuotaRequestQuerySet(models.QuerySet["QuotaRequest"]):
    def undecided(self) -> Self:
        """Still to be asked, or asked and not answered."""
        return self.filter(state__in=UNDECIDED)


class QuotaRequestManager(models.Manager.from_queryset(QuotaRequestQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> QuotaRequestQuerySet:
        """With who asked: every page that lists requests names them."""
        found: QuotaRequestQuerySet = super().get_queryset().select_related("by")
        return found


class QuotaRequest(models.Model):
    class State(models.TextChoices):
        TO_ASK = "to_ask", "About to be asked"
        OPEN = "open", "Open"
        CASE_OPENED = "case_opened", "Case opened"
        GRANTED = "granted", "Granted"
        GRANTED_LESS = "granted_less", "Granted in part"
        REFUSED = "refused", "Refused"
        NOT_ASKED = "not_asked", "Could not be asked"
        UNWATCHED = "unwatched", "No longer watched"

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="quota_requests"
    )
    aws_account_id = models.CharField("AWS account ID", max_length=12)
    region = models.CharField("AWS Region", max_length=20)
    service_code = models.CharField(max_length=20)
    quota_code = models.CharField(max_length=20)
    quota_name = models.CharField(max_length=120)
    before = models.PositiveIntegerField(null=True, blank=True)
    """The quota when it was asked for; not known before AWS has been asked."""
    desired = models.PositiveIntegerField()
    granted = models.PositiveIntegerField(null=True, blank=True)
    """The quota as it was last seen after the request: AWS may raise it in part and go on."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.TO_ASK)
    state_since = models.DateTimeField(db_default=Now())
    aws_request_id = models.CharField("AWS's id of the request", max_length=80, blank=True)
    case_id = models.CharField("AWS support case", max_length=40, blank=True)
    problem = models.TextField(blank=True)
    """Why it could not be asked or last not be looked up, in the customer's words."""
    fix = models.JSONField(default=dict)
    """What the customer can do: `steps`, `command`, `link`, `link_label`, as a check's result has."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who asked here; nobody when the request was found open in AWS."""
    created_at = models.DateTimeField(db_default=Now())
    """When the customer asked here."""
    asked_at = models.DateTimeField(null=True, blank=True)
    """When AWS received it, as AWS says."""
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = QuotaRequestManager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["installation", "region", "quota_code"],
                condition=Q(state__in=["to_ask", "open", "case_opened"]),
                name="one_undecided_request_a_quota",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quota_name}: {self.desired} ({self.get_state_display()})"

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def was_found(self) -> bool:
        """Somebody had asked AWS already; this one was taken over and not asked again."""
        return bool(self.aws_request_id) and self.by is None


UNDECIDED = (
    QuotaRequest.State.TO_ASK,
    QuotaRequest.State.OPEN,
    QuotaRequest.State.CASE_OPENED,
)


def newest_of_each(requests: Iterable[QuotaRequest]) -> list[QuotaRequest]:
    """Of every quota the request made last. `requests`: newest first."""
    newest: dict[tuple[str, str, str], QuotaRequest] = {}
    for each in requests:
        newest.setdefault((each.aws_account_id, each.region, each.quota_code), each)
    return list(newest.values())

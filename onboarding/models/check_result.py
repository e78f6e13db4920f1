"""What a check last found in the customer's account."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from onboarding.models.installation import Installation

SETTLED_FOR = timedelta(hours=24)
"""A result of yesterday may be another one today."""


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def of_role(self) -> Self:
        return self.filter(code__startswith="role_")

    def of_account(self) -> Self:
        return self.exclude(code__startswith="role_")

    def seen_in_aws(self) -> Self:
        """What a customer reports does not count as looked at."""
        return self.filter(source=CheckResult.Source.AWS)

    def that_block(self) -> Self:
        return self.filter(blocking=True, status=CheckResult.Status.FAILED)


class CheckResult(models.Model):
    class Status(models.TextChoices):
        PASSED = "passed", "Passed"
        WARNING = "warning", "Warns"
        FAILED = "failed", "Blocks"
        COULD_NOT_CHECK = "could_not_check", "Could not check"
        WAITING = "waiting", "Waiting"

    class Source(models.TextChoices):
        AWS = "aws", "Seen in AWS"
        REPORTED = "reported", "Reported by you"

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="check_results"
    )
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    blocking = models.BooleanField(default=True)
    status = models.CharField(max_length=20, choices=Status.choices)
    saw = models.TextField()
    needed = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    turn = models.CharField(max_length=10, default="nobody")
    fix = models.JSONField(default=dict)
    """`steps`, `command`, `link`, `link_label`, and `offer` where one click can do it."""
    report = models.JSONField(default=dict)
    """The AWS call that failed, where one did: the fields of `onboarding.aws.check.Report`."""
    request_ids = models.JSONField(default=list)
    relied_on = models.JSONField(default=dict)
    """The answers it was made with, by field. When one changes, the result is stale."""
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.AWS)
    """Who says so. What a customer reports tells early; only what was seen in AWS counts."""
    override = models.ForeignKey(
        "onboarding.Override", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The last time that support let it pass, if ever; whether that still holds, it says itself."""
    attempts = models.PositiveIntegerField(default=1)
    checked_at = models.DateTimeField()

    objects: ClassVar = CheckResultQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "code"], name="one_result_a_check"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-checked_at", "-id"], name="results_latest"),
            models.Index(
                fields=["code", "installation"],
                condition=Q(blocking=True, status="failed"),
                name="failed_checks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_status_display()}"

    def is_stale(self, answers: dict[str, Any]) -> bool:
        """Whether an answer it relied on has changed since. `answers`: the present ones by field."""
        return any(answers.get(name) != value for name, value in self.relied_on.items())

    def is_settled(self, answers: dict[str, Any]) -> bool:
        """Whether another look would tell nothing new: it passed, in AWS, with these answers, and
        less than a day ago.
        """
        return (
            self.source == self.Source.AWS
            and self.status == self.Status.PASSED
            and not self.is_stale(answers)
            and timezone.now() - self.checked_at < SETTLED_FOR
        )

    def offer_to(self, installation: Installation) -> dict[str, Any] | None:
        """What one click can do about it now: `kind`, `label`, `data`; None when nothing can.

        Answers are changed while they are the customer's to change. AWS is asked for as long as
        there is something to be built: no answer changes with that. What was only reported, and
        what no longer holds, offers nothing.
        """
        offer: dict[str, Any] | None = self.fix.get("offer")
        if offer is None or self.status == self.Status.PASSED:
            return None
        if self.source != self.Source.AWS or self.is_stale(installation.answers()):
            return None
        may = installation.is_editable if offer["kind"] == "answer" else installation.is_open
        return offer if may else None

    @property
    def remedy(self) -> tuple[str, ...]:
        """What puts it right, to tell apart how many things are to be done: one click, or what is
        said of cause and steps. Empty where nothing is known to.
        """
        offer = self.fix.get("offer")
        if offer:
            return (offer["kind"], str(offer["data"]))
        said = (self.cause, *self.fix.get("steps", ()))
        return said if any(said) else ()

    @property
    def stops(self) -> bool:
        """Whether the installation may not be submitted with this result."""
        return self.blocking and self.status not in (self.Status.PASSED, self.Status.WARNING)

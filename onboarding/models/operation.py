"""Work for a worker. The row is the truth; the message in the queue only carries its id."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from onboarding.models.installation import Installation

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5


class LostLease(Exception):
    """Somebody else has taken the operation over; what this worker found no longer counts."""


class OperationQuerySet(models.QuerySet["Operation"]):
    def claimable(self) -> Self:
        """Queued and due, or abandoned by a worker whose lease ran out."""
        return self.filter(
            Q(state=Operation.State.QUEUED, run_after__lte=Now())
            | Q(state=Operation.State.RUNNING, lease_until__lt=Now())
        )

    def unfinished(self) -> Self:
        return self.filter(state__in=[Operation.State.QUEUED, Operation.State.RUNNING])


class Operation(models.Model):
    class Kind(models.TextChoices):
        VERIFY_ROLE = "verify_role", "Prove the role"
        CHECK_ACCOUNT = "check_account", "Check the account"
        CREATE_ROLE = "create_role", "Create the role"
        WATCH_QUOTAS = "watch_quotas", "Ask for and watch quotas"
        ENABLE_REGION = "enable_region", "Turn the Region on"
        CREATE_MONITORING = "create_monitoring", "Create the alarm"
        UPDATE_ROLE = "update_role", "Update the role"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="operations"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    data = models.JSONField(default=dict)
    """What one run leaves for the next. Never a secret."""
    attempt = models.PositiveSmallIntegerField(default=0)
    """Claims since the work last moved on: committed before work, so that a worker-killing
    operation runs out."""
    run_after = models.DateTimeField(db_default=Now())
    lease_token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    """Why it failed, in the customer's words."""
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OperationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["installation", "kind"],
                condition=Q(state__in=["queued", "running"]),
                name="one_unfinished_operation_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "run_after"], name="due"),
            models.Index(fields=["-created_at", "-id"], name="operations_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @classmethod
    def request(
        cls,
        installation: Installation,
        kind: "Operation.Kind",
        data: dict[str, Any] | None = None,
    ) -> "Operation":
        """Ask for work: hurry the unfinished operation of that kind, or add one."""
        waiting = cls.objects.unfinished().filter(installation=installation, kind=kind)
        waiting.filter(state=cls.State.QUEUED).update(
            run_after=Now(), created_at=Now(), attempt=0, data=data or {}
        )
        found: Operation = waiting.first() or cls.objects.create(
            installation=installation, kind=kind, data=data or {}
        )
        return found

    @classmethod
    def claim(cls, operation_id: str) -> "Operation | None":
        """Take the operation for this worker, or None when it is not to be had.

        Times are the database's. The lease token fences off a worker that lost its lease.
        """
        with transaction.atomic():
            taken = (
                cls.objects.filter(pk=operation_id)
                .claimable()
                .update(
                    state=cls.State.RUNNING,
                    attempt=F("attempt") + 1,
                    lease_token=F("lease_token") + 1,
                    lease_until=Now() + LEASE,
                )
            )
            if not taken:
                return None
            return cls.objects.select_related("installation__organization").get(pk=operation_id)

    def _mine(self) -> OperationQuerySet:
        return Operation.objects.filter(
            pk=self.pk, state=self.State.RUNNING, lease_token=self.lease_token
        )

    def _update(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise LostLease

    def renew(self) -> None:
        """Push the lease out. Raises `LostLease`, as every write of a fenced-off worker does."""
        self._update(lease_until=Now() + LEASE)

    def hold(self) -> None:
        """Lock the row while results are written in the surrounding transaction."""
        if not self._mine().select_for_update().exists():
            raise LostLease

    def finish(self) -> None:
        self._update(state=self.State.DONE, finished_at=Now(), lease_until=None, problem="")

    def fail(
        self,
        problem: str,
        *,
        details: list[str] | None = None,
        explanation: dict[str, Any] | None = None,
    ) -> None:
        """`problem`: a sentence for the customer. `details`: lines to read below it.

        `explanation`: of the AWS call that failed, as `onboarding.jobs.results` writes it.
        """
        self._update(
            state=self.State.FAILED,
            finished_at=Now(),
            lease_until=None,
            problem=problem,
            data={"details": details or [], "explanation": explanation or {}},
        )

    def again(self, after: timedelta, data: dict[str, Any], *, moved_on: bool = True) -> None:
        """Hand the operation back to run once more. `moved_on`: the run did its part."""
        values: dict[str, Any] = {"attempt": 0} if moved_on else {}
        self._update(
            state=self.State.QUEUED,
            run_after=Now() + after,
            lease_until=None,
            data=data,
            **values,
        )

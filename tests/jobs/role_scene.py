"""A role that answers as a test wants it, and a clock that the test turns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F
from django.utils import timezone

from onboarding.aws.check import Finding, Status, Turn
from onboarding.aws.looks import Answer, Probe
from onboarding.aws.trust import TrustFault
from onboarding.jobs import operations, verify_role
from onboarding.models import Installation, Operation
from tests.factories import make_installation

OPENED, DENIED, UNKNOWN = Answer.OPENED, Answer.DENIED, Answer.UNKNOWN
AS_PUBLISHED = Finding(Status.PASSED, saw="As published, version 1.")
LACKS = Finding(Status.FAILED, saw="The role lacks ec2:RunInstances.", turn=Turn.CUSTOMER)
MAY_MORE = Finding(Status.WARNING, saw="The role may do more than Astro needs: s3:*.")
MAY_NOT_READ = Finding(Status.COULD_NOT_CHECK, saw="It may not read.", turn=Turn.CUSTOMER)
AWS_IS_BUSY = Finding(Status.COULD_NOT_CHECK, saw="Rate exceeded", turn=Turn.AWS)
NO_CONDITION = TrustFault("no_condition", "Statement[0].Condition", "{}", "No condition.")
IDS = {"opens": "r-1", "without": "r-2", "wrong": "r-3", "identity": "r-4", "trust": "r-5"}


@dataclass
class Scene:
    """What AWS answers from now on. `look` runs the job once, as a worker would."""

    installation: Installation
    opens: Answer = OPENED
    without: Answer = DENIED
    wrong: Answer = DENIED
    permissions: Finding = AS_PUBLISHED
    trust: tuple[TrustFault, ...] | None = ()
    role_age: timedelta = timedelta(days=1)
    turned: timedelta = timedelta(0)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def probe(self, account_id: str, external_id: str, **given: Any) -> Probe:
        self.asked.append(given)
        at = timezone.now() + self.turned
        is_open = self.opens is OPENED
        return Probe(
            opens=self.opens,
            without=self.without,
            wrong=self.wrong,
            trust_faults=self.trust or () if is_open else (),
            trust_read=is_open and self.trust is not None,
            request_ids=IDS,
            at=at,
            began=at,
            permissions=self.permissions if is_open and given.get("published") else None,
            role_made=at - self.role_age if is_open else None,
        )

    def look(self, between: Callable[[], object] = bool) -> Operation:
        """`between` is called while the job waits between its two looks."""

        def sleep(seconds: float) -> None:
            between()
            self.turned += timedelta(seconds=seconds)

        operation = Operation.objects.unfinished().filter(installation=self.installation).first()
        if operation is None or operation.kind != Operation.Kind.VERIFY_ROLE:
            operation = Operation.request(self.installation, Operation.Kind.VERIFY_ROLE)
        Operation.objects.filter(pk=operation.pk).update(run_after=F("created_at"))
        job = partial(verify_role.run, sleep=sleep, look_at_role=self.probe)
        operations.run(str(operation.pk), jobs={Operation.Kind.VERIFY_ROLE: job})
        operation.refresh_from_db()
        return operation

    def pass_time(self, seconds: float) -> None:
        """As if the looks so far had been that much earlier."""
        earlier = timedelta(seconds=seconds)
        for operation in self.installation.operations.unfinished():
            if "since" in operation.data:
                since = datetime.fromisoformat(operation.data["since"]) - earlier
                operation.data["since"] = since.isoformat()
            operation.created_at -= earlier
            operation.save()

    def looks_for(self, seconds: int, every: int = 30) -> None:
        """Look now, and again every so often until the time is over."""
        self.look()
        for _ in range(0, seconds, every):
            self.pass_time(every)
            self.look()

    def now(self, **answers: Any) -> "Scene":
        return replace(self, **answers)

    def kinds(self) -> list[str]:
        found = self.installation.events.filter(kind__startswith="role_")
        return list(found.values_list("kind", flat=True))

    def mails(self) -> list[str]:
        return sorted(self.installation.mails.values_list("name", flat=True))

    def statuses(self) -> list[str]:
        return list(self.installation.check_results.of_role().values_list("status", flat=True))


def proved_scene(**answers: Any) -> Scene:
    """A role that has been proved a moment ago, and nothing else to do."""
    scene = Scene(make_installation(aws_account_id="740000000001"), **answers)
    scene.look()
    scene.installation.operations.filter(kind=Operation.Kind.CHECK_ACCOUNT).delete()
    return scene

"""Does what workers would do, in the test's own process."""

import time
from typing import Protocol

from django.db.models.functions import Now

from onboarding import tasks
from onboarding.models import Mail, Operation

MOST_ROUNDS = 60


class RunTasks(Protocol):
    def __call__(self, *, hurry: bool = True) -> int: ...


def run_tasks(*, hurry: bool = True) -> int:
    """Run every operation and send every mail, until nothing waits; gives how many it ran.

    With `hurry` what was put off is done at once; without it, in its time.
    """
    ran = 0
    for _ in range(MOST_ROUNDS):
        operations = Operation.objects.filter(state=Operation.State.QUEUED)
        mails = Mail.objects.filter(state=Mail.State.QUEUED)
        if not operations.exists() and not mails.exists():
            return ran
        if hurry:
            operations.update(run_after=Now())
            mails.update(run_after=Now())
        due = [str(pk) for pk in operations.claimable().values_list("pk", flat=True)]
        outbox = [str(pk) for pk in mails.due().values_list("pk", flat=True)]
        for pk in due:
            tasks.run_operation(pk)
        for pk in outbox:
            tasks.send_mail(pk)
        ran += len(due) + len(outbox)
        if not due and not outbox:
            time.sleep(0.2)
    raise AssertionError(f"Work was still waiting after {MOST_ROUNDS} rounds.")

"""What Celery calls: load by id, call one job, send on what became due.

A task takes ids alone; who may do what is read from the database again.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from celery import Task, shared_task
from django.db import transaction

from onboarding.jobs import daily_proof, operations, policies
from onboarding.jobs import deliver as deliver_job
from onboarding.jobs import reconcile as reconciler
from onboarding.jobs import remind as remind_job
from onboarding.jobs import send_mail as mail_job
from onboarding.models import Mail, Operation

log = structlog.get_logger(__name__)

MOST_ETA = timedelta(seconds=60)
"""Longer waits stay in the database: the broker would hand them out twice."""
ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0.05, "interval_max": 0.1}
"""Without a policy, and with `retry=False` too, kombu tries for six seconds to reach a dead queue."""
MOST_BATCHES = 30
"""Of one kind in one run of a task, which has its time; the next run goes on."""
_publisher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publish")


@shared_task
def run_operation(operation_id: str) -> None:
    again = operations.run(operation_id)
    if again is not None:
        publish(run_operation, operation_id, after=again)
    wake(Operation.objects.filter(pk=operation_id).values_list("installation_id", flat=True)[0:1])


@shared_task
def send_mail(mail_id: str) -> None:
    mail_job.run(mail_id)


@shared_task
def deliver(delivery_id: str) -> None:
    deliver_job.run(delivery_id)


@shared_task
def reconcile() -> None:
    """Send out again what is due; every 30 s, at worker start, and by `manage.py reconcile`."""
    found = reconciler.find()
    for operation_id in found.operations:
        publish(run_operation, operation_id)
    for mail_id in found.mails:
        publish(send_mail, mail_id)
    for delivery_id in found.deliveries:
        publish(deliver, delivery_id)


@shared_task
def prove_daily() -> None:
    """Have the roles proved anew whose last proof is a day old; every few minutes."""
    for operation_id in daily_proof.request():
        publish(run_operation, operation_id)


@shared_task
def tell_of_policies(version_id: str = "") -> None:
    """Notices of new versions of the permissions, and what is told of them: every minute, and at
    once when something became of the version. In batches, each sent out as it is written.
    """
    for tell in (policies.tell_owners, policies.tell_of_bounces, policies.tell_of_effect):
        for _ in range(MOST_BATCHES):
            for mail in (mails := tell()):
                publish(send_mail, str(mail.pk))
            if not mails:
                break


@shared_task
def remind() -> None:
    """Send the reminders that are due; every few minutes."""
    for mail_id in remind_job.send():
        publish(send_mail, mail_id)


def wake(installation_ids: object) -> None:
    """Send out what a job left behind for its installation: other operations, and mail."""
    due = Operation.objects.filter(
        installation_id__in=installation_ids, state=Operation.State.QUEUED
    ).claimable()
    for operation_id in due.values_list("pk", flat=True):
        publish(run_operation, str(operation_id))
    mails = Mail.objects.filter(installation_id__in=installation_ids, state=Mail.State.QUEUED)
    for mail_id in mails.due().values_list("pk", flat=True):
        publish(send_mail, str(mail_id))


def after_commit(task: Task, *ids: str) -> None:
    """Send messages once the transaction is in. From a thread: no page waits for the queue."""

    def send() -> None:
        for each in ids:
            _publisher.submit(publish, task, each)

    transaction.on_commit(send)


def publish(task: Task, row_id: str, *, after: timedelta = timedelta(0)) -> None:
    """Send one message. A queue that is down costs nothing: the reconciler finds the row."""
    if after > MOST_ETA:
        return
    try:
        # A little late rather than early: the row is not to be had before its time.
        countdown = after.total_seconds() + 0.05 if after else 0
        task.apply_async(args=(row_id,), countdown=countdown, retry_policy=ONCE_MORE)
    except Exception as error:
        log.warning("publish_failed", task=task.name, row=row_id, error=type(error).__name__)

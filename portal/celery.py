"""The worker and its clock: `celery -A portal worker` and `celery -A portal beat`.

The database row is the truth and a message carries an id; what Redis loses, the reconciler finds.
"""

import os

from celery import Celery
from celery.signals import worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings

TRANSPORT = {
    # Longer than the hard limit, so that the broker never hands out a task that still runs.
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}

app = Celery("portal")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options=TRANSPORT,
    result_backend_transport_options=TRANSPORT,
    visibility_timeout=600,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=180,
    task_soft_time_limit=150,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=60,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "reconcile": {"task": "onboarding.tasks.reconcile", "schedule": 30.0},
        "prove_daily": {"task": "onboarding.tasks.prove_daily", "schedule": 300.0},
        "remind": {"task": "onboarding.tasks.remind", "schedule": 300.0},
        "tell_of_policies": {"task": "onboarding.tasks.tell_of_policies", "schedule": 60.0},
    },
)
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(["onboarding"])


@worker_ready.connect
def reconcile_at_start(**kwargs: object) -> None:
    """What was lost while no worker ran is found at once, not at the clock's next beat."""
    app.send_task("onboarding.tasks.reconcile")

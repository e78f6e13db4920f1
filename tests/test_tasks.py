"""Work that was asked for gets done: with the queue away, messages lost, workers killed."""

import base64
import json
import os
import signal
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import redis
from celery import Celery, Task
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse
from kombu.exceptions import ContentDisallowed
from kombu.simple import SimpleQueue

from onboarding import tasks
from onboarding.jobs import operations
from onboarding.models import Installation, Operation
from portal.celery import app
from portal.demo import queue
from portal.demo.ports import HOST, free_port
from portal.demo.processes import PYTHON, Processes
from tests.factories import ANSWERED, make_installation
from tests.harness.simulator import Simulator
from tests.views.cast import make_cast

LOST = "a0000000-0000-4000-8000-000000000000"
MOST_SECONDS = 5


def task_at(url: str) -> Task:
    """A task whose messages go to the queue at `url`, set up as ours are."""
    other = Celery("other", broker=url)
    other.conf.update(
        broker_transport_options=app.conf.broker_transport_options, task_ignore_result=True
    )

    @other.task(name="onboarding.tasks.run_operation")
    def run_operation(operation_id: str) -> None:
        """Never run: nobody listens there."""

    task: Task = run_operation
    return task


@pytest.fixture
def frozen_queue(tmp_path: Path) -> Generator[str]:
    """A queue that takes connections and answers nothing."""
    port = free_port()
    with Processes() as processes:
        processes.start("queue", queue.command(port, tmp_path))
        processes.wait_for(lambda: queue.answers(port), what="The queue")
        os.kill(processes.pids()["queue"], signal.SIGSTOP)
        yield f"redis://{HOST}:{port}/0"
        os.kill(processes.pids()["queue"], signal.SIGCONT)


@pytest.fixture
def dead_queue() -> str:
    return f"redis://{HOST}:{free_port()}/0"


@pytest.mark.parametrize("kind", ["dead_queue", "frozen_queue"])
def test_a_queue_that_is_away_costs_no_exception(kind: str, request: pytest.FixtureRequest) -> None:
    tasks.publish(task_at(request.getfixturevalue(kind)), LOST)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["dead_queue", "frozen_queue"])
def test_a_page_answers_at_once_and_keeps_the_work_while_the_queue_is_away(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "run_operation", task_at(request.getfixturevalue(kind)))
    cast = make_cast()
    client, url = cast.client("member"), reverse("look_for_role", args=[cast.installation.pk])
    started = time.monotonic()
    assert client.post(url).status_code == 302
    assert time.monotonic() - started < MOST_SECONDS
    assert cast.installation.operations.get().state == Operation.State.QUEUED


def waiting(url: str) -> list[tuple[str, list[str]]]:
    """The messages in the queue: the task, and what it is told."""
    with redis.Redis.from_url(url) as client:
        raw = [json.loads(each) for each in client.lrange("celery", 0, -1)]
    return [
        (each["headers"]["task"], json.loads(base64.b64decode(each["body"]))[0]) for each in raw
    ]


@pytest.mark.django_db
def test_a_lost_message_is_sent_again_and_carries_the_id_alone(redis_url: str) -> None:
    operation = Operation.request(make_installation(), Operation.Kind.VERIFY_ROLE)
    assert waiting(redis_url) == []
    tasks.reconcile()
    assert waiting(redis_url) == [("onboarding.tasks.run_operation", [str(operation.pk)])]


@pytest.mark.django_db
def test_a_wait_longer_than_a_minute_stays_in_the_database(redis_url: str) -> None:
    tasks.publish(tasks.run_operation, LOST, after=2 * tasks.MOST_ETA)
    assert waiting(redis_url) == []
    tasks.publish(tasks.run_operation, LOST)
    assert len(waiting(redis_url)) == 1


@pytest.mark.django_db
def test_two_messages_do_the_work_once(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def job(operation: Operation) -> None:
        tasks.run_operation(str(operation.pk))  # the second comes while the first is at work
        done.append(str(operation.pk))
        operation.finish()

    monkeypatch.setitem(operations.JOBS, Operation.Kind.VERIFY_ROLE, job)
    operation = Operation.request(make_installation(), Operation.Kind.VERIFY_ROLE)
    for _ in range(2):
        tasks.run_operation(str(operation.pk))
    assert done == [str(operation.pk)]


def database_url() -> str:
    """The tests' own database, as another process is told of it."""
    known = connection.settings_dict
    if connection.vendor != "postgresql":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def worker(redis_url: str, tmp_path: Path) -> Generator[Callable[[str], int]]:
    """Starts a worker process by name, and gives its process group."""
    command = [PYTHON, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "2"]
    with Processes() as processes:

        def start(name: str) -> int:
            processes.start(
                name,
                [*command, "-n", f"{name}@%h", "--without-gossip", "--without-mingle"],
                log=tmp_path / f"{name}.log",
                env=os.environ | {"DATABASE_URL": database_url()},
            )
            return processes.pids()[name]

        yield start


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_was_at_is_finished_by_another(
    simulator: Simulator, worker: Callable[[str], int]
) -> None:
    installation = make_installation(**ANSWERED)
    operation = Operation.request(installation, Operation.Kind.CHECK_ACCOUNT)
    row = Operation.objects.filter(pk=operation.pk)
    simulator.knobs(latency_ms=20_000)
    group = worker("first")
    wait_until(row.filter(state=Operation.State.RUNNING).exists, "The first worker takes it")
    os.killpg(group, signal.SIGKILL)
    simulator.knobs(latency_ms=0)
    assert row.get().state == Operation.State.RUNNING  # nobody had time to tidy up
    row.update(lease_until=Now())  # a minute later
    worker("second")
    wait_until(
        lambda: row.get().state in (Operation.State.DONE, Operation.State.FAILED),
        "The second worker finishes it",
    )
    assert row.get().lease_token == 2
    assert Installation.objects.get(pk=installation.pk).operations.unfinished().count() == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
        ("task_time_limit", 180),
        ("task_soft_time_limit", 150),
        ("broker_connection_retry_on_startup", True),
        ("worker_soft_shutdown_timeout", 60),
        ("worker_cancel_long_running_tasks_on_connection_loss", True),
        ("visibility_timeout", 600),
        ("result_backend", None),
    ],
)
def test_the_worker_is_set_to_lose_nothing_and_repeat_nothing(setting: str, value: object) -> None:
    assert app.conf[setting] == value


def test_the_queue_is_asked_with_short_time_outs_and_hands_nothing_out_twice() -> None:
    wanted = {
        "visibility_timeout": 600,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
    assert app.conf.broker_transport_options == wanted
    assert app.conf.result_backend_transport_options == wanted
    assert wanted["visibility_timeout"] > app.conf.task_time_limit > app.conf.task_soft_time_limit
    assert app.conf.beat_schedule["reconcile"]["schedule"] == 30


@pytest.mark.parametrize("serializer", ["pickle", "yaml"])
def test_asvs_1_5_2_a_message_that_could_run_code_is_refused_unread(
    redis_url: str, serializer: str
) -> None:
    with app.connection_for_write() as link:
        inbox = SimpleQueue(link.channel(), "inbox", accept=app.conf.accept_content)
        inbox.put({"operation_id": LOST}, serializer="json")
        assert inbox.get(timeout=5).payload == {"operation_id": LOST}
        inbox.put({"operation_id": LOST}, serializer=serializer)
        with pytest.raises(ContentDisallowed):
            inbox.get(timeout=5)


def test_tasks_take_ids_and_nothing_else() -> None:
    ours = {name: task for name, task in app.tasks.items() if name.startswith("onboarding.")}
    assert set(ours) == {
        f"onboarding.tasks.{name}"
        for name in (
            "run_operation",
            "send_mail",
            "deliver",
            "reconcile",
            "prove_daily",
            "tell_of_policies",
            "remind",
        )
    }
    for task in ours.values():
        names = task.run.__code__.co_varnames[: task.run.__code__.co_argcount]
        assert all(name.endswith("_id") for name in names)

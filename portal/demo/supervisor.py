"""Runs the demo: everything on loopback, started together, ended together."""

import hashlib
import json
import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections, transaction

from portal.demo import first_data, queue
from portal.demo.environment import queue_address
from portal.demo.ports import HOST, check_free
from portal.demo.processes import PYTHON, Processes, alive
from portal.demo.table import table


def run(folder: Path, port: int, redis_url: str, say: Callable[[str], object]) -> None:
    """Start the demo and keep it until SIGINT or SIGTERM. Raises `DemoProblem` or `Died`."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    check_free(port)
    ports: dict[str, int] = json.loads((folder / "ports.json").read_text())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    log_to(logs(folder)("demo"))
    say(f"Starting the demo on http://{HOST}:{port} …")
    with Processes() as processes:
        start_helpers(processes, folder, ports, own_queue=redis_url == queue_address(ports))
        if not stopped.is_set():
            fill(folder)
            start_portal(processes, folder, port)
        answers = f"http://{HOST}:{port}/health/live"
        processes.wait_for(lambda: stopped.is_set() or alive(answers), what="The portal")
        if not stopped.is_set():
            say(table(folder, port, ports))
            say(f"ready: http://{HOST}:{port}")
        while not stopped.wait(0.2):
            processes.check()
    say("The demo has stopped; its data is kept.")


def start_helpers(
    processes: Processes, folder: Path, ports: dict[str, int], *, own_queue: bool
) -> None:
    """The simulated AWS, the SMTP server and the queue."""
    log = logs(folder)
    # A person who asks for a quota sees it granted while they watch.
    quotas = ("--quota-answers", "20", "60")
    simulator = ("--port", str(ports["simulator"]), "--state", folder / "simulator", *quotas)
    mailbox = ("--port", str(ports["mail"]), "--folder", folder / "mail")
    module = (PYTHON, "-m")
    processes.start(
        "simulator", [*module, "portal.demo.simulator", *simulator], log=log("simulator")
    )
    processes.start("mailbox", [*module, "portal.demo.mailbox", *mailbox], log=log("mailbox"))
    if own_queue:
        processes.start("queue", queue.command(ports["queue"], folder), log=log("queue"))
        processes.wait_for(lambda: queue.answers(ports["queue"]), what="The queue")


def start_portal(processes: Processes, folder: Path, port: int) -> None:
    """The web server, and the worker with its clock."""
    log = logs(folder)
    schedule = folder / "celerybeat-schedule"
    worker = ("worker", "-B", "-s", schedule, "-P", "threads", "-c", "8", "-l", "INFO")
    processes.start(
        "worker",
        [PYTHON, "-m", "celery", "-q", "-A", "portal", *worker, "--without-gossip"],
        log=log("worker"),
    )
    processes.start(
        "web",
        [
            *(PYTHON, "-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--graceful-timeout", "2", "--no-control-socket"),
        ],
        log=log("web"),
    )


def fill(folder: Path) -> None:
    """Tables, people and static files; quick when they are there already."""
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        first_data.load()
    connections.close_all()
    collect_static(folder / "static.stamp")


def collect_static(stamp: Path) -> None:
    """Collect and compress static files, if any has changed since the last time."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            found.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    if not stamp.is_file() or stamp.read_text() != found.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(found.hexdigest())


def log_to(path: Path) -> None:
    """Log into a file: the terminal is for the person."""
    file = path.open("a")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(file)


def logs(folder: Path) -> Callable[[str], Path]:
    place = folder / "log"
    place.mkdir(exist_ok=True)
    return lambda name: place / f"{name}.log"

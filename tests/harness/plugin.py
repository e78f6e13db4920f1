"""Starts what the tests need, before Django reads its settings, and ends it after them.

The controller starts PostgreSQL and the queue; its workers find their addresses in the
environment and take a database of their own in each. Nothing that happens to run is used.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import django
import pytest
from django.core.management import call_command

from portal.demo import queue
from portal.demo.ports import HOST, free_port
from portal.demo.processes import PYTHON, Processes
from tests.harness import browser, environment, postgres

CI = os.environ.get("CI", "").lower() in ("1", "true")
ROOT = Path(__file__).resolve().parents[2]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NO_POSTGRESQL = "PostgreSQL not found: database tests ran on SQLite, which production does not use."
NO_BROWSER = "No Chromium found: the browser tests were left out."

missing: list[str] = []
"""What this machine lacks, said at the start and at the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # First, because pytest-django sets Django up in the same hook, last.
    if not WORKER:
        start()
    number = int(WORKER.removeprefix("gw") or 0) if WORKER else 0
    folder = Path(os.environ["PORTAL_TESTS_FOLDER"])
    redis_url = f"{os.environ['PORTAL_TESTS_QUEUE']}/{number + 1}"
    os.environ |= environment.portal(os.environ["PORTAL_TESTS_DATABASE"], redis_url, folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    if not WORKER:
        call_command("collectstatic", verbosity=0, interactive=False)


def start() -> None:
    """Start the services; they end with this process, however it ends."""
    environment.forget()
    processes = Processes()
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(processes.stop)
    port = free_port()
    processes.start("queue", queue.command(port, folder), log=folder / "queue.log")
    tools = postgres.binaries()
    if tools is None:
        lack(NO_POSTGRESQL)
        database = f"sqlite:///{folder / 'portal.sqlite3'}"
    else:
        database = postgres.start(processes, tools, folder)
    if browser.executable() is None:
        lack(NO_BROWSER)
        os.environ["PORTAL_TESTS_NO_BROWSER"] = "1"
    collect_static_files(folder)
    processes.wait_for(lambda: queue.answers(port), what="The queue")
    os.environ |= {
        "PORTAL_TESTS_FOLDER": str(folder),
        "PORTAL_TESTS_DATABASE": database,
        "PORTAL_TESTS_QUEUE": f"redis://{HOST}:{port}",
    }


def collect_static_files(folder: Path) -> None:
    """As a deployment does: pages name their files by the manifest this writes."""
    known = environment.PLAIN | {"STATIC_ROOT": str(folder / "static")}
    command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | known, check=True)


def lack(sentence: str) -> None:
    """Note what is missing; in CI it ends the run, so that nothing goes untested in silence."""
    missing.append(sentence)
    if CI:
        pytest.exit(f"{sentence} CI runs every test.", returncode=1)


def pytest_report_header() -> list[str]:
    return missing


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for sentence in missing:
        terminalreporter.write_line(sentence, red=True, bold=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that share the running demo share a worker; browser tests need a browser."""
    left_out = []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"page", "browser"}:
            item.add_marker("browser")
            if "PORTAL_TESTS_NO_BROWSER" in os.environ:
                left_out.append(item)
        if "demo" in fixtures:
            item.add_marker(pytest.mark.xdist_group("demo"))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip is a failure: nobody would notice it there."""
    report = yield
    if CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI runs every test: {report.longrepr}"
    return report

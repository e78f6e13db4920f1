"""Starts what the tests need, before Django reads its settings, and ends it after them.

The controller starts PostgreSQL and the queue; its workers find their addresses in the
environment and take a database of their own in each. Nothing that happens to run is used.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import django
import pytest
from django.core.management import call_command
from xdist.remote import Producer

from portal.demo import queue
from portal.demo.ports import HOST, free_port
from portal.demo.processes import Processes
from tests.harness import (
    browser,
    environment,
    identity_providers,
    one_demo,
    postgres,
    second_emulator,
)

CI = os.environ.get("CI", "").lower() in ("1", "true")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NO_POSTGRESQL = "PostgreSQL not found: database tests ran on SQLite, which production does not use."
NO_BROWSER = "No Chromium found: the browser tests were left out."
NO_SECOND = "No second AWS emulator found (`make test` installs it): its tests were left out."
NO_PROVIDERS = "No identity providers found (`make test` installs them): their tests were left out."

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
    # Not for the workers, where pytest-django would load the settings before this hook.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    if not WORKER:
        # As a deployment does: pages name their files by the manifest that this writes.
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
    if not second_emulator.COMMAND.exists():
        lack(NO_SECOND)
    if not identity_providers.are_installed():
        lack(NO_PROVIDERS)
    processes.wait_for(lambda: queue.answers(port), what="The queue")
    os.environ |= {
        "PORTAL_TESTS_FOLDER": str(folder),
        "PORTAL_TESTS_DATABASE": database,
        "PORTAL_TESTS_QUEUE": f"redis://{HOST}:{port}",
    }


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests need a browser; those that share the running demo share a worker."""
    fixtures = {item: set(getattr(item, "fixturenames", ())) for item in items}
    in_browser = [item for item in items if fixtures[item] & {"page", "browser"}]
    for item in in_browser:
        item.add_marker("browser")
    if in_browser and "PORTAL_TESTS_NO_BROWSER" in os.environ:
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]
    for there, fixture in (
        (second_emulator.COMMAND.exists(), "second"),
        (identity_providers.are_installed(), "company"),
        (postgres.binaries() is not None, "busy"),
    ):
        if not there:
            left_out = [item for item in items if fixture in fixtures[item]]
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
    if WORKER:
        one_demo.note([item.nodeid for item in items if "demo" in fixtures[item]])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> one_demo.OneDemo:
    return one_demo.OneDemo(config, log)


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

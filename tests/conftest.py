"""What tests may ask for. Services start when the first test asks, one of each a worker."""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import redis
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import Settings

from portal.demo.ports import free_port
from tests.harness import browser as chromium
from tests.harness import demo as demo_process
from tests.harness import mail as mail_server
from tests.harness import simulator as simulator_process
from tests.harness.demo import Demo
from tests.harness.mail import Mailbox
from tests.harness.simulator import Simulator

if TYPE_CHECKING:
    from tests.harness.work import RunTasks


pytest_plugins = ["tests.harness.plugin"]


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    folder = tmp_path_factory.mktemp("simulator")
    with simulator_process.running(os.environ["AWS_ENDPOINT_URL"], folder) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Simulator:
    """The simulated AWS that boto3 finds by itself, as it is at the start."""
    _simulator.reset()
    return _simulator


@pytest.fixture(scope="session")
def _mailbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Mailbox]:
    port = urlsplit(os.environ["EMAIL_URL"]).port or 25
    with mail_server.running(port, tmp_path_factory.mktemp("mail") / "box") as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(_mailbox: Mailbox, settings: Settings) -> Mailbox:
    """An empty mailbox; the portal's mail goes there over SMTP."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    _mailbox.clear()
    return _mailbox


@pytest.fixture
def redis_url() -> str:
    """The queue and cache of this worker, emptied."""
    url = os.environ["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def run_tasks() -> "RunTasks":
    """Do the work that waits, as workers would, in this process: `run_tasks()`."""
    from tests.harness.work import run_tasks  # reads models, which need Django set up

    return run_tasks


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Generator[Demo]:
    """The running demo, as `make demo` starts it."""
    demo = demo_process.start(tmp_path_factory.mktemp("demo"), free_port())
    yield demo
    assert demo.stop() == 0


@pytest.fixture
def demo_mailbox(demo: Demo) -> Mailbox:
    return Mailbox(demo.mail_folder)


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    # For one module only: while Playwright runs, Django takes this thread for an event loop's
    # and refuses to query the database in it.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        yield browser
        browser.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, demo: Demo) -> Generator[NewPage]:
    """Pages of separate visitors of the demo; keywords are those of Playwright's `new_context`.

    At the end no page may have raised a script error or run into the Content-Security-Policy.
    """
    faults: list[str] = []
    contexts = []

    def make(**options: object) -> Page:
        context = browser.new_context(base_url=demo.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if is_fault(said.text) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


def is_fault(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A visitor of the demo with a real browser."""
    return new_page()


@pytest.fixture
def page_without_scripts(new_page: NewPage) -> Page:
    return new_page(java_script_enabled=False)


@pytest.fixture
def root() -> Path:
    return demo_process.ROOT

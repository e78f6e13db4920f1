"""Where a secret could have been left behind: every place, as text to search."""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter

if TYPE_CHECKING:  # a conftest imports this before Django is set up
    from onboarding.models import Installation


@contextmanager
def everything_logged() -> Generator[list[str]]:
    """All that any logger says inside the block, at DEBUG."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, handler = logging.getLogger(), Keep(logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def whole_database() -> str:
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own table names)
            text.append(repr(cursor.fetchall()))
    return "\n".join(text)


def whole_redis() -> str:
    """The queue, and what is handed over through the other Redis; in tests they are one."""
    store = redis.Redis.from_url(settings.HANDOFF_REDIS_URL)
    return "\n".join(repr(store.dump(key)) for key in store.keys("*"))


PAGES = ("status", "status_live", "calls", "calls_csv", "calls_json", "monitoring", "preflight")
STEPS = ("access", "checks", "review")


def pages_of(installation: "Installation") -> str:
    """What its Owner may see of it, downloads included."""
    client = Client()
    client.force_login(installation.organization.owners().get().user)
    addresses = [
        *(reverse(name, args=[installation.pk]) for name in PAGES),
        *(reverse("step", args=[installation.pk, slug]) for slug in STEPS),
        reverse("live", args=[installation.pk, "access"]),
        reverse("monitoring_live", args=[installation.pk]),
    ]
    return "\n".join(client.get(address, follow=True).getvalue().decode() for address in addresses)


@contextmanager
def error_reports() -> Generator[list[str]]:
    """What Django would mail and log about each request that failed inside the block: the report
    with every frame's variables, as plain text and as a page.
    """
    reports: list[str] = []

    def keep(sender: Any, request: HttpRequest | None = None, **_: Any) -> None:
        kind, problem, trace = sys.exc_info()
        reporter = ExceptionReporter(request, kind, problem, trace, is_email=True)
        reports.extend((reporter.get_traceback_text(), reporter.get_traceback_html()))

    got_request_exception.connect(keep)
    try:
        yield reports
    finally:
        got_request_exception.disconnect(keep)

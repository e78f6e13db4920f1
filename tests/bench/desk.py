"""Support's desk with very many installations in PostgreSQL, against the same desk with few."""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

from portal.demo.processes import Processes
from tests.aws.simulated import SimulatedAws
from tests.bench.measure import Measure, side_by_side
from tests.harness import postgres

FEW, MANY = 1_000, 100_000
MOST_RATIO = 1.5
ROUNDS = 15
QUEUE = "/admin/onboarding/installation/"


def measures(aws: SimulatedAws) -> Iterator[Measure]:
    """Each page in turns at both desks, so that a busy machine is felt by both."""
    tools = postgres.binaries()
    if tools is None:
        raise RuntimeError("The desk is measured on PostgreSQL, and none was found here.")
    processes = Processes()
    with tempfile.TemporaryDirectory(prefix="portal-desk-") as folder:
        try:
            yield from _measures(postgres.start(processes, tools, Path(folder)))
        finally:
            processes.stop()


def _measures(url: str) -> Iterator[Measure]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  (Django is set up now)

    logging.disable(logging.CRITICAL)  # a line for every request would drown the measures
    call_command("collectstatic", verbosity=0, interactive=False)
    few, many = Desk(url, "few", FEW), Desk(url, "many", MANY)
    for name, address in few.pages().items():
        small, large = side_by_side(few.opener(address), many.opener(address), rounds=ROUNDS)
        yield Measure(
            f"{name}, {MANY} / {FEW} installations ({large * 1000:.0f} ms)",
            large / small,
            MOST_RATIO,
        )


class Desk:
    """A database of its own, with so many installations, and an agent signed in."""

    def __init__(self, url: str, name: str, count: int) -> None:
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        from tests.factories import make_user  # noqa: PLC0415
        from tests.harness.crowd import crowd  # noqa: PLC0415

        self.connection = _connection(url, name)
        connections["default"] = self.connection
        call_command("migrate", verbosity=0)
        agent = make_user("agent@support.example", is_staff=True, is_superuser=True)
        crowd(0, count, agent=agent.pk)
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        self.client = Client()
        self.client.force_login(agent)

    def pages(self) -> dict[str, str]:
        from onboarding.models import Installation  # noqa: PLC0415

        some = Installation.objects.get(cluster_name="prod-500")
        return {
            "queue": QUEUE,
            "queue, searched by account": f"{QUEUE}?q={some.aws_account_id}",
            "dossier": f"{QUEUE}{some.pk}/change/",
        }

    def opener(self, address: str) -> Callable[[], None]:
        """Opens the page at this desk. Once now, so that nothing is read for the first time."""
        from django.db import connections  # noqa: PLC0415

        def open_it() -> None:
            connections["default"] = self.connection
            response = self.client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        open_it()
        return open_it


def _connection(url: str, name: str) -> Any:
    """To a new database of that name, beside the one in `url`, kept open from page to page."""
    from django.db import connections  # noqa: PLC0415
    from django.db.utils import load_backend  # noqa: PLC0415

    found = urlsplit(url)
    settings = {
        "ENGINE": "django.db.backends.postgresql", "HOST": found.hostname, "PORT": found.port,
        "USER": found.username, "NAME": found.path[1:], "CONN_MAX_AGE": None,
    }  # fmt: skip
    wrapper = load_backend("django.db.backends.postgresql").DatabaseWrapper
    first = wrapper(connections.configure_settings({"default": settings})["default"], "default")
    with first.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    first.close()
    own = settings | {"NAME": name}
    return wrapper(connections.configure_settings({"default": own})["default"], "default")

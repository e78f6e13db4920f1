"""What the log tells of a request, and what it leaves out."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from portal.logs import without_link_secrets
from tests.views.cast import SECRET, Cast, make_cast

ID = "0190aaaa-bbbb-4ccc-8ddd-eeeeffff0000"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line as production writes it."""
    logging_settings: Any = settings.LOGGING
    formatter = dict(logging_settings["formatters"]["json"])
    handler = logging.StreamHandler(io.StringIO())
    make = formatter.pop("()")
    make = import_string(make) if isinstance(make, str) else make
    handler.setFormatter(make(**formatter))
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_asvs_16_2_5_the_secret_of_a_link_is_in_no_line(log: io.StringIO) -> None:
    cast: Cast = make_cast()
    reset = "1-abcdef-0123456789abcdef0123456789abcdef"
    for path in (
        f"/invitations/{SECRET}/",
        f"/invitations/{SECRET[::-1]}/",  # not there: Django warns of it
        f"/accounts/login/?next=/invitations/{SECRET}/",
        f"/accounts/password/reset/key/{reset}/",
        f"/accounts/confirm-email/MQ:1tABCD:{SECRET}/",
    ):
        Client().get(path)
    cast.client("stranger").post(f"/invitations/{SECRET}/")  # 403: Django warns of it
    told = log.getvalue()
    assert {line["code"] for line in lines(log) if "code" in line} >= {200, 403, 404}
    for secret in (SECRET, SECRET[::-1], reset):
        assert secret not in told
    assert '"request": "GET /invitations/\\u2026/"' in told


@pytest.mark.django_db
def test_a_line_still_tells_which_page_of_which_row(log: io.StringIO) -> None:
    Client().get(f"/organizations/{ID}/")
    assert f"GET /organizations/{ID}/" in [line.get("request") for line in lines(log)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /downloads/create-astro-role.sh", "GET /downloads/create-astro-role.sh"),
        (f"POST /organizations/{ID}/switch/", f"POST /organizations/{ID}/switch/"),
        ("arn:aws:iam::210987654321:role/astronomer-remote-management",) * 2,
        ("GET /?page=2", "GET /?…"),
        ("Why? Because.", "Why? Because."),
        (f"Forbidden: /invitations/{SECRET}/", "Forbidden: /invitations/…/"),
        (f"GET /handover/{SECRET}", "GET /handover/…"),
        (f"POST /handover/{SECRET}/console/", "POST /handover/…/console/"),
    ],
)
def test_nothing_else_is_left_out(said: str, kept: str) -> None:
    assert without_link_secrets(None, "info", {"event": said}) == {"event": kept}

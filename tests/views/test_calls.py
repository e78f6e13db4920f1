"""The log of AWS calls: whole, in order, filtered, fast, and to take along without harm."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding.aws.actions.create_role import Credentials
from onboarding.jobs import operations
from onboarding.models import AwsCall
from onboarding.services import access
from tests.harness.simulator import Simulator
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEALTHY = "210987654321"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def log(cast: Cast, count: int, **values: Any) -> None:
    """`count` calls, ten in each second, so that many have the same time."""
    fields: dict[str, Any] = {
        "service": "iam",
        "action": "GetRole",
        "region": "us-east-1",
        "outcome": "ok",
        "milliseconds": 7,
    }
    AwsCall.objects.bulk_create(
        AwsCall(
            installation=cast.installation,
            at=NOON + timedelta(seconds=number // 10),
            **({"request_id": f"req-{number}"} | fields | values),
        )
        for number in range(count)
    )


def address(cast: Cast, name: str = "calls", query: str = "") -> str:
    return reverse(name, args=[cast.installation.pk]) + query


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def request_ids(text: str) -> list[str]:
    return re.findall(r"<code>(req-[0-9]+)</code>", text)


def downloaded(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    assert response.streaming
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_going_from_page_to_page_shows_every_call_once_newest_first(cast: Cast) -> None:
    log(cast, 120)
    client, url, seen = cast.client("member"), address(cast), []

    while url:
        text = page(client, url)
        seen += request_ids(text)
        older = re.search(r'href="(\?[^"]*before=[^"]+)"', text)
        url = address(cast, query=older[1].replace("&amp;", "&")) if older else ""

    assert seen == [f"req-{number}" for number in reversed(range(120))]


def test_a_later_page_leads_back_to_the_newest(cast: Cast) -> None:
    log(cast, 60)
    first = page(cast.client("member"), address(cast, query="?service=iam"))
    older = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert older
    assert "Newest" not in first

    second = page(cast.client("member"), address(cast, query=older[1].replace("&amp;", "&")))

    assert f'href="{address(cast)}?service=iam">Newest' in second


def test_one_service_and_failures_alone_can_be_chosen(cast: Cast) -> None:
    log(cast, 3)
    log(cast, 2, service="ec2", action="DescribeVpcs", request_id="req-1000")
    log(cast, 1, service="ec2", outcome="AccessDenied", request_id="req-2000")
    client = cast.client("member")

    assert set(request_ids(page(client, address(cast, query="?service=ec2")))) == {
        "req-1000",
        "req-2000",
    }
    assert request_ids(page(client, address(cast, query="?failed=1"))) == ["req-2000"]
    assert request_ids(page(client, address(cast, query="?failed=1&service=iam"))) == []
    assert "No call is like that" in page(client, address(cast, query="?failed=1&service=iam"))
    options = re.findall(r'<option value="([^"]*)"', page(client, address(cast)))
    assert options == ["", "ec2", "iam"]


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=99999999999999999999-1", "?service=%27%20OR%201", "?failed=2"]
)
def test_an_address_that_makes_no_sense_shows_the_log(cast: Cast, query: str) -> None:
    log(cast, 2)

    assert len(request_ids(page(cast.client("member"), address(cast, query=query)))) == 2


def test_a_log_without_calls_says_when_the_first_will_come(cast: Cast) -> None:
    text = page(cast.client("member"), address(cast))

    assert "No call has been made yet" in text
    assert "<table" not in text


def test_a_page_in_the_middle_of_a_long_log_asks_no_more_than_the_first(cast: Cast) -> None:
    log(cast, 2_000)
    client = cast.client("member")
    middle = int((NOON + timedelta(seconds=100)).timestamp() * 1_000_000)

    def queries(url: str) -> int:
        page(client, url)
        with CaptureQueriesContext(connection) as asked:
            page(client, url)
        return len(asked)

    assert queries(address(cast)) == queries(address(cast, query=f"?before={middle}-0")) <= 12


def test_the_whole_log_is_taken_along_as_csv(cast: Cast) -> None:
    log(cast, 60, identity="pasted")

    rows = list(
        csv.DictReader(io.StringIO(downloaded(cast.client("owner"), address(cast, "calls_csv"))))
    )

    assert len(rows) == 60
    assert rows[0] == {
        "time": "2026-03-01T12:00:05.000Z",
        "service": "iam",
        "action": "GetRole",
        "region": "us-east-1",
        "identity": "pasted",
        "outcome": "ok",
        "milliseconds": "7",
        "request_id": "req-59",
    }


def test_the_whole_log_is_taken_along_as_json(cast: Cast) -> None:
    log(cast, 60)
    client = cast.client("owner")

    calls = json.loads(downloaded(client, address(cast, "calls_json")))

    assert [call["request_id"] for call in calls] == [f"req-{n}" for n in reversed(range(60))]
    assert calls[0]["milliseconds"] == 7


@pytest.mark.parametrize("name", ["calls_csv", "calls_json"])
def test_what_was_chosen_is_what_is_taken_along(cast: Cast, name: str) -> None:
    log(cast, 3)
    log(cast, 1, outcome="Throttling", request_id="req-9000")

    text = downloaded(cast.client("member"), address(cast, name, "?failed=1&service=iam"))

    assert re.findall("req-[0-9]+", text) == ["req-9000"]


def test_an_empty_log_is_a_file_too(cast: Cast) -> None:
    client = cast.client("member")

    assert json.loads(downloaded(client, address(cast, "calls_json"))) == []
    assert downloaded(client, address(cast, "calls_csv")).count("\n") == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(cast: Cast, start: str) -> None:
    evil = f"{start}cmd|' /C calc'!A1"
    log(cast, 1, request_id=evil, outcome=evil, action=evil, service=evil[:40], region=evil[:20])

    text = downloaded(cast.client("member"), address(cast, "calls_csv"))

    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert sum(evil[:20] in cell for cell in cells) == 5
    assert [cell for cell in cells if cell.startswith(start)] == []


@pytest.mark.parametrize("name", ["calls_csv", "calls_json"])
def test_a_download_has_a_name_and_is_kept_nowhere_on_the_way(cast: Cast, name: str) -> None:
    response = cast.client("member").get(address(cast, name))

    ending = name.removeprefix("calls_")
    wanted = f'attachment; filename="aws-calls-{cast.installation.aws_account_id}.{ending}"'
    assert response["Content-Disposition"] == wanted
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_log_says_as_whom_each_call_was_made_and_holds_no_secret(simulator: Simulator) -> None:
    cast = make_cast(aws_account_id=HEALTHY)
    given = simulator.credentials(HEALTHY)
    keys = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    operations.run(str(access.create_role(cast.installation, keys, by=cast.people["owner"]).pk))
    operations.run(str(access.look_for_role(cast.installation).pk))

    client = cast.client("owner")
    calls = json.loads(downloaded(client, address(cast, "calls_json")))
    everything = "\n".join(
        [
            *(page(client, address(cast, query=query)) for query in ("", "?failed=1")),
            *(downloaded(client, address(cast, name)) for name in ("calls_csv", "calls_json")),
            *(repr(row) for row in AwsCall.objects.values_list()),
        ]
    )

    made = {(call["action"], call["identity"]) for call in calls}
    assert {
        ("CreateRole", "pasted"),
        ("AttachRolePolicy", "pasted"),
        ("AssumeRole", "portal"),
        ("GetRole", "role"),
    } <= made
    assert ("AssumeRole", "role") not in made
    assert all(call["request_id"] for call in calls)
    secrets = [*given.values(), cast.organization.reveal_external_id()]
    assert [secret for secret in secrets if secret and secret in everything] == []

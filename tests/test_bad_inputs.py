"""Every hostile or clumsy input of the corpus, posted to the running forms, gets its verdict.

`accept` and `norm` are stored as the row says, `warn` too and with a warning that is shown;
`reject` stores nothing, tells the fault at its field, and shows again what was typed (but no
secret). Nothing ever ends in an error page.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from onboarding.jobs import handoff
from onboarding.models import Installation, Operation, Organization, PeerVpc, User
from onboarding.policy.document import trust_policy
from tests.factories import make_installation, make_organization, make_user

pytestmark = pytest.mark.django_db
ROWS = json.loads((Path(__file__).parent / "data" / "bad_inputs.json").read_text("utf-8"))

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CREDENTIALS = {
    "access_key_id": "ASIAY34FZKBOKMUTVV7A",
    "secret_access_key": SECRET,
    "session_token": "IQoJb3JpZ2luX2Vj" + "A" * 200,
}
ACCOUNT = {
    "aws_account_id": "210987654321",
    "account_is_dedicated": "on",
    "status_page_subscribed": "on",
    "domains_allowed": "on",
}
CLUSTER = {
    "cluster_name": "fine",
    "region": "us-east-1",
    "node_type": "m5.xlarge",
    "max_nodes": "20",
}
PUBLIC = {"connectivity": "public", "astro_cidr": "172.20.0.0/19"}
PEERING = {
    "connectivity": "peering",
    "astro_cidr": "172.20.0.0/19",
    "dns_servers": "",
    "peers-0-vpc": "vpc-1a2b3c4d",
    "peers-0-account_id": "210987654321",
    "peers-0-region": "us-east-1",
    "peers-0-cidrs": "10.9.0.0/16",
}
SIGN_UP = {"email": "fine@example.com", "password1": "a long and plain sentence"}


def of_installation(name: str) -> Callable[[], Any]:
    return lambda: getattr(Installation.objects.get(), name)


def of_peer(name: str) -> Callable[[], Any]:
    return lambda: PeerVpc.objects.values_list(name, flat=True).first()


def of_credentials(name: str) -> Callable[[], Any]:
    def taken() -> Any:
        operation = Operation.objects.first()
        return operation and getattr(handoff.take(str(operation.pk)), name)

    return taken


@dataclass(frozen=True)
class Door:
    """Where inputs of one field of the corpus come in, beside answers that are right."""

    page: str
    input: str
    beside: dict[str, str] = field(repr=False)
    stored: Callable[[], Any]
    is_list: bool = False
    is_secret: bool = False

    def url(self) -> str:
        if self.page in ("account_signup", "organization_new"):
            return reverse(self.page)
        installation = Installation.objects.get()
        if self.page == "create_role":
            return reverse(self.page, args=[installation.pk])
        return reverse("step", args=[installation.pk, self.page])


DOORS = {
    "account_id": Door("account", "aws_account_id", ACCOUNT, of_installation("aws_account_id")),
    "cluster_name": Door("cluster", "cluster_name", CLUSTER, of_installation("cluster_name")),
    "region": Door("cluster", "region", CLUSTER, of_installation("region"), is_list=True),
    "instance_type": Door(
        "cluster", "node_type", CLUSTER, of_installation("node_type"), is_list=True
    ),
    "node_count": Door("cluster", "max_nodes", CLUSTER, of_installation("max_nodes")),
    "vpc_cidr": Door("network", "astro_cidr", PUBLIC, of_installation("astro_cidr")),
    "peer_cidrs": Door("network", "peers-0-cidrs", PEERING, of_peer("cidrs")),
    "vpc_id": Door("network", "peers-0-vpc", PEERING, of_peer("vpc")),
    "dns_ips": Door("network", "dns_servers", PEERING, of_installation("dns_servers")),
    "email": Door(
        "account_signup",
        "email",
        SIGN_UP,
        lambda: User.objects.values_list("email", flat=True).first(),
    ),
    "org_slug": Door(
        "organization_new",
        "short_name",
        {"name": "Fine"},
        lambda: Organization.objects.values_list("short_name", flat=True).first(),
    ),
} | {
    name: Door(
        "create_role",
        input_name,
        CREDENTIALS,
        of_credentials(input_name),
        is_secret=True,
    )
    for name, input_name in (
        ("access_key", "access_key_id"),
        ("secret_key", "secret_access_key"),
        ("session_token", "session_token"),
    )
}


class Inputs(HTMLParser):
    """The text fields of a page, with what stands in them, and which are marked as wrong."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, str] = {}
        self.wrong: set[str] = set()
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag in ("input", "textarea", "select") and given.get("aria-invalid") == "true":
            self.wrong.add(name)
        if tag == "input":
            self.values[name] = given.get("value") or ""
        self._area = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = self.values.get(self._area, "") + data


def posted(client: Client, door: Door, typed: Any) -> Any:
    """Post it as a browser would; what is no text, as JSON."""
    answers = door.beside | {door.input: typed, "version": "0"}
    if not isinstance(typed, str):
        return client.post(door.url(), json.dumps(answers), content_type="application/json")
    body = urlencode(answers, errors="surrogatepass").encode()
    return client.post(door.url(), body, content_type="application/x-www-form-urlencoded")


def faults_of_refusal(door: Door, response: Any, typed: Any) -> Iterator[str]:
    if response.status_code not in (200, 400):
        yield f"answered {response.status_code}"
        return
    if not isinstance(typed, str):
        return
    page = response.content.decode()
    inputs = Inputs(page)
    shown = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if door.input not in inputs.wrong:
        yield "the fault is not told at the field"
    if len(typed) > 3 and any(char in typed for char in "<>\"'") and shown in page:
        yield "shown again without escaping"
    value = inputs.values.get(door.input, "").removeprefix("\n")
    if door.is_secret and (value or (len(typed.strip()) > 8 and shown in page)):
        yield "a secret was shown again"
    # Something may be suggested where nothing was typed; a list cannot show what is not in it.
    if typed and not door.is_secret and not door.is_list and value != shown:
        yield f"shown again as {value!r}"


def faults_of_acceptance(client: Client, door: Door, response: Any, row: Any) -> Iterator[str]:
    if response.status_code != 302:
        yield f"answered {response.status_code}"
        return
    if str(door.stored()) != row["stored"]:
        yield f"stored {door.stored()!r}"
    if door.is_secret or door.page == "organization_new":
        return
    if door.page == "account_signup":
        warned = "internationalised domain" in client.get(response.url).content.decode()
    else:
        form = client.get(door.url()).context["form"]
        warned = bool(form.warnings.get(door.input))
    if warned != (row["expected"] == "warn"):
        yield "the warning is missing" if not warned else "warned of what is fine"


def faults(door: Door, client: Client, row: dict[str, Any]) -> list[str]:
    there = door.stored()
    response = posted(client, door, row["input"])
    if row["expected"] != "reject":
        return list(faults_of_acceptance(client, door, response, row))
    found = list(faults_of_refusal(door, response, row["input"]))
    if door.stored() != there:
        found.append(f"stored {door.stored()!r}")
    return found


def before(door: Door) -> dict[str, Any]:
    """What must be answered before the door's page can be used."""
    if door.page != "create_role":
        return {}
    return {name: True if value == "on" else value for name, value in ACCOUNT.items()}


@pytest.fixture
def visitor(settings: Settings) -> Callable[[Door], Client]:
    """A client that may post at a door, in a database with nothing but what that needs."""
    settings.ACCOUNT_RATE_LIMITS = False

    def arrive(door: Door) -> Client:
        client = Client(raise_request_exception=False)
        if door.page == "account_signup":
            return client
        person = make_user()
        client.force_login(person)
        if door.page != "organization_new":
            make_installation(make_organization(person), **before(door))
        return client

    return arrive


@pytest.mark.parametrize("name", DOORS)
def test_every_input_gets_its_verdict(name: str, visitor: Callable[[Door], Client]) -> None:
    door = DOORS[name]
    client = visitor(door)
    wrong = {}
    for number, row in enumerate(each for each in ROWS if each["field"] == name):
        signed_in = deepcopy(client.cookies)
        with transaction.atomic():
            found = faults(door, client, row)
            transaction.set_rollback(True)
        client.cookies = signed_in  # founding an Organization gives the session another key
        if found:
            wrong[f"{number}: {str(row['input'])[:60]!a} ({row['expected']})"] = found
        if name == "email":
            client.logout()
    assert wrong == {}


@pytest.mark.parametrize("row", [each for each in ROWS if each["field"] == "external_id"])
def test_only_external_ids_of_the_portals_shape_get_into_a_trust_policy(
    row: dict[str, Any],
) -> None:
    typed = row["input"]
    if isinstance(typed, str) and typed.startswith("astro-") and row["expected"] == "accept":
        assert typed in json.dumps(trust_policy(typed))
        return
    if row["expected"] == "reject":
        with pytest.raises((ValueError, TypeError)):
            trust_policy(typed)


def test_every_field_of_the_corpus_has_a_door() -> None:
    assert {row["field"] for row in ROWS} == {*DOORS, "external_id"}

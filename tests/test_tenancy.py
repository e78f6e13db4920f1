"""Who may open what: every address of the customer's side, both methods, five people.

The addresses come from the URLconf, so that one without a line in the table fails here.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.views.addresses import ours
from tests.views.cast import OUTSIDE, PEOPLE, Cast, Stored, everything_stored, make_cast

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM = "account_login", "account_reauthenticate"
DESK = "admin:onboarding_installation_changelist"
Row = tuple[str, str, str, str, str]

OPEN: Row = ("200", "200", "200", "200", "200")
INSIDE: Row = (LOGIN, "200", "200", "404", "404")
NOT_SO: Row = (LOGIN, "405", "405", "405", "405")
NOT_INSIDE: Row = (LOGIN, "405", "405", "404", "404")
TO_ACCESS: Row = (LOGIN, "step", "step", "404", "404")
TO_STATUS: Row = (LOGIN, "status", "status", "404", "404")
OWNERS: Row = (LOGIN, "403", CONFIRM, "404", "404")
OWNERS_PAGE: Row = (LOGIN, "403", "200", "404", "404")
ONESELF: Row = (LOGIN, "200", "200", "200", "200")
NOWHERE: Row = ("404",) * 5
NOT_READ: Row = ("405",) * 5

ANSWERS: dict[str, tuple[Row, Row]] = {
    # name: (GET, POST), each for: anonymous, member, owner, stranger, staff.
    # A name is where a redirect leads. The stranger owns another Organization.
    "home": ((LOGIN, "200", "200", "200", DESK),) * 2,
    "health_live": (OPEN, OPEN),
    "health_ready": (("503",) * 5, ("503",) * 5),
    "sso": (OPEN, OPEN),
    "sign_in_with": (("405",) * 5, ("404",) * 5),  # nothing is configured
    "account": (ONESELF, NOT_SO),
    "account_name": (ONESELF, ONESELF),
    "account_delete": (ONESELF, (LOGIN, CONFIRM, "200", "200", CONFIRM)),  # last Owners stay
    "sign_in_again": (ONESELF, (LOGIN,) * 5),
    "account_confirm_email": (OPEN, NOWHERE),  # a key that does not work, and says so
    "sessions": (ONESELF, NOT_SO),
    "sessions_end": (NOT_SO, (LOGIN, "sessions", "sessions", "sessions", "sessions")),
    "organization_second_factor": (NOT_SO, OWNERS),
    "organization_new": ((LOGIN, "200", "200", "200", "200"),) * 2,
    "organization": (INSIDE, INSIDE),
    "organization_history": (INSIDE, NOT_SO),
    "organization_name": (OWNERS_PAGE, OWNERS_PAGE),
    "organization_invite": (OWNERS_PAGE, OWNERS_PAGE),
    "organization_switch": (NOT_SO, (LOGIN, "home", "home", "404", "404")),
    "organization_leave": (INSIDE, (LOGIN, "home", "organization", "404", "404")),
    "member_role": (OWNERS_PAGE, OWNERS),
    "member_remove": (OWNERS_PAGE, OWNERS),
    "invitation_send": (NOT_SO, (LOGIN, "403", "organization", "404", "404")),
    "invitation_withdraw": (OWNERS_PAGE, (LOGIN, "403", "organization", "404", "404")),
    "invitations": (ONESELF, (LOGIN, "invitations", "invitations", "invitations", "invitations")),
    "webhooks": (OWNERS_PAGE, OWNERS_PAGE),
    "webhook_new": (OWNERS, OWNERS_PAGE),  # nothing was typed
    "webhook": (OWNERS_PAGE, OWNERS_PAGE),  # not confirmed a moment ago, and says so
    "webhook_secret": (NOT_SO, OWNERS),
    "webhook_test": (NOT_SO, (LOGIN, "403", "webhook", "404", "404")),
    "webhook_remove": (OWNERS_PAGE, (LOGIN, "403", "webhooks", "404", "404")),
    "webhook_replay": (NOT_SO, (LOGIN, "403", "webhook", "404", "404")),
    "invitation": (OPEN, (LOGIN, "403", "403", "403", "403")),  # everybody here has another address
    "external_id": (NOT_SO, OWNERS),
    "external_id_renewal": (OWNERS_PAGE, OWNERS),
    "external_id_renewal_end": (NOT_SO, OWNERS),
    "handovers": (INSIDE, OWNERS_PAGE),  # no address was typed
    "handover_withdraw": (NOT_SO, (LOGIN, "403", "404", "404", "404")),
    "handover": (NOWHERE, NOT_READ),  # a link that nobody was sent; tests/views/test_handover.py
    "handover_live": (NOWHERE, NOT_READ),
    "handover_code": (NOT_READ, NOWHERE),
    "handover_confirm": (NOT_READ, NOWHERE),
    "handover_external_id": (NOT_READ, NOWHERE),
    "handover_console": (NOT_READ, NOWHERE),
    "handover_script": (NOT_READ, NOWHERE),
    "handover_look": (NOT_READ, NOWHERE),
    "installation_new": (NOT_SO, (LOGIN, "step", "step", "step", "organization_new")),
    "status": (TO_ACCESS, TO_ACCESS),  # nothing to follow yet: on to the first step left
    "status_live": (INSIDE, NOT_INSIDE),
    "conversation": (INSIDE, INSIDE),  # nothing was written
    "conversation_seen": (NOT_SO, (LOGIN, "conversation", "conversation", "404", "404")),
    "reminders": (INSIDE, (LOGIN, "reminders", "reminders", "404", "404")),
    "confirm": (NOT_SO, TO_STATUS),
    "cancel": (NOT_SO, (LOGIN, "403", "status", "404", "404")),
    "step": (INSIDE, INSIDE),
    "preview": (NOT_INSIDE, INSIDE),
    "live": (INSIDE, NOT_INSIDE),
    "console": (NOT_SO, OWNERS),
    "script": (NOT_SO, INSIDE),
    "terraform": (NOT_SO, INSIDE),
    "look_for_role": (NOT_SO, TO_ACCESS),
    "create_role": (NOT_SO, INSIDE),
    "check_account": (NOT_SO, TO_ACCESS),
    "offer": (NOT_SO, TO_ACCESS),  # nothing is offered: back to the checks
    "update_role": (INSIDE, NOT_INSIDE),
    "update_role_live": (INSIDE, NOT_INSIDE),
    "update_role_start": (NOT_SO, INSIDE),
    "update_script": (OPEN, ("405",) * 5),
    "monitoring": (INSIDE, NOT_INSIDE),
    "monitoring_live": (INSIDE, NOT_INSIDE),
    "monitoring_create": (NOT_SO, INSIDE),
    "preflight": (INSIDE, INSIDE),
    "preflight_script": (INSIDE, NOT_SO),
    "calls": (INSIDE, NOT_INSIDE),
    "calls_csv": (INSIDE, NOT_INSIDE),
    "calls_json": (INSIDE, NOT_INSIDE),
    "evidence": (INSIDE, NOT_INSIDE),
    "evidence_json": (NOT_SO, INSIDE),
    "evidence_pdf": (NOT_SO, INSIDE),
    "role_template": (OPEN, OPEN),
    "role_script": (OPEN, OPEN),
    "role_module": (OPEN, OPEN),
    "monitoring_template": (OPEN, ("405",) * 5),
    "monitoring_script": (OPEN, ("405",) * 5),
    "permissions": (OPEN, OPEN),
    "permissions_document": (OPEN, OPEN),
    "policies": (ONESELF, NOT_SO),
    "policy": (ONESELF, NOT_SO),
    "policy_acknowledge": (NOT_SO, (LOGIN, "policy", "policy", "policy", "policy")),
}
ANYBODY = ("installation_new",)
"""Strangers may press it too, for their own Organization."""
ADDRESSES = {address.name: address for address in ours()}
each = pytest.mark.parametrize("name", ADDRESSES)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def answer(response: Any) -> str:
    """The status; of a redirect, where it leads."""
    if response.status_code != 302:
        return str(response.status_code)
    return resolve(urlsplit(response["Location"]).path).view_name


@dataclass(frozen=True)
class Asked:
    answer: str
    stored: bool
    """Whether it changed anything."""


def asked(client: Client, address: str, method: str, before: Stored) -> Asked:
    """What that person gets; nothing of it stays."""
    with transaction.atomic():
        response = getattr(client, method.lower())(address)
        stored = everything_stored() != before
        transaction.set_rollback(True)
    return Asked(answer(response), stored)


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    assert set(ANSWERS) == set(ADDRESSES)


@each
def test_everybody_gets_the_answer_meant_for_them(cast: Cast, name: str) -> None:
    """And nobody changes anything by reading, nor anybody outside by pressing a button."""
    clients = {who: cast.client(who) for who in PEOPLE}
    before, address = everything_stored(), ADDRESSES[name].of(cast)
    read, pressed = ANSWERS[name]
    for method, row in (("GET", read), ("HEAD", read), ("POST", pressed)):
        told = {who: asked(clients[who], address, method, before) for who in PEOPLE}
        assert {who: one.answer for who, one in told.items()} == dict(zip(PEOPLE, row, strict=True))
        silent = PEOPLE if method != "POST" else [] if name in ANYBODY else OUTSIDE
        assert [who for who in silent if told[who].stored] == [], method


def test_the_comparison_would_see_a_change(cast: Cast) -> None:
    client, address = cast.client("member"), ADDRESSES["look_for_role"].of(cast)
    assert asked(client, address, "POST", everything_stored()).stored


def test_an_installation_is_started_in_ones_own_organization_alone(cast: Cast) -> None:
    """The one button that strangers may press too, in their own name."""
    response = cast.client("stranger").post("/installations/new/", {"organization": "acme"})
    assert response.status_code == 404
    cast.client("stranger").post("/installations/new/")
    assert cast.organization.installations.count() == 1


def test_another_organizations_installation_looks_like_none_at_all(cast: Cast) -> None:
    client = cast.client("stranger")
    for address in ours():
        if "pk" in address.names:
            for method in (client.get, client.post):
                theirs, nobodys = method(address.of(cast)), method(address.sample())
                assert theirs.status_code == nobodys.status_code, address.name
                assert theirs.status_code in (404, 405)

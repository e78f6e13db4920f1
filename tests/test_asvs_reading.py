"""Reading changes nothing (ASVS 5.0, 3.5.3): each address of the URLconf, by GET and by HEAD.

Every table counts, those of sessions and of rate limits too. What a visit has to leave behind is
listed with its reason, and each line of the list is held to exactly the tables that it names.
"""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from onboarding.models import Mail, Status
from tests.factories import PASSWORD, make_user
from tests.test_tenancy_elsewhere import path_of
from tests.views.addresses import Address, all_of_them, ours
from tests.views.cast import PEOPLE, Cast, make_cast, put
from tests.views.handover_scene import hand_over, the
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db

HOST = {"host": "127.0.0.1:8000"}
Tables = dict[str, list[str]]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def all_tables() -> Tables:
    """Every row there is."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own tables)
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def changed(before: Tables, after: Tables) -> dict[str, list[str]]:
    """The tables that differ, with the rows that are new."""
    return {
        table: sorted(set(rows) - set(before[table])) or ["fewer rows"]
        for table, rows in after.items()
        if rows != before[table]
    }


class Links:
    """Addresses whose secret is in a mail, each as it was sent."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.token = hand_over(cast)
        Client().post("/accounts/password/reset/", {"email": cast.people["member"].email})
        self.reset = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
        newcomer = make_user("newcomer@example.com", verified=False)
        self.confirm = EmailConfirmationHMAC(EmailAddress.objects.get(user=newcomer)).key

    def path(self, address: Address) -> str:
        if address.name == "account_confirm_email":
            return reverse(address.name, args=[self.confirm])
        if address.name == "account_reset_password_from_key":
            return self.reset
        if "token" in address.names:
            return reverse(address.name, args=[self.token])
        if "handover" in address.names:
            pks = {"pk": self.cast.installation.pk, "handover": the().pk}
            return reverse(address.name, kwargs=pks)
        if address.name.startswith("admin:onboarding") and "object_id" in address.names:
            return self._at_the_desk(address)
        return address.of(self.cast) if address.name in OURS else path_of(address)

    def _at_the_desk(self, address: Address) -> str:
        """Of the first row there is."""
        model = apps.get_model("onboarding", address.name.split("_")[1])
        row = model._default_manager.first()
        values = {"object_id": str(row.pk) if row else "1", "slug": "ask-for-changes"}
        return reverse(address.name, kwargs={name: values[name] for name in address.names})


OURS = {address.name for address in ours()}
ADDRESSES = {address.name: address for address in all_of_them()}
LIMITS = "cache"
"""How often a place asked in the last minute: a limit that reading did not count is none."""
RECORDED = {
    "handover": {"onboarding_handovervisit", "onboarding_event", "onboarding_mail"},
    "mfa_activate_totp": {"django_session"},
    "mfa_add_webauthn": {"django_session"},
    "account_reset_password_from_key": {"django_session"},
}
"""What a visit has to leave behind:

- the Owner sees who opened a hand-over, and when, and is told of the first time;
- the code of a new app, and the answer of a new passkey, are compared with the secret and the
  question of the page, which wait in the person's own session;
- the key of a reset moves from the address, which pages that follow could see, into the session.
"""


def read(client: Client, paths: Iterable[str]) -> dict[str, list[str]]:
    """What has changed after each was asked for by GET and by HEAD."""
    before = all_tables()
    for path in paths:
        for method in (client.get, client.head):
            assert method(path, headers=HOST).status_code != 500, path
    return changed(before, all_tables())


def browser(cast: Cast, who: str) -> Client:
    """Of somebody who may do all that they may: the password was given a moment ago."""
    return Client() if who == "anonymous" else cast.confirmed(who)


@pytest.mark.parametrize("who", PEOPLE)
def test_asvs_3_5_3_reading_changes_nothing(cast: Cast, who: str) -> None:
    links, client = Links(cast), browser(cast, who)
    paths = [links.path(each) for name, each in ADDRESSES.items() if name not in RECORDED]
    found = read(client, paths)
    found.pop(LIMITS, None)
    assert found == {}
    assert len(paths) > 140
    assert who == "anonymous" or client.get("/accounts/").status_code == 200


@pytest.mark.parametrize("name", RECORDED)
def test_asvs_3_5_3_a_visit_leaves_what_is_listed_and_no_more(cast: Cast, name: str) -> None:
    links = Links(cast)
    client = Client() if name == "account_reset_password_from_key" else browser(cast, "member")
    found = read(client, [links.path(ADDRESSES[name])])
    assert set(found) - {LIMITS} == RECORDED[name]


@pytest.mark.parametrize("status", Status)
def test_asvs_3_5_3_nor_does_it_wherever_an_installation_stands(cast: Cast, status: Status) -> None:
    links = Links(cast)
    put(cast.installation, status)
    paths = [links.path(each) for each in ADDRESSES.values()]
    for who, start in (("owner", "/installations/"), ("staff", "/admin/onboarding/installation/")):
        of_it = [path for path in paths if path.startswith(start)]
        assert read(browser(cast, who), of_it) == {}


def test_asvs_3_5_3_being_there_is_noted_of_ones_own_session_alone(cast: Cast) -> None:
    """Else nobody could be signed out who went away, and nobody could see where they are."""
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        client = Client()
        client.post("/accounts/login/", {"login": "member@example.com", "password": PASSWORD})
        over = UserSession.objects.create(
            user=cast.people["member"], session_key="of-long-ago", ip="192.0.2.1"
        )
        for path in ("/", "/accounts/", "/accounts/sessions/"):
            clock.shift(timedelta(minutes=2))
            found = read(client, [path])
            assert set(found) == {"django_session", "usersessions_usersession"}
            assert [len(rows) for rows in found.values()] == [1, 1]
    assert UserSession.objects.filter(pk=over.pk).exists()


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({}, True),
        ({"User-Agent": "Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/126.0 Mobile"}, True),
        ({"Sec-Purpose": "prefetch;prerender"}, False),
        ({"Purpose": "prefetch"}, False),
        ({"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, False),
        ({"User-Agent": "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5"}, False),
        ({"User-Agent": "facebookexternalhit/1.1"}, False),
        ({"User-Agent": "WhatsApp/2.23.20.0 A"}, False),
    ],
)
def test_asvs_3_5_3_what_looks_at_links_by_itself_has_opened_none(
    cast: Cast, headers: dict[str, str], counts: bool
) -> None:
    address = reverse("handover", args=[hand_over(cast)])
    assert Client().get(address, headers=headers).status_code == 200
    assert the().visits.exists() == counts
    assert Mail.objects.filter(name="handover_opened").exists() == counts


def test_asvs_3_5_3_a_link_to_confirm_an_address_signs_nobody_out(cast: Cast) -> None:
    """The page asks, and its button does what is to be done."""
    links, client = Links(cast), browser(cast, "owner")
    address = links.path(ADDRESSES["account_confirm_email"])
    page = client.get(address)
    assert "Is <b>newcomer@example.com</b> yours?" in page.text
    assert "You are signed in as owner@example.com. Confirming signs you out" in page.text
    assert client.get("/accounts/").status_code == 200
    assert not EmailAddress.objects.get(email="newcomer@example.com").verified
    client.post(address)
    assert EmailAddress.objects.get(email="newcomer@example.com").verified
    assert client.get("/accounts/").status_code == 302

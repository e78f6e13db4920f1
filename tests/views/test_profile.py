"""The page about one's own account, and leaving it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import User
from onboarding.views.sessions import device, place
from tests.factories import (
    PASSWORD,
    give_second_factor,
    make_installation,
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    return make_user("ann@example.com")


@pytest.fixture
def client(ann: User) -> Client:
    client = Client()
    client.force_login(ann)
    return client


def confirm(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_it_leads_to_everything_about_the_account(client: Client) -> None:
    page = client.get("/accounts/").text
    for leads in (
        "name/",
        "email/",
        "password/change/",
        "2fa/",
        "3rdparty/",
        "sessions/",
        "delete/",
    ):
        assert f'href="/accounts/{leads}"' in page
        assert client.get(f"/accounts/{leads}").status_code == 200


def test_it_tells_how_things_stand(client: Client, ann: User) -> None:
    assert "is not enough" in client.get("/accounts/").text
    give_second_factor(ann)
    page = client.get("/accounts/").text
    assert "An app" in page
    assert "is not enough" not in page
    ann.set_unusable_password()
    ann.save()
    client.force_login(ann)
    assert 'href="/accounts/password/set/"' in client.get("/accounts/").text


def test_a_name_is_given_changed_and_taken_away(client: Client, ann: User) -> None:
    for given, stored in (("Ann Sommerfeld", "Ann Sommerfeld"), ("  Ann  ", "Ann"), ("", "")):
        assert client.post("/accounts/name/", {"name": given}).status_code == 302
        ann.refresh_from_db()
        assert ann.name == stored


@pytest.mark.parametrize("name", ["a\u202eb", "x" * 121, "a\x00b"])
def test_a_name_that_would_break_a_page_or_a_mail_is_refused(client: Client, name: str) -> None:
    response = client.post("/accounts/name/", {"name": name})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_deleting_says_what_happens_asks_who_it_is_and_signs_out(client: Client, ann: User) -> None:
    page = client.get("/accounts/delete/").text
    assert "This cannot be undone" in page
    assert client.post("/accounts/delete/")["Location"].startswith("/accounts/reauthenticate/")
    ann.refresh_from_db()
    assert ann.is_active
    confirm(client)
    done = client.post("/accounts/delete/", follow=True)
    assert "Your account is deleted." in done.text
    assert client.get("/accounts/").status_code == 302
    ann.refresh_from_db()
    assert not ann.is_active


def test_the_last_owner_is_told_why_not(client: Client, ann: User) -> None:
    make_installation(make_organization(ann, "acme"))
    page = client.get("/accounts/delete/").text
    assert "You are the last Owner of" in page
    assert "Delete my account" not in page
    confirm(client)
    client.post("/accounts/delete/")
    ann.refresh_from_db()
    assert ann.is_active


def test_the_pages_ask_as_often_for_forty_sessions_as_for_one(client: Client, ann: User) -> None:
    for address in ("/accounts/", "/accounts/sessions/"):
        counts = []
        for count in (1, 40):
            for number in range(count):
                key = f"{address[-3]}{count}-{number}"
                Session.objects.create(
                    pk=key, session_data="x", expire_date=timezone.now() + timedelta(days=1)
                )
                UserSession.objects.create(user=ann, session_key=key, ip="192.0.2.1")
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 12
    assert client.get("/accounts/sessions/").text.count('name="session"') == 82


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "An unknown device"),
        ("", "An unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


@pytest.mark.parametrize(
    ("ip", "words"),
    [
        ("127.0.0.1", "This machine"),
        ("::1", "This machine"),
        ("10.1.2.3", "Private network, 10.1.2.3"),
        ("8.8.8.8", "Internet address 8.8.8.8"),
        ("2001:4860:4860::8888", "Internet address 2001:4860:4860::8888"),
    ],
)
def test_a_place_is_what_the_address_tells(ip: str, words: str) -> None:
    assert place(ip) == words

"""Signing in, named by the rules of ASVS 5.0 (chapters 2.4, 3.7, 6.3) that ask for it."""

import re
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django import Settings

from onboarding.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "//testserver@evil.example",
    "https://evil.example\\@testserver",
    "//[::1]@evil.example",
    "\x00//evil.example",
    "//evil。example",
]


def try_password(email: str, password: str, *, ip: str = "192.0.2.1", **headers: str) -> Any:
    form = {"login": email, "password": password}
    return Client().post(LOGIN, form, REMOTE_ADDR=ip, headers=headers)


def succeeded(response: Any) -> bool:
    return response.status_code == 302


@pytest.mark.parametrize("target", ELSEWHERE)
def test_asvs_3_7_2_no_way_in_or_out_leads_elsewhere(target: str, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # often
    user, client = make_user(), Client()
    user.set_password(PASSWORD)
    user.save()
    form = {"login": user.email, "password": PASSWORD, "next": target}
    ways = [client.post(LOGIN, form)]
    ways.append(client.get(LOGIN, {"next": target}))
    given = {"password": PASSWORD, "next": target}
    ways.append(client.post("/accounts/reauthenticate/", given))
    change = {"oldpassword": PASSWORD, "password1": "one that nobody uses", "next": target}
    change["password2"] = change["password1"]
    ways.append(client.post("/accounts/password/change/", change))
    ways.append(client.post("/accounts/logout/", {"next": target}))
    assert [way.status_code for way in ways] == [302] * len(ways)
    for way in ways:
        leads = urlsplit(urljoin("http://testserver/accounts/", way["Location"]))
        assert (leads.scheme, leads.netloc) == ("http", "testserver")
        assert not re.match(r"[/\\\s][/\\\s]|\\\\", way["Location"])


def test_next_leads_to_a_page_of_ours() -> None:
    form = {"login": make_user().email, "password": PASSWORD, "next": "/permissions/?a=b"}
    assert Client().post(LOGIN, form)["Location"] == "/permissions/?a=b"


def test_asvs_3_7_2_what_waits_for_a_password_is_asked_of_its_own_page_alone() -> None:
    """A request that waits is played again where it was meant for, and nowhere else."""
    user, client = make_user(), Client()
    client.force_login(user)
    client.post("/accounts/delete/")
    assert STATE_SESSION_KEY in client.session
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"})
    assert done["Location"] == "/"
    assert User.objects.get(pk=user.pk).is_active


def test_asvs_6_3_1_guesses_from_one_place_end_and_the_person_signs_in_from_another() -> None:
    user = make_user("ann@example.com")
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        with patch.object(Argon2PasswordHasher, "verify", autospec=True, return_value=False) as run:
            answers = [try_password(user.email, f"guess {n}") for n in range(30)]
        assert run.call_count == 5
        assert not any(succeeded(answer) for answer in answers)
        assert "Too many" in answers[-1].text
        assert not succeeded(try_password(user.email, PASSWORD))
        assert succeeded(try_password(user.email, PASSWORD, ip="198.51.100.7"))
        clock.shift(301)
        assert succeeded(try_password(user.email, PASSWORD))


def test_asvs_6_3_1_one_place_that_tries_many_people_ends_too() -> None:
    people = [make_user() for _ in range(12)]
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        for user in people[:10]:
            try_password(user.email, "summer 2026 again")
        assert not succeeded(try_password(people[11].email, PASSWORD))
        assert succeeded(try_password(people[11].email, PASSWORD, ip="198.51.100.7"))


def test_asvs_6_3_1_more_than_thirty_a_minute_get_a_page_of_their_own() -> None:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        answers = [try_password(f"p{n}@example.com", "x") for n in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].text
    assert "Nothing is locked" in answers[-1].text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
def test_asvs_4_1_3_a_forged_origin_is_no_way_round_the_limit(header: str) -> None:
    user = make_user()
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        for number in range(5):
            try_password(user.email, "wrong", **{header: f"203.0.113.{number}"})
        assert not succeeded(try_password(user.email, PASSWORD, **{header: "203.0.113.99"}))


def test_behind_a_proxy_its_own_word_counts_and_no_other(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    user = make_user()
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        for number in range(5):
            said = {"X-Forwarded-For": f"203.0.113.{number}, 192.0.2.50"}
            try_password(user.email, "wrong", ip="10.0.0.1", **said)
        said = {"X-Forwarded-For": "203.0.113.99, 192.0.2.50"}
        assert not succeeded(try_password(user.email, PASSWORD, ip="10.0.0.1", **said))
        said = {"X-Forwarded-For": "192.0.2.51"}
        assert succeeded(try_password(user.email, PASSWORD, ip="10.0.0.1", **said))


def test_asvs_6_3_2_nobody_is_there_from_the_start() -> None:
    assert not User.objects.exists()


def plain(response: Any, email: str) -> str:
    """What is to be read, without what differs from page to page."""
    page = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.text)
    return page.replace(email, "")


@pytest.mark.parametrize("known", ["known@example.com", "off@example.com", "fresh@example.com"])
def test_asvs_6_3_8_signing_in_tells_nobody_who_is_known(known: str) -> None:
    make_user("known@example.com")
    make_user("off@example.com", is_active=False)
    make_user("fresh@example.com", verified=False)
    answers = []
    for email in (known, "nobody@example.com"):
        with patch.object(
            Argon2PasswordHasher, "encode", autospec=True, side_effect=Argon2PasswordHasher.encode
        ) as made:
            with patch.object(
                Argon2PasswordHasher, "verify", autospec=True, return_value=False
            ) as run:
                response = try_password(email, "a wrong passphrase")
            answers.append(
                (response.status_code, plain(response, email), run.call_count + made.call_count)
            )
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/"])
def test_asvs_6_3_8_signing_up_and_resetting_take_the_same_work(address: str) -> None:
    """One mail and as many hashes either way, so that the time tells nothing."""
    make_user("known@example.com")
    work = []
    for email in ("known@example.com", "nobody@example.com"):
        with patch.object(
            Argon2PasswordHasher, "encode", autospec=True, side_effect=Argon2PasswordHasher.encode
        ) as made:
            response = Client().post(address, {"email": email, "password1": "one nobody uses"})
            work.append((response.status_code, response["Location"], made.call_count))
    assert work[0] == work[1]

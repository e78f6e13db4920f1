"""Invitations and forms tell nobody who has a sign-in here (ASVS 5.0, 6.3.8)."""

import re
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding.models import Invitation, Mail
from tests.factories import make_user
from tests.views.cast import SECRET, Cast, make_cast

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.com", "nobody@example.com"
NO_SUCH = "n" * len(SECRET)


@pytest.fixture
def cast() -> Cast:
    """With somebody who has a sign-in, and belongs to another Organization."""
    make_user(KNOWN)
    return make_cast()


def plain(response: Any, *words: str) -> str:
    """What is to be read, without what differs from page to page."""
    page = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.text)
    page = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", page)
    for word in words:
        page = page.replace(word, "")
    return page


def asked(client: Client, method: str, address: str, form: dict[str, str]) -> tuple[Any, list[str]]:
    """The answer, and the queries that it took: with the hashes they are the time it takes."""
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(address, form)
    kinds = [re.sub(r"'[^']*'|\d+", "?", one["sql"])[:60] for one in queries.captured_queries]
    return response, kinds


def test_asvs_6_3_8_inviting_tells_no_owner_who_is_known(cast: Cast) -> None:
    address = reverse("organization_invite", args=[cast.organization.pk])
    told = []
    for email in (KNOWN, UNKNOWN):
        client = cast.client("owner")
        client.get("/")
        with patch.object(Argon2PasswordHasher, "encode") as hashed:
            response, queries = asked(client, "post", address, {"email": email, "role": "member"})
        page = plain(client.get(response["Location"]), KNOWN, UNKNOWN)
        mail = Mail.objects.get(name="invitation", to=email)
        said = re.sub(r"/invitations/[\w-]+/", "", mail.text).replace(email, "")
        listed = page.count("invitation_withdraw") + page.count("Withdraw")
        cast.organization.invitations.filter(email=email).delete()
        told.append((response.status_code, said, mail.subject, queries, hashed.call_count))
        assert listed
    assert told[0] == told[1]


def test_asvs_6_3_8_the_page_of_an_invitation_does_not_tell_either(cast: Cast) -> None:
    pages = []
    for email in (KNOWN, UNKNOWN):
        cast.organization.invitations.update(email=email)
        response, queries = asked(Client(), "get", f"/invitations/{SECRET}/", {})
        pages.append((response.status_code, plain(response, email), queries))
    assert pages[0] == pages[1]
    assert "Create your sign-in" in pages[0][1]
    assert "Sign in" in pages[0][1]


@pytest.mark.parametrize("end", ["withdrawn", "expired", "accepted"])
@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_asvs_6_3_8_a_link_that_is_over_and_one_that_never_was_are_told_apart_by_nothing(
    cast: Cast, who: str, end: str
) -> None:
    field = {"withdrawn": "revoked_at", "expired": "expires_at", "accepted": "accepted_at"}[end]
    Invitation.objects.update(**{field: "2026-01-01T00:00:00Z"})
    answers = []
    for secret in (SECRET, NO_SUCH):
        client = cast.client(who)
        client.get("/permissions/")
        for method in ("get", "post"):
            response, queries = asked(client, method, f"/invitations/{secret}/", {})
            headers = {n: v for n, v in response.headers.items() if n != "Content-Length"}
            answers.append((response.status_code, plain(response, secret), headers, queries))
    assert answers[:2] == answers[2:]
    assert answers[0][0] == 404


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/"])
def test_asvs_6_3_8_signing_up_and_resetting_read_the_same(cast: Cast, address: str) -> None:
    """The page that follows too, and one mail goes out either way."""
    pages = []
    for email in (KNOWN, UNKNOWN):
        form = {"email": email, "password1": "one that nobody uses"}
        response = Client().post(address, form, follow=True)
        leads = [to for to, _ in response.redirect_chain]
        mails = Mail.objects.filter(to=email).count()
        pages.append((response.status_code, leads, plain(response, email), mails))
    assert pages[0] == pages[1]
    assert pages[0][3] == 1

"""What the colleague does by the link, and when it ends."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import (
    Event,
    Handover,
    Mail,
    Membership,
    Operation,
)
from onboarding.policy import shell
from onboarding.services import members
from tests.views.cast import Cast
from tests.views.test_handover import POSTS, cast, confirmed, post, the, token, told

pytestmark = pytest.mark.django_db

__all__ = ["cast", "token"]  # fixtures


def test_the_console_opens_with_the_id_behind_the_hash(cast: Cast, token: str) -> None:
    response = post(confirmed(token), "handover_console", token)
    parts = urlsplit(response["Location"])
    external_id = cast.organization.reveal_external_id()
    assert external_id not in parts._replace(fragment="").geturl()
    filled_in = parse_qs(parts.fragment.partition("?")[2])
    assert filled_in["param_ExternalId"] == [external_id]
    assert Event.objects.get(kind="external_id_shown").data["reason"] == "AWS console"


def test_the_script_comes_with_the_id_and_we_look_from_then_on(cast: Cast, token: str) -> None:
    response = post(confirmed(token), "handover_script", token)
    assert response.content.decode() == shell.script(cast.organization.reveal_external_id())
    assert response["Content-Disposition"].startswith("attachment")
    assert cast.installation.operations.get().kind == Operation.Kind.VERIFY_ROLE


def test_looking_now_is_limited_as_on_the_access_step(cast: Cast, token: str) -> None:
    client = Client()
    assert post(client, "handover_look", token).status_code == 302
    assert cast.installation.operations.count() == 1
    again = client.post(reverse("handover_look", args=[token]), follow=True)
    assert "We looked a few seconds ago" in told(again)


def test_once_the_role_is_proved_the_page_says_thanks_and_nothing_more(
    cast: Cast, token: str
) -> None:
    client = confirmed(token)
    Handover.objects.update(done_at=timezone.now())
    page = told(client.get(reverse("handover", args=[token])))
    assert "Thank you" in page
    assert cast.installation.aws_account_id[:4] not in page
    before = Event.objects.count(), Mail.objects.count(), the().visits.count()
    for name in POSTS:
        response = post(client, name, token, code="123456")
        assert response["Location"] == reverse("handover", args=[token])
    assert (Event.objects.count(), Mail.objects.count(), the().visits.count()) == before


def test_every_form_of_it_needs_a_token_of_ours(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("handover", args=[token]))
    for name in POSTS:
        assert post(client, name, token).status_code == 403


def test_one_more_of_everything_asks_the_database_no_more_often(
    cast: Cast, token: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        the().visits.create(kind="opened")
    Client().get(reverse("handover", args=[token]))
    with django_assert_max_num_queries(12):
        Client().get(reverse("handover", args=[token]))
    client = cast.client("owner")
    for number in range(30):
        Handover.objects.create(
            installation=cast.installation,
            email=f"{number}@acme.example",
            token_fingerprint=uuid4().hex,
            created_by=cast.people["owner"],
            expires_at=timezone.now(),
        )
    with django_assert_max_num_queries(12):
        client.get(reverse("handovers", args=[cast.installation.pk]))


def test_an_owner_who_was_removed_shows_nothing_any_more(cast: Cast, token: str) -> None:
    second = cast.organization.memberships.get(user=cast.people["member"])
    members.change_role(second, Membership.Role.OWNER, by=cast.people["owner"])
    leaving = cast.organization.memberships.get(user=cast.people["owner"])
    members.remove(leaving, by=cast.people["member"])
    assert Client().get(reverse("handover", args=[token])).status_code == 404

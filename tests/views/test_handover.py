"""A colleague's link: what it shows to whom, for how long, and that it shows nothing else."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import (
    Event,
    Handover,
    Installation,
    Mail,
    Membership,
    Operation,
    Status,
)
from onboarding.policy import document, shell
from onboarding.services import handover as service
from onboarding.services import members
from tests.views.cast import Cast, make_cast, put
from tests.views.handover_scene import (
    COLLEAGUE,
    PARTS,
    POSTS,
    confirmed,
    hand_over,
    post,
    the,
    told,
)

EDITION = document.shipped()

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def token(cast: Cast) -> str:
    return hand_over(cast)


def test_nobody_needs_an_account_and_the_page_hides_what_it_may(cast: Cast, token: str) -> None:
    response = Client().get(reverse("handover", args=[token]))
    page = told(response)
    assert response.status_code == 200
    assert cast.organization.reveal_external_id() not in page
    assert COLLEAGUE not in page
    assert "c…@acme.example" in page
    assert "Create it for me" not in page
    assert "secret_access_key" not in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("case", ["withdrawn", "expired", "guessed", "cancelled", "no Owner now"])
def test_links_that_do_not_work_are_told_apart_by_nothing(
    cast: Cast, token: str, case: str
) -> None:
    client = confirmed(token)
    client.get(reverse("handover", args=[token]))
    if case == "withdrawn":
        service.withdraw(the(), by=cast.people["owner"])
    elif case == "expired":
        Handover.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif case == "cancelled":
        put(cast.installation, Status.CANCELLED)
    elif case == "no Owner now":
        Membership.objects.filter(user=cast.people["owner"]).update(role="member")
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    never = Client().get(reverse("handover", args=["x" * 43]))
    assert "This link does not work" in never.content.decode()
    before = Event.objects.count(), Mail.objects.count()
    for name in (*PARTS, *POSTS):
        url = reverse(name, args=[token])
        response = client.get(url) if name in PARTS else client.post(url, {"code": "123456"})
        assert response.status_code == 404, name
        if name in PARTS:
            assert page_of(response) == page_of(never)
            assert response["Referrer-Policy"] == never["Referrer-Policy"]
    assert (Event.objects.count(), Mail.objects.count()) == before


def page_of(response: Any) -> str:
    return re.sub(r"csrf\S+", "", response.content.decode())


def test_each_visit_is_recorded_and_the_first_is_told_to_the_owners(cast: Cast, token: str) -> None:
    url = reverse("handover", args=[token])
    for _ in range(3):
        Client().get(url)
    Client().head(url)
    Client().get(reverse("handover_live", args=[token]))
    assert [visit.kind for visit in the().visits.all()] == ["opened"]
    the().visits.update(at=F("at") - timedelta(minutes=11))
    Client().get(url)
    assert [visit.kind for visit in the().visits.all()] == ["opened", "opened"]
    mail = Mail.objects.get(name="handover_opened")
    assert mail.to == "owner@example.com"
    assert token not in mail.text
    page = told(cast.client("owner").get(reverse("handovers", args=[cast.installation.pk])))
    assert page.count("Opened <time") == 2


def test_the_owner_withdraws_it_and_a_member_does_not(cast: Cast, token: str) -> None:
    url = reverse("handover_withdraw", args=[cast.installation.pk, the().pk])
    assert cast.client("member").post(url).status_code == 403
    assert cast.client("stranger").post(url).status_code == 404
    assert Client().get(reverse("handover", args=[token])).status_code == 200
    assert cast.client("owner").post(url).status_code == 302
    assert Client().get(reverse("handover", args=[token])).status_code == 404
    assert Event.objects.get(kind="handover_withdrawn").by == cast.people["owner"]


def test_a_hand_over_of_another_installation_is_not_withdrawn(cast: Cast, token: str) -> None:
    theirs = Installation.objects.exclude(pk=cast.installation.pk).get()
    url = reverse("handover_withdraw", args=[theirs.pk, the().pk])
    assert cast.client("stranger").post(url).status_code == 404
    assert the().revoked_at is None


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
    assert response.content.decode() == shell.script(
        EDITION, cast.organization.reveal_external_id()
    )
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

"""The code that shows the external ID: to the addressee, once, and in that browser alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import (
    Event,
    Handover,
    Mail,
)
from onboarding.services import handover as service
from tests.views.cast import Cast, make_cast
from tests.views.handover_scene import (
    COLLEAGUE,
    code,
    confirmed,
    hand_over,
    post,
    shows,
    the,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def token(cast: Cast) -> str:
    return hand_over(cast)


def test_the_external_id_is_shown_after_the_code_and_each_look_recorded(
    cast: Cast, token: str
) -> None:
    assert not shows(Client(), cast, token)
    client = confirmed(token)
    assert cast.organization.reveal_external_id() not in told(
        client.get(reverse("handover", args=[token]))
    )
    assert shows(client, cast, token)
    look = Event.objects.get(kind="external_id_shown")
    assert look.by is None
    assert COLLEAGUE in look.note
    assert cast.organization.reveal_external_id() not in str(look.data) + look.note
    page = told(cast.client("owner").get(reverse("organization", args=[cast.organization.pk])))
    assert f"To {COLLEAGUE}, by hand-over." in page
    kinds = [visit.kind for visit in the().visits.all()]
    assert kinds == ["code_sent", "confirmed", "opened", "shown"]


def test_the_code_goes_to_the_addressee_alone(cast: Cast, token: str) -> None:
    code(Client(), token)
    mail = Mail.objects.get(name="handover_code")
    assert mail.to == COLLEAGUE
    assert not re.search("[0-9]{6}", mail.subject), "Support reads the subjects of mails."
    assert cast.organization.reveal_external_id() not in mail.text + mail.html


def test_what_is_kept_of_it_is_a_keyed_digest(token: str) -> None:
    given = code(Client(), token)
    assert given not in str(Handover.objects.values().get())


@pytest.mark.parametrize("typed", ["123 456", "123-456", " 123456 "])
def test_a_code_may_be_grouped(token: str, typed: str) -> None:
    given = code(Client(), token)
    client, spaced = Client(), typed.replace("123", given[:3]).replace("456", given[3:])
    assert post(client, "handover_confirm", token, code=spaced).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "٢٣٤٥٦٧"])
def test_what_is_no_code_uses_up_no_try(token: str, typed: str) -> None:
    client = Client()
    given = code(client, token)
    for _ in range(10):
        assert post(client, "handover_confirm", token, code=typed).status_code == 200
    assert post(client, "handover_confirm", token, code=given).status_code == 302


def wrong(given: str) -> str:
    return f"{(int(given) + 1) % 1_000_000:06}"


def test_after_five_wrong_codes_the_right_one_no_longer_counts(cast: Cast, token: str) -> None:
    client = Client()
    given = code(client, token)
    for _ in range(service.TRIES):
        assert post(client, "handover_confirm", token, code=wrong(given)).status_code == 200
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    assert not shows(client, cast, token)


def test_a_code_of_ten_minutes_ago_no_longer_counts(cast: Cast, token: str) -> None:
    client = Client()
    given = code(client, token)
    Handover.objects.update(code_sent_at=F("code_sent_at") - timedelta(minutes=10, seconds=1))
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    assert not shows(client, cast, token)


def test_a_code_counts_once_and_a_newer_one_voids_it(cast: Cast, token: str) -> None:
    first, client = Client(), Client()
    given = code(first, token)
    assert post(first, "handover_confirm", token, code=given).status_code == 302
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    old, new = code(client, token), code(client, token)
    if old != new:
        assert post(client, "handover_confirm", token, code=old).status_code == 200
    assert not shows(client, cast, token)
    assert post(client, "handover_confirm", token, code=new).status_code == 302


def test_five_codes_an_hour_are_the_most(token: str) -> None:
    client = Client()
    for _ in range(service.CODES_AN_HOUR):
        code(client, token)
    sent = Mail.objects.filter(name="handover_code").count()
    response = client.post(reverse("handover_code", args=[token]), follow=True)
    assert "Ask for another one later" in told(response)
    assert Mail.objects.filter(name="handover_code").count() == sent
    the().visits.update(at=F("at") - timedelta(minutes=61))
    code(client, token)


def test_twenty_wrong_codes_close_the_link_and_the_owners_are_told(cast: Cast, token: str) -> None:
    client = Client()
    for _ in range(service.WRONG_IN_ALL // service.TRIES):
        given = code(client, token)
        answers = [
            post(client, "handover_confirm", token, code=wrong(given)).status_code
            for _ in range(service.TRIES)
        ]
    assert answers == [200, 200, 200, 200, 404]
    assert Client().get(reverse("handover", args=[token])).status_code == 404
    assert Mail.objects.get(name="handover_locked").to == "owner@example.com"
    assert "wrong codes" in Event.objects.get(kind="handover_withdrawn").note


def test_a_code_of_one_hand_over_is_none_of_another(cast: Cast) -> None:
    mine, theirs = hand_over(cast), hand_over(cast, "other@acme.example")
    client = Client()
    given = code(client, mine)
    other = code(client, theirs)
    if given != other:
        assert post(client, "handover_confirm", theirs, code=given).status_code == 200
    assert not shows(client, cast, theirs)


def test_one_hand_over_opens_no_other_in_the_same_browser(cast: Cast) -> None:
    mine, theirs = hand_over(cast), hand_over(cast, "other@acme.example")
    client = confirmed(mine)
    assert shows(client, cast, mine)
    for name in ("handover_external_id", "handover_console", "handover_script"):
        response = post(client, name, theirs)
        assert cast.organization.reveal_external_id() not in told(response)
        assert response["Location"] == reverse("handover", args=[theirs])


def test_the_code_counts_in_that_browser_alone(cast: Cast, token: str) -> None:
    assert shows(confirmed(token), cast, token)
    assert not shows(Client(), cast, token)


def test_it_counts_for_half_an_hour(cast: Cast, token: str) -> None:
    client = confirmed(token)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=True):
        assert shows(client, cast, token)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
        assert not shows(client, cast, token)


def test_whoever_knew_the_session_before_does_not_know_it_afterwards(token: str) -> None:
    client = Client()
    given = code(client, token)
    session = client.session
    session["here"] = True
    session.save()
    before = client.cookies["session"].value if "session" in client.cookies else session.session_key
    post(client, "handover_confirm", token, code=given)
    assert client.session.session_key != before


def test_an_owner_who_opens_the_link_stays_signed_in_and_sees_no_more_by_it(
    cast: Cast, token: str
) -> None:
    client = cast.client("owner")
    key = client.session.session_key
    assert not shows(client, cast, token), "An Owner uses the Organization's page."
    assert post(client, "handover_confirm", token, code=code(client, token)).status_code == 302
    assert client.session.session_key == key
    assert client.get(reverse("organization", args=[cast.organization.pk])).status_code == 200
    asked = client.post(reverse("external_id", args=[cast.organization.pk]))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))


def test_the_link_opens_no_other_page(cast: Cast, token: str) -> None:
    client = confirmed(token)
    for url in (
        reverse("home"),
        reverse("status", args=[cast.installation.pk]),
        reverse("step", args=[cast.installation.pk, "access"]),
        reverse("organization", args=[cast.organization.pk]),
    ):
        assert client.get(url)["Location"].startswith("/accounts/login/")

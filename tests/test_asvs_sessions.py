"""Sessions, named by the rules of ASVS 5.0 (chapters 7 and 14.3) that ask for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from onboarding.models import Mail, User
from onboarding.services import sessions
from tests.factories import PASSWORD, give_second_factor, make_member, make_organization, make_user
from tests.test_asvs_second_factors import activate, code
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db

NEW = {"password1": "one that nobody uses", "password2": "one that nobody uses"}
CHANGE = {"oldpassword": PASSWORD} | NEW


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-03-02T10:00:10Z", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """A test's own transaction is never committed: what waits for the commit goes at once."""
    with patch("django.db.transaction.on_commit", lambda done, **_: done()):
        yield


def sign_in(user: User) -> Client:
    """As a person does, so that it is listed."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def confirm(client: Client) -> None:
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_asvs_7_2_3_a_session_key_has_128_bits_and_more(client: Client) -> None:
    client.force_login(make_user())
    # Django takes 32 of 36 characters: 165 bits.
    assert len(key(client)) == 32


def test_asvs_7_2_4_signing_in_gives_a_key_of_its_own() -> None:
    user, client = make_user(), Client()
    client.post("/accounts/signup/", {"email": "x", "password1": "y"})
    client.session.save()
    planted = client.session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert is_in(client)
    assert key(client) != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_asvs_7_2_4_confirming_and_second_factors_give_another_key(clock: Any) -> None:
    client = sign_in(make_user())
    keys = [key(client)]
    confirm(client)
    keys.append(key(client))
    activate(client)
    keys.append(key(client))
    client.post("/accounts/2fa/recovery-codes/generate/")
    keys.append(key(client))
    client.post("/accounts/2fa/totp/deactivate/")
    keys.append(key(client))
    assert len(set(keys)) == len(keys)
    assert is_in(client)
    assert list(Session.objects.values_list("pk", flat=True)) == [keys[-1]]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [keys[-1]]


def test_asvs_7_2_4_the_key_from_before_the_second_factor_is_nobodys(clock: Any) -> None:
    give_second_factor(user := make_user())
    client = sign_in(user)
    before = key(client)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert key(client) != before
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_in(thief)


@pytest.mark.parametrize(
    ("is_staff", "idle"), [(True, timedelta(minutes=30)), (False, timedelta(hours=12))]
)
def test_asvs_7_3_1_a_session_without_use_ends(clock: Any, is_staff: bool, idle: timedelta) -> None:
    client = Client()
    client.force_login(make_user(is_staff=is_staff))
    clock.shift(idle)
    assert is_in(client)
    clock.shift(idle + timedelta(seconds=1))
    response = client.get("/accounts/", follow=True)
    assert response.redirect_chain == [("/accounts/login/?next=/accounts/", 302)]
    assert "we signed you out" in response.text
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("is_staff", "absolute", "every"),
    [
        (True, timedelta(hours=12), timedelta(minutes=20)),
        (False, timedelta(days=7), timedelta(hours=8)),
    ],
)
def test_asvs_7_3_2_a_session_ends_however_much_it_is_used(
    clock: Any, is_staff: bool, absolute: timedelta, every: timedelta
) -> None:
    client = Client()
    client.force_login(make_user(is_staff=is_staff))
    for _ in range(absolute // every):
        clock.shift(every)
        assert is_in(client)
    clock.shift(every)
    assert not is_in(client)


def test_asvs_7_3_1_a_page_that_asks_for_news_by_itself_is_no_use(clock: Any) -> None:
    client = Client()
    client.force_login(make_user())
    for _ in range(13):
        clock.shift(timedelta(hours=1))
        news = client.get("/", headers={"HX-Request": "true"})
    assert (news.status_code, news.headers.get("HX-Refresh")) == (204, "true")
    assert not is_in(client)


def test_asvs_7_3_1_the_cookie_does_not_decide(clock: Any) -> None:
    client = Client()
    client.force_login(make_user())
    kept = key(client)
    clock.shift(timedelta(hours=13))
    client.get("/accounts/")
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_in(client)


def test_asvs_7_4_1_signing_out_ends_it_on_the_server_and_clears_the_browser() -> None:
    client = sign_in(make_user())
    kept = key(client)
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/accounts/login/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_in(client)
    assert not Session.objects.exists()


def test_asvs_14_3_1_only_leaving_clears_the_browser() -> None:
    client = sign_in(make_user())
    assert "Clear-Site-Data" not in client.get("/accounts/")
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert is_in(client)


def test_asvs_7_4_2_who_is_switched_off_is_out() -> None:
    client = sign_in(user := make_user())
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)


def change_password(client: Client) -> Any:
    return client.post("/accounts/password/change/", CHANGE)


def set_up_app(client: Client) -> Any:
    return activate(client)


def new_codes(client: Client) -> Any:
    return client.post("/accounts/2fa/recovery-codes/generate/")


def remove_app(client: Client) -> Any:
    return client.post("/accounts/2fa/totp/deactivate/")


@pytest.mark.parametrize("do", [change_password, set_up_app, new_codes, remove_app])
def test_asvs_7_4_3_changing_what_one_signs_in_with_ends_all_other_sessions(
    clock: Any, do: Any
) -> None:
    user = make_user()
    here, there = sign_in(user), sign_in(user)
    if do in (new_codes, remove_app):
        give_second_factor(user)
    confirm(here)
    assert is_in(there)
    do(here)
    assert is_in(here)
    assert not is_in(there)
    assert [each.session_key for each in sessions.standing(user)] == [key(here)]


def test_asvs_7_4_3_another_password_by_mail_ends_them_all() -> None:
    user = make_user()
    clients = [sign_in(user), sign_in(user)]
    reset = Client()
    reset.post("/accounts/password/reset/", {"email": user.email})
    path = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    reset.post(reset.get(path)["Location"], NEW)
    assert [is_in(client) for client in clients] == [False, False]
    assert not UserSession.objects.exists()


def test_asvs_7_4_5_a_change_of_what_support_may_do_ends_their_sessions() -> None:
    agent = make_user(is_staff=True)
    there = Client()
    there.force_login(agent)
    chief = Client()
    chief.force_login(make_user(is_staff=True, is_superuser=True))
    UserSession.objects.create(user=agent, session_key=key(there), ip="192.0.2.1")
    form = {"name": "Agent", "is_active": "on"}
    address = reverse("admin:onboarding_user_change", args=[agent.pk])
    assert chief.post(address, form).status_code == 302
    assert not is_in(there)


def test_asvs_7_5_2_a_person_sees_and_ends_each_session() -> None:
    user, other = make_user(), make_user()
    here, there, third = sign_in(user), sign_in(user), sign_in(user)
    theirs = sign_in(other)
    page = here.get("/accounts/sessions/").text
    assert page.count("This machine") == 5  # one of them is this one; each button names it too
    assert page.count('name="session"') == 2
    foreign = UserSession.objects.get(user=other)
    here.post("/accounts/sessions/end/", {"session": str(foreign.pk)})
    assert is_in(theirs)
    number = UserSession.objects.get(session_key=key(there)).pk
    here.post("/accounts/sessions/end/", {"session": str(number)})
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    here.post("/accounts/sessions/end/")
    assert [is_in(client) for client in (here, third, theirs)] == [True, False, True]


@pytest.mark.parametrize("number", ["x", "-1", "1 or 1=1", "٣", "9" * 40])
def test_what_is_no_number_of_a_session_ends_nothing(number: str) -> None:
    user = make_user()
    here, there = sign_in(user), sign_in(user)
    assert here.post("/accounts/sessions/end/", {"session": number}).status_code == 302
    assert is_in(there)


def test_removing_a_member_does_not_touch_the_sessions_of_others() -> None:
    owner = make_user()
    organization = make_organization(owner)
    member = make_member(organization)
    here = sign_in(owner)
    sessions.end_all(member)
    assert is_in(here)

"""Second factors, named by the rules of ASVS 5.0 (chapter 6) that ask for them."""

import base64
import re
import time
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client
from pytest_django import Settings

from onboarding.models import Event, Mail, User
from onboarding.models.sealed import unseal
from onboarding.services import people
from tests.factories import (
    PASSWORD,
    TOTP_SECRET,
    give_second_factor,
    make_answered,
    make_member,
    make_organization,
    make_user,
)
from tests.views.addresses import all_of_them
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db

STEP = 30
AUTHENTICATE = "/accounts/2fa/authenticate/"


def code(steps: int = 0, secret: str = TOTP_SECRET) -> str:
    """What the app shows, `steps` half minutes from now."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // STEP + steps))


def half_signed_in(user: User) -> Client:
    """A browser in which the password was given, and the second factor is asked for."""
    client = Client()
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == AUTHENTICATE
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def give(client: Client, value: str) -> bool:
    client.post(AUTHENTICATE, {"code": value})
    return is_in(client)


@pytest.fixture
def user(db: None) -> User:
    user = make_user("ann@example.com")
    give_second_factor(user)
    return user


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-02T10:00:10Z", tick=False) as clock:
        yield clock


def confirmed(user: User) -> Client:
    """A browser in which that person is signed in and gave the password a moment ago."""
    client = Client()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def activate(client: Client) -> Any:
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    # The test's own transaction is never committed: what waits for the commit goes at once.
    with patch("django.db.transaction.on_commit", lambda done, **_: done()):
        return client.post(
            "/accounts/2fa/totp/activate/", {"code": code(secret=secret)}, follow=True
        )


def test_asvs_6_3_3_anybody_may_set_up_an_app_and_is_asked_for_it_from_then_on(clock: Any) -> None:
    user = make_user("ann@example.com")
    client = confirmed(user)
    page = client.get("/accounts/2fa/totp/activate/")
    picture = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text)
    assert base64.b64decode(picture[0]).startswith(b"<?xml")
    codes = activate(client)
    secret = unseal(Authenticator.objects.get(type="totp").data["secret"])
    assert codes.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert len(re.findall(r"^(?:<pre[^>]*>)?\s*\d{8}$|>\d{8}$", codes.text, re.MULTILINE)) == 10
    assert Mail.objects.get().name == "sign_in_totp_activated"
    clock.shift(STEP)
    assert give(half_signed_in(user), code(secret=secret))


def test_asvs_6_3_3_no_secret_rests_in_clear(clock: Any) -> None:
    user = make_user()
    activate(confirmed(user))
    app, codes = Authenticator.objects.order_by("-type")
    assert unseal(app.data["secret"]) not in str(app.data)
    assert not set(app.data) - {"secret", "last_step"}
    assert re.fullmatch(r"[0-9a-f]+", codes.data["seed"]) is None


@pytest.mark.parametrize(
    ("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_asvs_6_6_3_a_clock_may_be_one_step_off(
    user: User, clock: Any, steps: int, is_good: bool
) -> None:
    assert give(half_signed_in(user), code(steps)) == is_good


@pytest.mark.parametrize("later", [0, 20, 31, 45])
def test_asvs_6_5_1_a_code_is_good_once_as_long_as_it_holds(
    user: User, clock: Any, later: int
) -> None:
    used = code(1)
    assert give(half_signed_in(user), used)
    clock.shift(later)
    assert used in (code(-1), code(0), code(1))
    assert not give(half_signed_in(user), used)


def test_asvs_6_5_1_an_earlier_code_is_not_good_after_a_later_one(user: User, clock: Any) -> None:
    assert give(half_signed_in(user), code(1))
    assert not give(half_signed_in(user), code(0))
    clock.shift(2 * STEP)
    assert give(half_signed_in(user), code(0))


def test_asvs_6_5_1_the_code_that_activated_an_app_is_used_up(clock: Any) -> None:
    user = make_user()
    activate(confirmed(user))
    secret = unseal(Authenticator.objects.get(type="totp").data["secret"])
    assert not give(half_signed_in(user), code(secret=secret))
    assert give(half_signed_in(user), code(1, secret=secret))


def test_asvs_6_5_1_a_recovery_code_is_good_once(user: User) -> None:
    first, second, *_ = RecoveryCodes.activate(user).get_unused_codes()
    assert give(half_signed_in(user), first)
    assert not give(half_signed_in(user), first)
    assert give(half_signed_in(user), second)


def test_asvs_6_5_1_recovery_codes_are_shown_once(clock: Any) -> None:
    client = confirmed(make_user())
    shown = activate(client)
    first = shown.context["unused_codes"][0]
    assert first in shown.text
    again = client.get("/accounts/2fa/recovery-codes/")
    assert first not in again.text
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403
    new = client.post("/accounts/2fa/recovery-codes/generate/", follow=True)
    assert first not in new.text
    assert len(set(new.context["unused_codes"])) == 10


def test_asvs_6_5_5_tries_are_limited_and_nobody_is_locked_out_for_good(
    user: User, clock: Any
) -> None:
    client = half_signed_in(user)
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    answers = [client.post(AUTHENTICATE, {"code": wrong}) for _ in range(6)]
    assert "Too many" in str(answers[-1].context["form"].errors)
    assert not give(client, code())
    clock.shift(301)
    assert give(client, code())


def test_asvs_6_4_3_resetting_the_password_does_not_skip_it(user: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": user.email})
    path = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    new = {"password1": "one that nobody uses", "password2": "one that nobody uses"}
    done = client.post(client.get(path)["Location"], new, follow=True)
    assert done.status_code == 200
    assert not is_in(client)
    login = {"login": user.email, "password": new["password1"]}
    assert client.post("/accounts/login/", login)["Location"] == AUTHENTICATE
    assert not is_in(client)
    assert people.has_second_factor(user)


def desk() -> list[str]:
    addresses = [each for each in all_of_them() if each.name.startswith("admin:")]
    return [each.sample() for each in addresses]


def test_asvs_6_3_3_support_without_one_reaches_no_page_of_the_desk() -> None:
    agent = make_user("agent@support.example", is_staff=True, is_superuser=True)
    Authenticator.objects.all().delete()
    client = Client()
    client.force_login(agent)
    assert len(desk()) > 20
    for address in desk():
        for method in (client.get, client.post):
            assert method(address).get("Location") == "/accounts/2fa/", address
    page = client.get("/admin/", follow=True)
    assert "Support signs in with a second factor" in page.text
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    activate(client)
    assert client.get("/admin/").status_code == 200


def test_asvs_6_3_3_recovery_codes_alone_are_no_second_factor() -> None:
    agent = make_user(is_staff=True)
    Authenticator.objects.exclude(data=RecoveryCodes.activate(agent).instance.data).delete()
    assert not people.has_second_factor(agent)


def test_asvs_6_3_3_support_that_takes_its_own_away_is_out_at_once(clock: Any) -> None:
    agent = make_user(is_staff=True)
    client = confirmed(agent)
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_the_demo_alone_spares_support_the_second_factor(settings: Settings) -> None:
    assert settings.STAFF_NEED_SECOND_FACTOR is True
    agent = make_user(is_staff=True)
    Authenticator.objects.all().delete()
    client = Client()
    client.force_login(agent)
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert client.get("/admin/").status_code == 200


def test_asvs_6_3_3_an_organization_may_require_it_on_each_of_its_pages() -> None:
    owner = make_user("owner@example.com")
    organization = make_organization(owner, "acme")
    member = make_member(organization, make_user("member@example.com"))
    installation = make_answered(organization)
    give_second_factor(owner)
    people.require_second_factor(organization, required=True, by=owner)
    client = Client()
    client.force_login(member)
    ours = f"/installations/{installation.pk}/"
    pages = [f"/organizations/{organization.pk}/", ours, "/", f"{ours}steps/cluster/"]
    assert [client.get(page).get("Location") for page in pages] == ["/accounts/2fa/"] * 4
    assert client.post("/installations/new/").get("Location") == "/accounts/2fa/"
    assert "asks for a second factor of everybody" in client.get("/accounts/2fa/").text
    give_second_factor(member)
    assert [client.get(page).status_code for page in (pages[0], *pages[2:])] == [200] * 3
    client.force_login(owner)
    assert client.get(pages[0]).status_code == 200


def test_an_owner_switches_it_on_record_and_a_member_does_not() -> None:
    owner = make_user("owner@example.com")
    organization = make_organization(owner, "acme")
    member = make_member(organization)
    give_second_factor(owner)
    address = f"/organizations/{organization.pk}/second-factor/"
    assert confirmed(member).post(address, {"required": "on"}).status_code == 403
    client = confirmed(owner)
    for _ in range(2):
        assert client.post(address, {"required": "on"}).status_code == 302
    organization.refresh_from_db()
    assert organization.requires_second_factor
    client.post(address)
    kinds = [event.kind for event in organization.events.all()]
    assert kinds == ["founded", "second_factor_required", "second_factor_optional"]
    assert Event.objects.last().by == owner  # type: ignore[union-attr]


def test_an_owner_without_one_does_not_lock_the_door_behind_themselves() -> None:
    owner = make_user("owner@example.com")
    organization = make_organization(owner, "acme")
    client = confirmed(owner)
    page = client.post(
        f"/organizations/{organization.pk}/second-factor/", {"required": "on"}, follow=True
    )
    assert "Set up a second factor of your own first." in page.text
    organization.refresh_from_db()
    assert not organization.requires_second_factor


def test_who_set_it_up_goes_on_to_the_page_that_was_asked_for() -> None:
    agent = make_user(is_staff=True)
    Authenticator.objects.all().delete()
    client = Client()
    client.force_login(agent)
    client.get("/admin/onboarding/installation/?q=acme")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = activate(client)
    assert 'href="/admin/onboarding/installation/?q=acme"' in page.text

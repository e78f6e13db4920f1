"""Confirming who one is before the account changes, and changing the address or the password.

Named by the rules of ASVS 5.0 (chapters 6.4 and 7.5) that ask for it, or by the threat.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from onboarding.models import Mail, User
from tests.factories import PASSWORD, give_second_factor, make_organization, make_user
from tests.test_asvs_sessions import NEW, change_password, confirm, is_in, sign_in
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-02T10:00:10Z", tick=False) as clock:
        yield clock


SENSITIVE = {
    "address": ("/accounts/email/", {"action_add": "", "email": "new@example.com"}),
    "app": ("/accounts/2fa/totp/activate/", {"code": "000000"}),
    "app_removed": ("/accounts/2fa/totp/deactivate/", {}),
    "codes": ("/accounts/2fa/recovery-codes/", None),
    "new_codes": ("/accounts/2fa/recovery-codes/generate/", {}),
    "passkey": ("/accounts/2fa/webauthn/add/", {"credential": "{}"}),
    "deletion": ("/accounts/delete/", {}),
}


@pytest.mark.parametrize("name", SENSITIVE)
def test_asvs_7_5_1_who_changes_the_account_confirmed_it_within_five_minutes(
    clock: Any, name: str
) -> None:
    user = make_user("ann@example.com")
    if "removed" in name or "codes" in name:
        give_second_factor(user)
        Authenticator.objects.create(
            user=user, type="recovery_codes", data={"seed": "", "used_mask": 0}
        )
    client = Client()
    client.force_login(user)
    address, data = SENSITIVE[name]

    def ask() -> str:
        response = client.get(address) if data is None else client.post(address, data)
        return str(response.get("Location", ""))

    assert ask().startswith("/accounts/reauthenticate/?next=")
    confirm(client)
    clock.shift(timedelta(minutes=5, seconds=1))
    assert ask().startswith("/accounts/reauthenticate/?next=")
    assert User.objects.get(pk=user.pk).is_active


def test_asvs_7_5_1_whom_only_a_provider_knows_confirms_by_signing_in_anew(clock: Any) -> None:
    user = make_user()
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    address = reverse("external_id", args=[make_organization(user).pk])
    assert client.post(address).status_code == 200
    clock.shift(timedelta(minutes=5))
    page = f"{settings.SITE_URL}/organizations/"
    asked = client.post(address, headers={"Referer": page}, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/accounts/sign-in-again/")
    assert 'name="next" value="/organizations/"' in asked.text
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        client.force_login(user)
        again = client.post("/accounts/sign-in-again/", {"next": elsewhere})
        assert again["Location"] == "/accounts/login/?next=%2F"
        assert not is_in(client)


def test_asvs_7_5_1_a_page_elsewhere_is_not_where_one_goes_on(clock: Any) -> None:
    user = make_user()
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    clock.shift(timedelta(minutes=6))
    evil = {"Referer": "https://evil.example/x"}
    asked = client.post("/accounts/delete/", headers=evil, follow=True)
    assert 'name="next" value=""' in asked.text
    assert User.objects.get(pk=user.pk).is_active


def test_asvs_7_5_1_the_requirement_of_an_organization_is_confirmed_too() -> None:
    give_second_factor(owner := make_user())
    organization = make_organization(owner)
    client = Client()
    client.force_login(owner)
    address = reverse("organization_second_factor", args=[organization.pk])
    asked = client.post(address, {"required": "on"})["Location"]
    assert asked.startswith("/accounts/reauthenticate/?next=")
    client.post(asked, {"password": PASSWORD})
    organization.refresh_from_db()
    assert organization.requires_second_factor


def test_t9_an_unfinished_change_of_address_ends_with_a_new_password() -> None:
    """Pre-hijacking by an unexpired change of address: somebody who was in the account started
    one to an address of theirs; the owner takes the account back; the link must be dead.
    """
    user = make_user("victim@example.com")
    thief = sign_in(user)
    confirm(thief)
    thief.post("/accounts/email/", {"action_add": "", "email": "thief@example.net"})
    link = urlsplit(link_in(Mail.objects.get(to="thief@example.net"))).path
    assert "Is <b>thief@example.net</b> yours?" in Client().get(link).text
    change_password(sign_in(user))
    assert "no longer good" in Client().get(link).text
    Client().post(link)
    user.refresh_from_db()
    assert user.email == "victim@example.com"
    assert not EmailAddress.objects.filter(email="thief@example.net").exists()


def test_a_new_address_takes_over_once_confirmed_and_the_old_one_is_told() -> None:
    user = make_user("old@example.com")
    here, there = sign_in(user), sign_in(user)
    confirm(here)
    here.post("/accounts/email/", {"action_add": "", "email": "new@example.com"})
    user.refresh_from_db()
    assert user.email == "old@example.com"
    assert "new@example.com" in here.get("/accounts/").text
    here.post(urlsplit(link_in(Mail.objects.get(to="new@example.com"))).path)
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@example.com", True, True)
    ]
    assert Mail.objects.get(name="sign_in_email_changed").to == "old@example.com"
    assert is_in(here)
    assert not is_in(there)


def test_asvs_6_4_1_a_reset_link_dies_with_the_address_it_was_for() -> None:
    user = make_user("old@example.com")
    Client().post("/accounts/password/reset/", {"email": user.email})
    link = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    User.objects.filter(pk=user.pk).update(email="new@example.com")
    EmailAddress.objects.filter(user=user).update(email="new@example.com")
    assert "no longer good" in Client().get(link).text


def test_asvs_6_4_1_a_reset_link_is_good_once_and_for_an_hour() -> None:
    user, asked = make_user(), Client()
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        asked.post("/accounts/password/reset/", {"email": user.email})
        mail = Mail.objects.get(name="sign_in_password_reset_key")
        assert "60 minutes" in mail.text
        link = urlsplit(link_in(mail)).path
        clock.shift(3601)
        assert "no longer good" in Client().get(link).text
        clock.shift(-1801)
        form = asked.get(link)["Location"]
        asked.post(form, NEW)
        assert "no longer good" in Client().get(link).text
    user.refresh_from_db()
    assert user.check_password(NEW["password1"])

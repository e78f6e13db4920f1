"""What Owners decide and how sessions follow, named by the rules of ASVS 5.0 that ask for it."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from onboarding.models import Invitation, Mail, User
from tests.factories import PASSWORD, give_second_factor, make_user
from tests.test_asvs_sessions import NEW, is_in, key
from tests.views.cast import INVITED, SECRET, Cast, make_cast, person
from tests.views.handover_scene import code, hand_over, post
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/reauthenticate/"
DECISIONS: dict[str, dict[str, str]] = {
    "external_id": {},
    "console": {},
    "script": {"with_external_id": "yes"},
    "external_id_renewal": {},
    "external_id_renewal_end": {},
    "member_role": {"role": "owner"},
    "member_remove": {},
    "organization_invite": {"email": "new@example.com", "role": "owner"},
    "invitation_send": {},
    "organization_second_factor": {"required": "on"},
    "handovers": {"email": "colleague@example.com"},
}


@pytest.fixture
def cast() -> Cast:
    """The open invitation is to an Owner."""
    cast = make_cast()
    cast.organization.invitations.update(role="owner")
    return cast


def address(cast: Cast, name: str) -> str:
    ours = {
        "pk": cast.organization.pk,
        "member": cast.organization.memberships.get(user=cast.people["member"]).pk,
        "invitation": cast.organization.invitations.get().pk,
    }
    if name in ("console", "script", "handovers"):
        return reverse(name, args=[cast.installation.pk])
    names = {"member_role": "member", "member_remove": "member", "invitation_send": "invitation"}
    wanted = {"pk", names[name]} if name in names else {"pk"}
    return reverse(name, kwargs={each: ours[each] for each in wanted})


@pytest.mark.parametrize("name", DECISIONS)
def test_asvs_7_5_1_what_an_owner_decides_is_confirmed_within_five_minutes(
    cast: Cast, name: str
) -> None:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        Invitation.objects.update(expires_at="2026-03-09T10:00:00Z")
        client = cast.client("owner")

        def is_asked() -> bool:
            response = client.post(address(cast, name), DECISIONS[name])
            assert response.status_code in (200, 302)
            return str(response.get("Location", "")).startswith(CONFIRM)

        assert is_asked()
        client.post(CONFIRM, {"password": PASSWORD})
        clock.shift(timedelta(minutes=5, seconds=1))
        assert is_asked()
        client.post(CONFIRM, {"password": PASSWORD})
        clock.shift(timedelta(minutes=4, seconds=59))
        assert not is_asked()


def test_asvs_7_5_1_pasted_credentials_do_not_wait_for_a_password(cast: Cast) -> None:
    """A request that waits is kept in the session, and these are kept nowhere. They are taken from
    whoever has them: AWS says whose they are.
    """
    pasted = {
        "access_key_id": "ASIAIOSFODNN7EXAMPLE",
        "secret_access_key": "canary/of/the/secret/key/0123456789abcdef",
        "session_token": "canary-of-the-token" * 20,
    }
    client = cast.client("owner")
    for name in ("create_role", "update_role_start", "monitoring_create"):
        response = client.post(reverse(name, args=[cast.installation.pk]), pasted)
        assert CONFIRM not in str(response.get("Location", ""))
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert "canary" not in " ".join(kept)


def test_asvs_7_2_4_founding_and_joining_give_another_key(cast: Cast) -> None:
    cast.people["invited"] = person(INVITED)
    client = cast.client("invited")
    keys = [key(client)]
    client.post("/organizations/new/", {"name": "Umbrella", "short_name": "umbrella"})
    keys.append(key(client))
    client.post(f"/invitations/{SECRET}/")
    keys.append(key(client))
    assert cast.people["invited"].memberships.count() == 2
    assert len(set(keys)) == 3
    assert is_in(client)
    assert not Session.objects.filter(pk__in=keys[:2]).exists()


def test_asvs_7_2_4_an_owner_who_steps_down_gets_another_key(cast: Cast) -> None:
    theirs = cast.organization.memberships.get(user=cast.people["member"])
    theirs.role = "owner"
    theirs.save()
    mine = cast.organization.memberships.get(user=cast.people["owner"])
    client = cast.confirmed("owner")
    before = key(client)
    step_down = reverse("member_role", args=[cast.organization.pk, mine.pk])
    client.post(step_down, {"role": "member"})
    mine.refresh_from_db()
    assert mine.role == "member"
    assert key(client) != before
    assert not Session.objects.filter(pk=before).exists()


def test_asvs_7_2_4_the_code_of_a_hand_over_gives_another_key(cast: Cast) -> None:
    """Whoever planted the session before does not see the external ID with it."""
    token, client = hand_over(cast), Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = key(client)
    sent = code(client, token)
    assert post(client, "handover_confirm", token, code=sent).status_code == 302
    assert key(client) != before
    assert not Session.objects.filter(pk=before).exists()


def test_asvs_6_4_1_a_reset_link_dies_with_the_password_it_was_for() -> None:
    user, asked = make_user(), Client()
    asked.post("/accounts/password/reset/", {"email": user.email})
    link = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    assert "no longer good" not in Client().get(link, follow=True).text
    user.set_password(NEW["password1"])
    user.save()
    assert "no longer good" in Client().get(link).text
    another = {"password1": "another that nobody uses", "password2": "another that nobody uses"}
    asked.post(link, another)
    user.refresh_from_db()
    assert user.check_password(NEW["password1"])


def come_by_passkey(user: User) -> tuple[Client, Any]:
    """The signature is taken for good: what follows it is looked at."""
    theirs = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    client = Client()
    client.get("/accounts/2fa/webauthn/login/")
    with (
        patch.object(passkeys, "parse_authentication_response"),
        patch.object(passkeys, "extract_user_from_response", return_value=user),
        patch.object(passkeys, "complete_authentication", return_value=theirs),
    ):
        return client, client.post("/accounts/2fa/webauthn/login/", {"credential": '{"id": "x"}'})


def test_asvs_6_3_4_a_passkey_leads_in_and_past_no_check() -> None:
    client, _ = come_by_passkey(make_user())
    assert is_in(client)
    assert client.session["signed_in_at"]
    client, answer = come_by_passkey(make_user(is_active=False))
    assert answer["Location"] == reverse("account_inactive")
    assert not is_in(client)
    client, answer = come_by_passkey(make_user(verified=False))
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not is_in(client)


def test_asvs_6_3_4_confirming_an_address_by_mail_leads_in_nobody_with_a_second_factor() -> None:
    """In the browser that signed up it does lead in: before that there is nothing to protect."""
    user = make_user(verified=False)
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    link = urlsplit(link_in(Mail.objects.get(to=user.email))).path
    give_second_factor(user)
    elsewhere = Client()
    elsewhere.post(link)
    assert EmailAddress.objects.get(user=user).verified
    assert not is_in(elsewhere)
    assert not is_in(client)

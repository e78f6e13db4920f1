"""Google: OpenID Connect with Google's claims."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client

from onboarding.models import User
from tests.harness.oidc import Provider
from tests.views.providers.world import addresses, is_signed_in, leave, said, sign_in

pytestmark = pytest.mark.django_db


def test_a_new_person_comes_in_and_founds_an_organization(client: Client, google: Provider) -> None:
    answer = sign_in(client, "google")
    assert answer["Location"] == "/organizations/new/"
    assert User.objects.get().email == "ada@example.com"
    assert addresses(User.objects.get()).get().verified


def test_asvs_10_5_2_the_same_address_of_another_subject_is_somebody_else(
    client: Client, google: Provider
) -> None:
    """The address was given to somebody new at that company (T11)."""
    sign_in(client, "google")
    assert SocialAccount.objects.get().uid == "110169484474386276334"
    google.person["sub"] = "209999999999999999999"
    stranger = Client()
    answer = sign_in(stranger, "google")
    assert (answer.status_code, is_signed_in(stranger)) == (403, False)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("said_so", [False, "false", None, "yes"])
def test_an_address_that_google_has_not_confirmed_makes_nobody(
    client: Client, google: Provider, said_so: object
) -> None:
    google.person["email_verified"] = said_so
    assert sign_in(client, "google").status_code == 403
    assert not User.objects.exists()


def test_the_way_back_is_the_one_that_the_settings_name(client: Client, google: Provider) -> None:
    asked = said(leave(client, "google"))
    assert asked["redirect_uri"].endswith("/accounts/oidc/google/login/callback/")
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert settings.GOOGLE["settings"]["server_url"] == "https://accounts.google.com"

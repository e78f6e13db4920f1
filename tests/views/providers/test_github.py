"""GitHub, against answers of the shape that GitHub gives."""

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from onboarding.models import User
from tests.factories import PASSWORD, make_user
from tests.harness.github import TOKEN, GitHub
from tests.harness.oidc import Provider
from tests.harness.stand_in import as_json
from tests.views.providers.world import (
    addresses,
    come_back,
    is_signed_in,
    leave,
    said,
    sign_in,
    visit,
)

pytestmark = pytest.mark.django_db


def test_a_new_person_comes_in_by_the_main_confirmed_address(
    client: Client, github: GitHub
) -> None:
    answer = sign_in(client, "github")
    assert (answer.status_code, answer["Location"]) == (302, "/organizations/new/")
    ada = User.objects.get()
    assert (ada.email, ada.name) == ("ada@example.com", "monalisa octocat")
    assert [(one.email, one.verified) for one in addresses(ada).all()] == [
        ("ada@example.com", True)
    ]


def test_asvs_6_8_1_a_person_is_the_number_of_the_account_there(
    client: Client, github: GitHub
) -> None:
    sign_in(client, "github")
    identity = SocialAccount.objects.get()
    assert (identity.provider, identity.uid) == ("github", "583231")
    github.login, github.emails = "ada-byron", [("ada@example.org", True, True)]
    again = Client()
    sign_in(again, "github")
    assert is_signed_in(again)
    assert User.objects.get().email == "ada@example.com"


def test_asvs_6_8_1_the_same_address_of_another_account_is_somebody_else(
    client: Client, github: GitHub
) -> None:
    """The name was given up, and somebody took it, with the address (T11)."""
    sign_in(client, "github")
    github.number = 999
    stranger = Client()
    answer = sign_in(stranger, "github")
    assert (answer.status_code, is_signed_in(stranger)) == (403, False)
    assert "We do not join the two by the address alone" in answer.text
    assert SocialAccount.objects.count() == User.objects.count() == 1


@pytest.mark.parametrize(
    "emails",
    [
        [],
        [("ada@example.com", True, False)],
        [("ada@example.com", True, False), ("a@b.io", False, True)],
    ],
)
def test_an_address_that_is_not_confirmed_there_makes_nobody(
    client: Client, github: GitHub, emails: list[tuple[str, bool, bool]]
) -> None:
    github.emails = emails
    answer = sign_in(client, "github")
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "Confirm your main address at GitHub" in answer.text
    assert not User.objects.exists()


def test_no_addresses_at_all_are_no_fault(client: Client, github: GitHub) -> None:
    github.at.routes["/user/emails"] = lambda _: as_json({"message": "Not Found"}, 404)
    assert sign_in(client, "github").status_code == 403


@pytest.mark.parametrize("error", ["bad_verification_code", "incorrect_client_credentials"])
def test_an_error_of_github_lets_nobody_in(client: Client, github: GitHub, error: str) -> None:
    github.error = error
    assert sign_in(client, "github").status_code == 401
    assert not is_signed_in(client)


def test_github_out_of_order_is_told_on_a_page(client: Client, github: GitHub) -> None:
    github.at.routes["/user"] = lambda _: as_json({"message": "Server Error"}, 502)
    answer = sign_in(client, "github")
    assert answer.status_code == 401
    assert "You are not signed in" in answer.text


def test_asvs_10_1_2_an_answer_counts_once_and_with_its_proof(
    client: Client, github: GitHub
) -> None:
    url = leave(client, "github")
    assert said(url)["code_challenge_method"] == "S256"
    back = visit(url)
    come_back(client, back)
    client.logout()
    assert come_back(client, back).status_code == 401
    assert not is_signed_in(client)


def test_asvs_10_2_2_an_answer_of_github_is_not_taken_for_googles(
    client: Client, github: GitHub, google: Provider
) -> None:
    back = visit(leave(client, "github"))
    mixed_up = back.replace("/accounts/github/login/", "/accounts/oidc/google/login/")
    assert mixed_up != back
    assert come_back(client, mixed_up).status_code == 401
    assert "/token" not in {asked.path for asked in google.at.asked}


def test_only_what_signing_in_needs_is_asked_for_and_nothing_of_it_kept(
    client: Client, github: GitHub
) -> None:
    assert set(said(leave(client, "github"))["scope"].split()) == {"read:user", "user:email"}
    sign_in(client, "github")
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {"login": "octocat"}


def test_no_token_is_in_the_log(
    client: Client, github: GitHub, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "github")
    github.at.routes["/user"] = lambda _: as_json({"message": TOKEN}, 500)
    sign_in(Client(), "github")
    assert "sign_in_refused" in caplog.text
    assert TOKEN not in caplog.text
    assert "canary" not in caplog.text


def test_somebody_with_a_password_connects_github_and_comes_in_by_either(
    client: Client, github: GitHub
) -> None:
    make_user("ada@example.com")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = sign_in(client, "github", process="connect", next="/accounts/3rdparty/")
    assert answer["Location"] == "/accounts/3rdparty/"
    again = Client()
    sign_in(again, "github")
    assert is_signed_in(again)
    assert User.objects.get().has_usable_password()

"""Passwords, named by the rule of ASVS 5.0 (chapter 6.2) that asks for it."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.test import Client

from onboarding.models import Mail, User
from onboarding.services import organizations
from tests.factories import PASSWORD, make_user
from tests.views.test_accounts import link_in

pytestmark = pytest.mark.django_db

LONG = (
    "ein längerer Satz über Schiffe, Häfen und Möwen, die über die Elbe ziehen, bis es Abend wird; "
    * 2
)


def sign_up(password: str, email: str = "new@example.com") -> User | None:
    """Through the form, as anybody. Gives the person, if the password was taken."""
    Client().post("/accounts/signup/", {"email": email, "password1": password})
    return User.objects.filter(email=email).first()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(client: Client, new: str, old: str = PASSWORD) -> list[str]:
    """What is said against the new password."""
    form = {"oldpassword": old, "password1": new, "password2": new}
    response = client.post("/accounts/password/change/", form)
    if response.status_code == 302:
        return []
    return [sentence for errors in response.context["form"].errors.values() for sentence in errors]


def test_asvs_6_2_1_twelve_characters_at_least() -> None:
    assert sign_up("eleven char") is None
    assert sign_up("twelve chars") is not None


def test_asvs_6_2_2_and_6_2_3_it_is_changed_with_the_present_one() -> None:
    client = signed_in(user := make_user())
    assert change(client, "another long passphrase", old="not the present one") != []
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert change(client, "another long passphrase") == []
    user.refresh_from_db()
    assert user.check_password("another long passphrase")


def test_asvs_6_2_4_and_6_2_12_what_is_common_or_leaked_is_refused_everywhere() -> None:
    assert sign_up("1q2w3e4r5t6y") is None
    user = make_user("known@example.com")
    assert change(signed_in(user), "1q2w3e4r5t6y")[0].startswith("This password is known")
    Client().post("/accounts/password/reset/", {"email": user.email})
    reset = Client()
    path = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    form = reset.get(path)["Location"]
    for password, is_taken in (("1q2w3e4r5t6y", False), ("one that nobody uses", True)):
        reset.post(form, {"password1": password, "password2": password})
        user.refresh_from_db()
        assert user.check_password(password) == is_taken


@pytest.mark.parametrize(
    "password",
    ["only lower case letters", "ONLY CAPITAL LETTERS", "7401 5519 0284 63", "-!? .,;: _()"],
)
def test_asvs_6_2_5_no_kind_of_character_is_asked_for(password: str) -> None:
    assert sign_up(password) is not None


def test_asvs_6_2_6_and_6_2_7_fields_hide_take_pastes_and_password_managers() -> None:
    client = signed_in(make_user())
    pages = {
        Client().get("/accounts/signup/").text: 1,
        Client().get("/accounts/login/").text: 1,
        client.get("/accounts/password/change/").text: 2,
    }
    for page, count in pages.items():
        assert page.count('type="password"') >= count
        assert "onpaste" not in page
        assert 'autocomplete="off"' not in page.split("<main")[1]
    assert 'autocomplete="new-password"' in Client().get("/accounts/signup/").text
    assert 'autocomplete="current-password"' in Client().get("/accounts/login/").text


@pytest.mark.parametrize(
    "password",
    [
        " spaces at both ends  ",
        "Groß und klein: ÄÖÜ",
        "é as one letter, e\u0301 as two",
        "tab\there, and no more",
        "パスワードは四つの単語です",
    ],
)
def test_asvs_6_2_8_it_is_taken_exactly_as_typed(password: str) -> None:
    user = sign_up(password)
    assert user is not None
    assert user.check_password(password)
    variants = {password.strip(), password.lower(), password.replace("e\u0301", "é")} - {password}
    assert [each for each in variants if user.check_password(each)] == []


def test_asvs_6_2_9_from_64_to_128_characters_and_all_of_them_count() -> None:
    for length in (64, 128):
        user = sign_up(LONG[:length], f"p{length}@example.com")
        assert user is not None
        assert not user.check_password(LONG[: length - 1])
    assert sign_up(LONG[:129], "p129@example.com") is None


def test_asvs_6_2_10_a_password_grows_old_in_peace() -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(date_joined="2001-01-01T00:00:00Z")
    response = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/organizations/new/"


def test_asvs_6_2_11_words_of_the_person_and_the_organization_do_not_make_a_password() -> None:
    assert sign_up("sommerfeld2026", "ann.sommerfeld@example.com") is None
    user = make_user()
    organizations.found(name="Wattenmeer Logistik", short_name="wattenmeer", by=user)
    said = change(signed_in(user), "Wattenmeer-2026!")
    assert said == [
        "This password is mostly a word about you, your Organization or Astro. "
        "Choose another one, or add words that have nothing to do with them."
    ]


def test_asvs_11_4_2_argon2id_comes_first_and_older_hashes_are_renewed() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    user = make_user()
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    user.save()
    Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.password.startswith("argon2$argon2id$")

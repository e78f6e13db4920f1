"""The form that takes temporary credentials. The values are made up."""

import json

import pytest

from onboarding.forms.credentials import CredentialsForm

KEY_ID = "ASIAY34FZKBOKMUTVV7A"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2Vj" + "A" * 200
THREE = {"access_key_id": KEY_ID, "secret_access_key": SECRET, "session_token": TOKEN}
BLOCK = json.dumps({"AccessKeyId": KEY_ID, "SecretAccessKey": SECRET, "SessionToken": TOKEN})


@pytest.mark.parametrize("typed", [THREE, {"paste": BLOCK}, {"paste": BLOCK, "access_key_id": ""}])
def test_three_fields_and_one_block_give_the_same_credentials(typed: dict[str, str]) -> None:
    form = CredentialsForm(typed)
    assert form.is_valid(), form.errors
    given = form.credentials
    assert (given.access_key_id, given.secret_access_key, given.session_token) == (
        KEY_ID,
        SECRET,
        TOKEN,
    )


@pytest.mark.parametrize("missing", [*THREE])
def test_each_of_the_three_is_needed(missing: str) -> None:
    form = CredentialsForm(THREE | {missing: ""})
    assert list(form.errors) == [missing]
    assert str(form.errors[missing][0]).startswith("Paste the ")


def test_a_block_and_a_field_together_are_not_guessed_at() -> None:
    form = CredentialsForm(THREE | {"paste": BLOCK})
    assert form.errors["paste"] == ["Fill in this field or the three below, not both."]


def test_long_term_keys_are_never_accepted_wherever_they_are_pasted() -> None:
    long_term = KEY_ID.replace("ASIA", "AKIA")
    for typed in (
        THREE | {"access_key_id": long_term},
        {"paste": BLOCK.replace(KEY_ID, long_term)},
    ):
        form = CredentialsForm(typed)
        assert not form.is_valid()
        assert "long-term access key" in str(form.errors)


@pytest.mark.parametrize(
    "typed",
    [
        THREE | {"session_token": SECRET},
        {name: value + "!" for name, value in THREE.items()},
        {"paste": BLOCK + "!"},
        {"paste": BLOCK.replace(SECRET, SECRET + "!")},
        THREE | {"paste": BLOCK},
    ],
)
def test_a_refused_form_shows_nothing_of_what_was_pasted(typed: dict[str, str]) -> None:
    form = CredentialsForm(typed)
    assert not form.is_valid()
    shown = str(form) + repr(form) + repr(form.errors)
    for value in (KEY_ID, SECRET, TOKEN):
        assert value not in shown


def test_the_credentials_show_nothing_when_printed() -> None:
    form = CredentialsForm(THREE)
    assert form.is_valid()
    assert SECRET not in repr(form.credentials)

"""Temporary credentials, as they are pasted. The values are made up."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.facts import credentials

KEY_ID = "ASIAY34FZKBOKMUTVV7A"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2Vj" + "A" * 200 + "=="
ALL = {"access_key_id": KEY_ID, "secret_access_key": SECRET, "session_token": TOKEN}

LINES = f"export AWS_ACCESS_KEY_ID={KEY_ID}\nexport AWS_SECRET_ACCESS_KEY={SECRET}\nexport AWS_SESSION_TOKEN={TOKEN}\n"
POWERSHELL = (
    f'$Env:AWS_ACCESS_KEY_ID="{KEY_ID}"\r\n$Env:AWS_SECRET_ACCESS_KEY="{SECRET}"\r\n'
    f'$Env:AWS_SESSION_TOKEN="{TOKEN}"'
)
PROFILE = (
    f"[210987654321_Admin]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n"
    f"aws_session_token = {TOKEN}"
)
STS = {"AccessKeyId": KEY_ID, "SecretAccessKey": SECRET, "SessionToken": TOKEN}
ROLE = {"accessKeyId": KEY_ID, "secretAccessKey": SECRET, "sessionToken": TOKEN, "expiration": 17}


@pytest.mark.parametrize(
    "block",
    [
        LINES,
        LINES.replace("export", "set"),
        LINES.replace("export ", ""),
        LINES.replace("=", "='").replace("\n", "';\n").replace("='='", "=="),
        POWERSHELL,
        PROFILE,
        json.dumps({"Credentials": STS, "AssumedRoleUser": {"Arn": "x"}}),
        json.dumps({"Version": 1, **STS}, indent=2),
        json.dumps({"roleCredentials": ROLE}),
    ],
)
def test_a_block_gives_the_three_values(block: str) -> None:
    assert credentials.parse_block(block) == ALL


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ("hello", "No credentials were found in this."),
        ("{}", "No credentials were found in this."),
        ('{"Credentials": ', "This JSON is not complete."),
        ("{" * 100_000, "This JSON is not complete."),
        (LINES.rpartition("export")[0], "This block lacks the session token."),
        (LINES.replace("ASIA", "AKIA"), "This is a long-term access key."),
        (
            f"AWS_ACCESS_KEY_ID=AKIAY34FZKBOKMUTVV7A\nAWS_SECRET_ACCESS_KEY={SECRET}",
            "This is a long-term access key.",
        ),
        (LINES.replace(SECRET, SECRET[1:]), "A secret access key has 40"),
    ],
)
def test_a_wrong_block_is_told_what_is_wrong(block: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        credentials.parse_block(block)


@pytest.mark.parametrize(
    ("name", "typed", "hint"),
    [
        ("access_key_id", SECRET, "looks like the secret access key"),
        ("access_key_id", TOKEN, "looks like the session token"),
        ("secret_access_key", KEY_ID, "looks like the access key ID"),
        ("secret_access_key", TOKEN, "looks like the session token"),
        ("session_token", KEY_ID, "looks like the access key ID"),
        ("session_token", SECRET, "looks like the secret access key"),
        ("access_key_id", f"AWS_ACCESS_KEY_ID={KEY_ID}", "a whole line"),
        ("secret_access_key", f"export AWS_SECRET_ACCESS_KEY={SECRET}", "a whole line"),
        ("session_token", f"aws_session_token = {TOKEN}", "a whole line"),
        ("session_token", json.dumps(STS), "the whole answer"),
        ("access_key_id", f'"{KEY_ID}"', "without the quotes"),
        ("access_key_id", "AKIAIOSFODNN7EXAMPLE", "long-term access key"),
        ("session_token", TOKEN[:100] + "\n" + TOKEN[100:], "as one line"),
        ("session_token", "A" * 8192 + TOKEN, "100 to 8192 characters"),
    ],
)
def test_a_value_in_the_wrong_place_is_told_where_it_belongs(
    name: str, typed: str, hint: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(hint)):
        credentials.JUDGES[name](typed)


@given(st.sampled_from(credentials.NAMES), st.text(min_size=8))
def test_no_refusal_repeats_what_was_typed(name: str, typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refusal:
        credentials.JUDGES[name](f"Q!{typed}")
    assert typed not in str(refusal.value)

"""Which passwords are tried first, and are refused therefore."""

import hashlib
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from onboarding.facts import passwords

ANN = ("ann.sommerfeld@acme-data.example", "Ann Sommerfeld", "Acme Data")


def reason(password: str, *about: str) -> str:
    """Why it is refused; empty when it is not."""
    try:
        passwords.judge(password, about or ANN)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "  leading and trailing  ",
        "lower case words only",
        "пароль из четырёх слов",
        "🐎🔋📎 horse battery",
        "x7!kQ",
        "astro is where my pipelines live",
        "ann walks to the harbour",
    ],
)
def test_length_and_surprise_are_enough(password: str) -> None:
    wanted = "" if len(password) >= passwords.SHORTEST else "at least 12"
    assert wanted in reason(password)
    assert bool(wanted) == bool(reason(password))


def test_the_limits_are_counted_in_characters() -> None:
    text = "ein längerer Satz über Schiffe, Häfen und Möwen, die über die Elbe zie" * 2
    assert reason(text[:11]) == "Choose a password of at least 12 characters."
    assert reason(text[:12]) == ""
    assert reason(text[:64]) == ""
    assert reason(text[:128]) == ""
    assert reason(text[:129]) == "Choose a password of at most 128 characters."


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "987654321098",
        "qwertyuiopas",
        "QWERTYUIOP12",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "aabbccddeeff",
        "            ",
    ],
)
def test_patterns_are_refused(password: str) -> None:
    assert "pattern" in reason(password)


@pytest.mark.parametrize(
    "password", ["1q2w3e4r5t6y", "QazWsxEdcRfv", "leavemealone", "linkedin2011"]
)
def test_passwords_of_leaks_are_refused_in_whatever_case(password: str) -> None:
    assert "leak" in reason(password)


@pytest.mark.parametrize(
    "password",
    [
        "Astronomer2026!",
        "astro-airflow-1",
        "AcmeData-2026-!",
        "sommerfeld.ann1",
        "Welcome-Astro-1",
        "admin-password!",
    ],
)
def test_words_about_the_person_and_the_product_do_not_count(password: str) -> None:
    assert "mostly a word about you" in reason(password)


def test_short_parts_of_an_address_forbid_nothing() -> None:
    assert reason("a co worker goes home", "a.co@io.dev") == ""


@given(st.text(min_size=16, max_size=128))
def test_any_text_gets_a_verdict(password: str) -> None:
    assert reason(password) == "" or reason(password).endswith(".")


def test_the_list_holds_what_it_says_and_no_password_in_clear() -> None:
    listed = passwords.leaked()
    assert len(listed) == 44_021 * passwords.WIDTH
    assert b"leavemealone" not in listed
    digests = [listed[at : at + passwords.WIDTH] for at in range(0, len(listed), passwords.WIDTH)]
    assert digests == sorted(set(digests))
    assert hashlib.sha256(b"leavemealone").digest()[: passwords.WIDTH] in digests


def test_a_list_is_packed_without_what_is_too_short_or_double(tmp_path: Path) -> None:
    given, packed = tmp_path / "given.txt", tmp_path / "packed.bin"
    given.write_text("tooshort\nlong enough to count\nLong Enough To Count\r\nanother long one\n")
    call_command("pack_leaked_passwords", str(given), "--to", str(packed), verbosity=0)
    wanted = {passwords.digest("long enough to count"), passwords.digest("another long one")}
    assert packed.read_bytes() == b"".join(sorted(wanted))

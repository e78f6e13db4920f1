"""E-mail addresses."""

import pytest

from onboarding.facts import email


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Mike.O'Neil@Example.COM\n", "Mike.O'Neil@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
    ],
)
def test_only_the_domain_is_brought_into_one_form(typed: str, stored: str) -> None:
    assert email.address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "a@localhost",
        "İ@x.com",
        "mike@example.org\u202e",
        "a..b@x.com",
        ".a@x.com",
        '"a"@x.com',
        "a@faß.de",
        "a@exa\u00admple.com",
        "a@xn--\u00e9.com",
        "a@" + "x" * 64 + ".com",
        "a@" + ".".join(["x" * 60] * 5) + ".com",
        "a@" + "é" * 100_000 + ".com",
    ],
)
def test_addresses_that_would_go_astray_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        email.address(typed)


def test_internationalised_domains_are_known_by_their_stored_form() -> None:
    assert email.is_internationalised("a@mail.xn--bcher-kva.example")
    assert not email.is_internationalised("a@example.com")

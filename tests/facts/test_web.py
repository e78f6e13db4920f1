"""Addresses that the portal may ask, or send people to."""

import pytest

from onboarding.facts import email
from onboarding.facts.web import may_be_asked


@pytest.mark.parametrize("url", ["https://idp.example.com", "https://idp.example.com:8443/a?b=c"])
def test_https_to_a_named_host_may_be_asked(url: str) -> None:
    assert may_be_asked(url, loopback=False)


def test_this_machine_may_be_asked_where_the_portal_is_one_machine() -> None:
    for url in ("http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"):
        assert may_be_asked(url, loopback=True)
        assert not may_be_asked(url, loopback=False)
    assert not may_be_asked("http://192.168.1.1/", loopback=True)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Example.COM", "example.com"),
        ("@example.com\n", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_is_stored_as_addresses_have_it(typed: str, stored: str) -> None:
    assert email.domain(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "@", "example", "a@example.com", "ｅxample.com", "1.2.3.4", "a..b.io"]
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="Type one domain"):
        email.domain(typed)

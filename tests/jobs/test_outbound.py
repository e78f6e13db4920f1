"""What is asked over the network, and what is not: a customer names the address (T28)."""

import socket

import pytest
from pytest_django import Settings
from requests.exceptions import InvalidURL, RequestException

from onboarding.jobs import outbound
from onboarding.jobs.outbound import Outbound, is_acceptable
from tests.harness.stand_in import back_to, running

REFUSED = [
    "http://idp.example.com", "ftp://idp.example.com", "file:///etc/passwd", "javascript:alert(1)",
    "//idp.example.com", "idp.example.com", "", "https://", "https://user:pw@idp.example.com",
    "https://idp.example.com:port", "https://idp.example.com/\n", "https://ıdp.example.com",
]  # fmt: skip
INSIDE = ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1", "fd00::1"]


@pytest.mark.parametrize("url", REFUSED)
def test_asvs_1_3_6_only_https_to_a_plain_host_is_asked(url: str, settings: Settings) -> None:
    for secure in (True, False):
        settings.SECURE_SITE = secure
        assert not is_acceptable(url)


def test_loopback_counts_only_where_the_portal_itself_has_no_tls(settings: Settings) -> None:
    settings.SECURE_SITE = False
    assert is_acceptable("http://127.0.0.1:8080/x")
    assert is_acceptable("https://idp.example.com/x")
    settings.SECURE_SITE = True
    assert not is_acceptable("http://127.0.0.1:8080/x")
    assert is_acceptable("https://idp.example.com/x")


@pytest.mark.parametrize("address", INSIDE)
def test_asvs_1_3_6_a_host_that_leads_inside_is_not_asked(
    address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECURE_SITE = True
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(kind, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with Outbound() as session, pytest.raises(InvalidURL):
        session.get("https://idp.example.com/.well-known/openid-configuration")


def test_asvs_1_3_6_a_name_that_leads_elsewhere_the_second_time_is_hung_up_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECURE_SITE = True
    monkeypatch.setattr(outbound, "is_acceptable", lambda url: True)
    monkeypatch.setattr(outbound, "_leads_inside", lambda host, port: False)
    with running() as inside, Outbound() as session:
        with pytest.raises(RequestException, match="not on the public internet"):
            session.get(f"{inside.url}/secrets")
        assert inside.asked == []


def test_no_redirect_is_followed() -> None:
    with running() as there, Outbound() as session:
        there.routes["/"] = lambda asked: back_to(f"{there.url}/elsewhere")
        assert session.get(f"{there.url}/").status_code == 302
        assert [asked.path for asked in there.asked] == ["/"]

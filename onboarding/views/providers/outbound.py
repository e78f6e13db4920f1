"""Asking an identity provider. Its address came from a customer, so it may lead nowhere inside."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.exceptions import InvalidURL

from onboarding.facts.web import may_be_asked

SECONDS = 5


def is_acceptable(url: str) -> bool:
    """A portal that has no TLS itself is one machine: there, the provider may be on it too."""
    return may_be_asked(url, loopback=not settings.SECURE_SITE)


def _leads_inside(host: str, port: int) -> bool:
    """Whether any address of `host` is none of the public internet's."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return any(not ipaddress.ip_address(each[4][0]).is_global for each in found)


class Outbound(requests.Session):
    """Follows no redirect, waits no longer than `SECONDS`, and asks public hosts alone."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        address = str(url)
        if not is_acceptable(address):
            raise InvalidURL("An identity provider is asked over HTTPS.")
        parts = urlsplit(address)
        if settings.SECURE_SITE:
            try:
                inside = _leads_inside(str(parts.hostname), parts.port or 443)
            except OSError as error:
                raise requests.ConnectionError("The host is not found.") from error
            if inside:
                raise InvalidURL("An identity provider is on the public internet.")
        kwargs |= {"allow_redirects": False, "timeout": SECONDS}
        return super().request(method, url, *args, **kwargs)

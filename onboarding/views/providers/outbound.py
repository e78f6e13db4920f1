"""Asking an identity provider. Its address came from a customer, so it may lead nowhere inside."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.exceptions import InvalidURL

SECONDS = 5


def is_acceptable(url: str) -> bool:
    """HTTPS to a named host; on a portal that has no TLS itself, which is one machine, loopback too."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or not url.isascii() or not url.isprintable():
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and not settings.SECURE_SITE and _is_loopback(host)


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


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

"""Asking a host whose address came from a customer: it may lead nowhere inside."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidURL
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from onboarding.facts.web import may_be_asked

SECONDS = 5


def is_acceptable(url: str) -> bool:
    """A portal that has no TLS itself is one machine: there, the other side may be on it too."""
    return may_be_asked(url, loopback=not settings.SECURE_SITE)


def _leads_inside(host: str, port: int) -> bool:
    """Whether any address of `host` is none of the public internet's."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return any(not ipaddress.ip_address(each[4][0]).is_global for each in found)


class _Public:
    """Hangs up on an address inside before a byte is sent.

    A name may lead elsewhere when it is looked up the second time; what counts is whom we reached.
    """

    def _new_conn(self) -> socket.socket:
        reached: socket.socket = super()._new_conn()  # type: ignore[misc]
        if settings.SECURE_SITE and not ipaddress.ip_address(reached.getpeername()[0]).is_global:
            reached.close()
            raise NewConnectionError(self, "The host is not on the public internet.")  # type: ignore[arg-type]
        return reached


class _PublicHttps(_Public, HTTPSConnection):
    pass


class _PublicHttp(_Public, HTTPConnection):
    pass


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHttps


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _PublicHttp


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class Outbound(requests.Session):
    """Follows no redirect, uses no proxy, waits no longer than `SECONDS`, and asks public hosts
    alone.
    """

    def __init__(self) -> None:
        super().__init__()
        # A proxy of the environment would look names up itself, and may reach what we may not.
        self.trust_env = False
        self.mount("https://", _Adapter())
        self.mount("http://", _Adapter())

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises `requests.RequestException`, `InvalidURL` for a host that is not to be asked."""
        address = str(url)
        if not is_acceptable(address):
            raise InvalidURL("Hosts are asked over HTTPS.")
        parts = urlsplit(address)
        if settings.SECURE_SITE:
            try:
                inside = _leads_inside(str(parts.hostname), parts.port or 443)
            except OSError as error:
                raise requests.ConnectionError("The host is not found.") from error
            if inside:
                raise InvalidURL("The host is not on the public internet.")
        kwargs |= {"allow_redirects": False, "timeout": SECONDS}
        return super().request(method, url, *args, **kwargs)

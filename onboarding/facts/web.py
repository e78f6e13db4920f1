"""Addresses on the web that the portal may ask, or send people to."""

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def may_be_asked(url: str, *, loopback: bool) -> bool:
    """HTTPS to a named host, without a password; with `loopback`, HTTP on this machine too."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or not url.isascii() or not url.isprintable():
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and host in LOOPBACK)

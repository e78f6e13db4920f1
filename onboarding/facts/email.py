"""E-mail addresses, as they are stored."""

import re
import unicodedata

from onboarding.facts.text import trimmed

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WRONG = "Type one e-mail address, such as name@example.com."


def address(typed: str) -> str:
    """The part before the @ as typed, the domain in small ASCII letters.

    The local part is a dot-atom of at most 64 ASCII characters (RFC 5321, 4.5.3.1.1), the whole
    at most 254. A domain in another script is stored in its ASCII form; one with characters that
    only look like others, or that would change in that form, is refused, and so are addresses of
    machines and names without a dot.
    """
    text = trimmed(typed)
    local, at, domain = text.rpartition("@")
    if len(text) > 320 or not at or not re.fullmatch(rf"{_ATOM}(?:\.{_ATOM})*", local):
        raise ValueError(_WRONG)
    if len(local) > 64:
        raise ValueError("The part before the @ has at most 64 characters.")
    host = _ascii_domain(domain)
    if len(local) + 1 + len(host) > 254:
        raise ValueError("An e-mail address has at most 254 characters.")
    return f"{local}@{host}"


def domain(typed: str) -> str:
    """A mail domain, as the part of `address` behind the @."""
    try:
        return _ascii_domain(trimmed(typed).removeprefix("@"))
    except ValueError:
        raise ValueError("Type one domain, such as example.com.") from None


def is_internationalised(stored: str) -> bool:
    return any(label.startswith("xn--") for label in stored.rpartition("@")[2].split("."))


def masked(stored: str) -> str:
    """The address for somebody who may not be its owner: `c…@example.com`."""
    local, _, domain = stored.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _ascii_domain(domain: str) -> str:
    host = domain.lower()
    if not host.isascii():
        host = _encoded(host)
    labels = host.split(".")
    fits = len(host) <= 253 and all(re.fullmatch(_LABEL, label) for label in labels)
    if not fits or len(labels) < 2 or not re.search(r"[a-z]", labels[-1]):
        raise ValueError(_WRONG)
    if "xn--" in host:
        _decoded(host)
    return host


def _encoded(host: str) -> str:
    # A domain that normalisation or IDNA would change is not the domain the person sees.
    if unicodedata.normalize("NFKC", host) != host:
        raise ValueError(_WRONG)
    try:
        encoded = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(_WRONG) from None
    if _decoded(encoded) != host:
        raise ValueError(_WRONG)
    return encoded


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        raise ValueError(_WRONG) from None

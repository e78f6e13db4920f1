"""Secrets at rest: sealed with the newest key, opened with any of them."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEALING_KEYS])


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises `cryptography.fernet.InvalidToken` when no key of SEALING_KEYS opens it."""
    return _fernet().decrypt(sealed.encode()).decode()


def fingerprint(text: str) -> str:
    """A keyed digest, so that equality can be asked of the database without the text.

    Keyed by the oldest key: it stays the same when a newer one is added.
    """
    key = base64.urlsafe_b64decode(settings.SEALING_KEYS[-1])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _bound_key(key: str) -> bytes:
    return hashlib.sha256(b"hand-off:" + base64.urlsafe_b64decode(key)).digest()


def seal_for(purpose: str, text: str, nonce: bytes) -> bytes:
    """Seal for one purpose alone: opened under another, it is refused. `nonce`: 12 random bytes."""
    cipher = AESGCM(_bound_key(settings.SEALING_KEYS[0]))
    return nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())


def unseal_for(purpose: str, sealed: bytes) -> str:
    """Raises `cryptography.exceptions.InvalidTag` for another purpose, key or content."""
    cipher = AESGCM(_bound_key(settings.SEALING_KEYS[0]))
    return cipher.decrypt(sealed[:12], sealed[12:], purpose.encode()).decode()

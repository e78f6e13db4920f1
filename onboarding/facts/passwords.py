"""What makes a password too easy to guess (ASVS 5.0, 6.2; NIST SP 800-63B, 3.1.1.2).

No rule about kinds of characters, none about changing it now and then: length, and not being one
that is tried first.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SHORTEST = 12
LONGEST = 128
"""In characters, counted as they were typed. Nothing is cut off, stripped or converted."""

SHORTEST_REST = 8
"""What must remain once the words that are tried first here are taken out."""
SHORTEST_WORD = 4
FEWEST_CHARACTERS = 5
"""Different ones."""
MOST_NEIGHBOURS = 0.7
"""Of the pairs of characters next to each other: the share that may be a run or a repetition."""

OUR_WORDS = (
    "astronomer", "astro", "airflow", "apache", "amazon", "portal", "install", "installation",
    "cluster", "organization", "password", "passphrase", "welcome", "changeme", "letmein", "admin",
    "administrator", "support", "login", "signin",
)  # fmt: skip
"""Of the product and of this page: what is tried first at this site (ASVS 6.1.2)."""

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azerty", "abcdefghijklmnopqrstuvwxyz")  # fmt: skip
LIST = Path(__file__).parent / "data" / "leaked_passwords.bin"
WIDTH = 5
"""Bytes of each digest in the list: one wrong hit in about 25 million."""


def judge(password: str, about: Iterable[str] = ()) -> None:
    """Raises `ValueError` with a sentence for the person who chose it.

    `about`: texts about that person (address, names), whose words are tried first too.
    """
    if len(password) < SHORTEST:
        raise ValueError(f"Choose a password of at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise ValueError(f"Choose a password of at most {LONGEST} characters.")
    if is_pattern(password):
        raise ValueError("This password is a pattern, which is tried first. Choose another one.")
    if is_leaked(password):
        raise ValueError(
            "This password is known from a leak, and is tried first. Choose another one."
        )
    if len(without_words(password, about)) < SHORTEST_REST:
        raise ValueError(
            "This password is mostly a word about you, your Organization or Astro. "
            "Choose another one, or add words that have nothing to do with them."
        )


def is_pattern(password: str) -> bool:
    """Whether it is few characters repeated, a row of the keyboard, or the alphabet."""
    small = password.lower()
    if len(set(small)) < FEWEST_CHARACTERS or small in (small + small)[1:-1]:
        return True
    pairs = [small[at : at + 2] for at in range(len(small) - 1)]
    return sum(pair in _neighbours() for pair in pairs) > MOST_NEIGHBOURS * len(pairs)


def without_words(password: str, about: Iterable[str]) -> str:
    words = {word for text in about for word in re.findall(r"[^\W_]+", text.lower())}
    known = {word for word in words if len(word) >= SHORTEST_WORD} | set(OUR_WORDS)
    pattern = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    return re.sub(pattern, "", password.lower())


def is_leaked(password: str) -> bool:
    """Whether the list beside this module holds it, in whatever case.

    It holds, as digests, the 44,021 passwords of twelve characters and more that are among the
    million most common of Mark Burnett's ten million (leaks until 2015, public domain) or among
    the 20,000 that Django refuses. Nobody is asked: no part of a password leaves this process.
    """
    listed, wanted = leaked(), digest(password)
    at = bisect_left(range(len(listed) // WIDTH), wanted, key=lambda n: _nth(listed, n))
    return _nth(listed, at) == wanted


def digest(password: str) -> bytes:
    return hashlib.sha256(password.lower().encode("utf-8", "surrogatepass")).digest()[:WIDTH]


def packed(passwords: Iterable[str]) -> bytes:
    """The list as it is kept: sorted digests, without those that are too short to be chosen."""
    return b"".join(sorted({digest(each) for each in passwords if len(each) >= SHORTEST}))


@cache
def leaked() -> bytes:
    return LIST.read_bytes()


def _nth(listed: bytes, number: int) -> bytes:
    return listed[number * WIDTH : (number + 1) * WIDTH]


@cache
def _neighbours() -> frozenset[str]:
    """Two characters that follow each other on a row, either way, or are the same."""
    forward = {row[at : at + 2] for row in ROWS for at in range(len(row) - 1)}
    return frozenset(
        forward | {pair[::-1] for pair in forward} | {each * 2 for row in ROWS for each in row}
    )

"""Reads what a mail server sends back: a delivery status notification, RFC 3464."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

MOST = 500
"""Characters of an explanation that are kept."""
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    recipients: tuple[str, ...]
    """The addresses that the report itself was sent to, as its headers name them."""
    failure: str
    """Why the mail will not arrive; empty when the report says no such thing."""


def read(raw: bytes) -> Report:
    """Of any bytes: what is no report, or cannot be read, tells of no failure."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return Report(_recipients(message), _failure(message))
    except Exception:
        # The parser of the standard library raises many things at what spammers write.
        return Report((), "")


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To"):
        for value in message.get_all(name, []):
            found += re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", str(value))
    return tuple(dict.fromkeys(found))


def _failure(message: EmailMessage) -> str:
    """Only `failed` counts: who is told `delayed`, `relayed` or `delivered` goes on waiting.

    It does so whatever the status: 4.4.7 with `failed` is a server that tried for days and gave up.
    """
    if message.get_content_type() != "multipart/report":
        return ""
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return ""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                if isinstance(block, Message) and _field(block, "Action").lower() == "failed":
                    return _explanation(block)
    return ""


def _explanation(block: Message) -> str:
    """Status and words, such as `5.1.1 550 No such user here`."""
    status = _field(block, "Status").split(" ")[0]
    words = _field(block, "Diagnostic-Code").rpartition(";")[2].strip()
    known = status if STATUS.fullmatch(status) else "5.0.0"
    return re.sub(r"[^\x20-\x7e]+", " ", f"{known} {words}").strip()[:MOST]


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())

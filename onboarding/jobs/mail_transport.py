"""Hands one mail to the mail server, or to a provider's API, and says what came of it.

What matters is whether the other side may have the mail: a `no` may be tried again as often as one
likes, but silence after the text has gone out (RFC 1047) may mean that it arrived.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

PATIENCE = 6
"""Times `EMAIL_TIMEOUT` that a server has to answer once it has the text: it may look for viruses."""
GO_ON = 354
"""The only answer after which a client sends the text (RFC 5321, 4.3.2)."""
NOT_ABOUT_THE_MAIL = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
)
"""Whatever their number: the server takes no mail just now, or our password is to be put right."""
OURS = (401, 403, 429)
"""A provider's answers that are about us, or about now, and not about the mail."""


TAKEN = {"sent", "queued"}
"""Of a provider's words for a recipient, as django-anymail tells them, those that are a yes."""


class Outcome(Enum):
    ACCEPTED = "accepted"
    LATER = "later"
    """Not accepted, and that may change."""
    REFUSED = "refused"
    """Not accepted, for good."""
    UNKNOWN = "unknown"
    """The text went out, and no answer came."""


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    said: str


BeforeText = Callable[[], None]
"""Called when the next bytes are the mail itself. What it raises keeps them from going out."""


def hand_over(message: EmailMultiAlternatives, before_text: BeforeText) -> Answer:
    """Raises what `before_text` raises, and nothing of a server's or a provider's."""
    connection = get_connection()
    if isinstance(connection, EmailBackend):
        return _by_smtp(message, _Smtp(before_text))
    before_text()
    return _by_api(message, connection)


class _Smtp(EmailBackend):
    """Django's, with the moment known at which the text goes out."""

    def __init__(self, before_text: BeforeText) -> None:
        super().__init__()
        self.before_text = before_text
        self.text_is_out = False

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        backend, plain = self, super().connection_class  # type: ignore[misc]  # Django's has no type

        class Watched(plain):  # type: ignore[misc, valid-type]
            def getreply(self) -> tuple[int, bytes]:
                code, reply = super().getreply()
                if code == GO_ON:
                    try:
                        backend.before_text()
                    except BaseException:
                        self.close()  # without QUIT, which the server would take for text
                        raise
                    backend.text_is_out = True
                    _wait_at_most(self, (settings.EMAIL_TIMEOUT or 10) * PATIENCE)
                return code, reply

        return Watched


def _by_smtp(message: EmailMultiAlternatives, backend: _Smtp) -> Answer:
    try:
        backend.open()
        backend._send(message)  # type: ignore[attr-defined]
    except Exception as error:
        answer = _smtp_error(error, text_is_out=backend.text_is_out)
        if answer is None:
            raise
        return answer
    else:
        return Answer(Outcome.ACCEPTED, "250")
    finally:
        _close(backend)


def _smtp_error(error: Exception, *, text_is_out: bool) -> Answer | None:
    """None for what is not about mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _coded(*next(iter(error.recipients.values())))
    if isinstance(error, NOT_ABOUT_THE_MAIL):
        return Answer(Outcome.LATER, _line(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _coded(error.smtp_code, error.smtp_error)
    if isinstance(error, (OSError, smtplib.SMTPException)):
        outcome = Outcome.UNKNOWN if text_is_out else Outcome.LATER
        return Answer(outcome, type(error).__name__)
    if isinstance(error, (UnicodeError, ValueError)):
        return Answer(Outcome.REFUSED, "The address cannot be used in a mail.")
    return None


def _coded(code: int, reply: bytes | str) -> Answer:
    return Answer(Outcome.REFUSED if code >= 500 else Outcome.LATER, _line(code, reply))


def _line(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"[:500]


def _wait_at_most(connection: Any, seconds: float) -> None:
    if connection is not None and connection.sock is not None:
        connection.sock.settimeout(seconds)


def _close(backend: EmailBackend) -> None:
    """What a server says or does not say to QUIT changes nothing."""
    try:
        _wait_at_most(backend.connection, 1)
        backend.close()
    except (OSError, smtplib.SMTPException):
        backend.connection = None


def _by_api(message: EmailMultiAlternatives, connection: Any) -> Answer:
    try:
        connection.send_messages([message])
    except AnymailRecipientsRefused:
        return Answer(Outcome.REFUSED, "The provider refuses this address.")
    except AnymailAPIError as error:
        return _api_error(error)
    except (UnicodeError, ValueError):
        return Answer(Outcome.REFUSED, "The address cannot be used in a mail.")
    return _taken(message)


def _taken(message: EmailMultiAlternatives) -> Answer:
    """What the provider says of the one recipient. Only a plain yes counts as one."""
    status = getattr(message, "anymail_status", None)
    words = set(status.status or ()) if status else TAKEN
    if words and words <= TAKEN:
        return Answer(Outcome.ACCEPTED, "250")
    outcome = Outcome.LATER if words == {"failed"} else Outcome.UNKNOWN
    return Answer(outcome, f"The provider answered: {', '.join(sorted(words))}.")


def _api_error(error: AnymailAPIError) -> Answer:
    status = _status(error)
    if status is None:
        cause = error.__cause__
        outcome = Outcome.LATER if _never_arrived(cause) else Outcome.UNKNOWN
        return Answer(outcome, type(cause or error).__name__)
    if 400 <= status < 500 and status not in OURS:
        return Answer(Outcome.REFUSED, f"The provider answered {status}.")
    outcome = Outcome.UNKNOWN if status < 300 else Outcome.LATER
    return Answer(outcome, f"The provider answered {status}.")


def _status(error: AnymailAPIError) -> int | None:
    """Of the HTTP answer; that of Amazon SES stands in the cause."""
    if error.status_code is not None:
        return int(error.status_code)
    told = getattr(error.__cause__, "response", None)
    return told["ResponseMetadata"].get("HTTPStatusCode") if isinstance(told, dict) else None


def _never_arrived(cause: BaseException | None) -> bool:
    """Whether the request cannot have reached the provider."""
    if isinstance(cause, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    return "NewConnectionError" in repr(cause)

"""The log, one JSON object a line, without the secrets in links and what follows a question mark.

Invitations, hand-overs, password resets and confirmations carry their secret in the path. Whoever
reads the log shall not be able to use one (ASVS 5.0, 16.2.5).
"""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SECRET = re.compile(
    rf"(?<=/)(?!{_UUID}/)[\w.:=-]{{20,}}(?=/)"
    # Without the slash behind it too: that is how the redirect to the whole address is logged.
    r"|(?<=/handover/)[\w-]{20,}",
    re.ASCII,
)
_QUERY = re.compile(r"\?\S*")
SAYS_ADDRESS = ("request", "event")
"""The request as django-structlog has it, and Django's own “Not Found: /…”."""


def without_link_secrets(
    logger: object, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor. IDs of rows stay: they open nothing by themselves."""
    for name in SAYS_ADDRESS:
        said = line.get(name)
        if isinstance(said, str) and "/" in said:
            line[name] = _QUERY.sub("?…", _SECRET.sub("…", said))
    return line


BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]


def configured(level: str) -> dict[str, Any]:
    """Django's LOGGING: one JSON object a line, from structlog and from everybody else."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            *BEFORE[1:],
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    json = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_link_secrets,
            structlog.processors.JSONRenderer(),
        ],
        "foreign_pre_chain": BEFORE,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": json},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
    }

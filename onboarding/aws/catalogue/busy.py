"""What may work later: AWS is busy, in trouble, slow, or its answer was lost on the way."""

from onboarding.aws.catalogue.entry import Entry
from onboarding.aws.check import Turn

_KIND = ("Unavailable",)
_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "TooManyRequestsException",
    "SlowDown",
    "PriorRequestNotComplete",
)
_LOST = (
    "ReadTimeoutError",
    "ConnectionClosedError",
    "ResponseStreamingError",
    "HTTPClientError",
    "ResponseParserError",
    "RequestTimeout",
    "RequestTimeoutException",
)
_CHANGED_MEANWHILE = (
    "ConcurrentModification",
    "ConcurrentModificationException",
    "OperationInProgressException",
    "OperationAborted",
)
NOTHING_TWICE = "What is there already is found and kept; nothing is made twice."

ENTRIES = (
    Entry(
        kinds=_KIND,
        codes=_THROTTLED,
        causes=(
            "AWS takes only so many calls a second, and other programs in account {account} make "
            "calls of {service} too.",
        ),
        steps=("{wait}",),
    ),
    Entry(
        kinds=_KIND,
        codes=_CHANGED_MEANWHILE,
        causes=("Somebody or something else was changing the same thing at the same moment.",),
        steps=("{wait}",),
    ),
    Entry(
        kinds=_KIND,
        codes=_LOST,
        writes=True,
        causes=(
            "AWS's answer to {action} did not reach us. It may have been done.",
            "AWS was slow, or the connection broke after the call was sent.",
        ),
        steps=(NOTHING_TWICE, "{wait}"),
    ),
    Entry(
        kinds=_KIND,
        codes=_LOST,
        causes=("AWS did not answer {action} in time, or the connection broke.",),
        steps=("{wait}",),
    ),
    Entry(
        kinds=_KIND,
        writes=True,
        causes=(
            "AWS had trouble of its own with {action}. It may have been done all the same.",
            "The AWS Health Dashboard says more when the trouble lasts.",
        ),
        steps=(NOTHING_TWICE, "{wait}"),
        turn=Turn.AWS,
    ),
    Entry(
        kinds=_KIND,
        causes=(
            "AWS is busy or has trouble of its own.",
            "The AWS Health Dashboard says more when the trouble lasts.",
        ),
        steps=("{wait}",),
    ),
)

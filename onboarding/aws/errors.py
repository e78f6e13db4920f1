"""Where foreign exceptions stop: every failure of an AWS call leaves as one of a small family.

Two questions decide what a caller does: is it worth a retry, and whose turn is it?
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.error_codes import (
    CLOCK_CODES,
    CUSTOMERS_LIMIT_CODES,
    DENIED_CODES,
    EXPIRED_CODES,
    INVALID_CREDENTIAL_CODES,
    REGION_OFF_CODES,
    REGION_OFF_IN_OPT_IN_REGIONS,
    REGION_OFF_WITH_VALID_CREDENTIALS,
    UNAVAILABLE_CODES,
)
from onboarding.facts.regions import regions

LONGEST_MESSAGE = 600
HIDDEN = "…"


class Layer(StrEnum):
    """Which kind of policy said no, as far as AWS tells."""

    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SCP = "service control policy"
    RCP = "resource control policy"
    SESSION = "session policy"
    ENDPOINT = "VPC endpoint policy"
    TRUST = "trust policy"
    RESOURCE = "resource policy"
    EXPLICIT_DENY = "explicit deny"
    """AWS says that a policy denies, and not which kind."""
    UNKNOWN = "unknown"


class AwsError(Exception):
    """An AWS call that did not succeed. The text holds nothing credential-like."""

    retryable = False
    whose = Turn.SUPPORT
    identity = Identity.ROLE
    """As whom the call was made."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        action: str = "",
        account_id: str = "",
        region: str = "",
        request_id: str = "",
        identity: Identity | None = None,
    ) -> None:
        super().__init__(f"{action or 'AWS'}: {message}")
        self.message = message
        self.code = code or type(self).__name__
        self.identity = identity or self.identity
        self.action = action
        self.account_id = account_id
        self.region = region
        self.request_id = request_id
        self.about = ""
        """What was asked about where the action does not tell: a quota's code."""
        self.done: tuple[str, ...] = ()
        """What a job of several calls had done before this one stopped it."""


class Denied(AwsError):
    """AWS understood who asked and said no."""

    whose = Turn.CUSTOMER

    @property
    def layer(self) -> Layer:
        return denying_layer(self.message)

    @property
    def is_explicit(self) -> bool:
        """Whether a policy says Deny; else none says Allow, as far as AWS tells."""
        return "explicit deny" in self.message.lower()

    @property
    def policy(self) -> str:
        """The ARN of the policy that denies, which AWS names within an account or Organization."""
        found = _DENYING_POLICY.search(self.message)
        return found[1] if found else ""


class Unavailable(AwsError):
    """Throttled, a server error at AWS, a time-out, no connection: it may work later."""

    retryable = True
    whose = Turn.AWS


class Expired(AwsError):
    """Temporary credentials that have expired, or that AWS does not know."""

    whose = Turn.CUSTOMER


class RegionOff(AwsError):
    """An opt-in Region that the account has not turned on."""

    whose = Turn.CUSTOMER


class Misconfigured(AwsError):
    """The portal's own AWS set-up is at fault: its credentials, permissions, endpoint or clock."""


class Refused(AwsError):
    """Any other refusal, with AWS's code: EntityAlreadyExists, LimitExceeded, NoSuchEntity, …"""


class OwnAccount(AwsError, ValueError):
    """Astro's own control-plane account was given as a customer's. Nothing was asked of AWS."""

    whose = Turn.CUSTOMER


class NotReported(AwsError):
    """A pre-flight report does not hold this answer. Nothing was asked of AWS."""

    whose = Turn.CUSTOMER
    identity = Identity.REPORTED


_CREDENTIAL_LIKE = re.compile(
    r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}"  # access key ids
    r"|astro-[a-z2-7]{32}"  # external IDs
    # A long ARN looks like a secret and says what the customer must know. Its parts are names.
    r"|(?P<arn>arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[\w.@*-]{1,128}(?:[/:][\w.@*-]{1,128})*)"
    # Secrets, session tokens, encoded authorization messages: long, and of both letter cases.
    r"|(?=[a-z0-9+/=_-]*[A-Z])(?=[A-Z0-9+/=_-]*[a-z])[A-Za-z0-9+/=_-]{40,}",
    re.ASCII,
)
_IN_ARN = re.compile(r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}|astro-[a-z2-7]{32}")
_DENYING_POLICY = re.compile(
    r"explicit deny in an? [a-z -]+: (arn:[^\s,;]*[^\s,;.])", re.IGNORECASE
)
_LAYERS = (
    ("service control policy", Layer.SCP),
    ("resource control policy", Layer.RCP),
    ("permissions boundary", Layer.BOUNDARY),
    ("session policy", Layer.SESSION),
    ("vpc endpoint policy", Layer.ENDPOINT),
    ("trust policy", Layer.TRUST),
    ("resource-based policy", Layer.RESOURCE),
    ("identity-based policy", Layer.IDENTITY),
    ("explicit deny", Layer.EXPLICIT_DENY),
)


def denying_layer(message: str) -> Layer:
    """The layer AWS names: `because no <type> allows …` or `with an explicit deny in a <type>`.

    Source: IAM User Guide, "Troubleshoot access denied error messages". Across accounts AWS often
    names none, and of several layers that deny it names one.
    """
    text = message.lower()
    return next((layer for words, layer in _LAYERS if words in text), Layer.UNKNOWN)


def without_credentials(text: str) -> str:
    """AWS's text, safe to show and to log: nothing key-like, one line, 600 characters at most."""
    shown = _CREDENTIAL_LIKE.sub(_hidden, " ".join(text.split()))
    return shown if len(shown) <= LONGEST_MESSAGE else shown[: LONGEST_MESSAGE - 1] + HIDDEN


def _hidden(found: re.Match[str]) -> str:
    return _IN_ARN.sub(HIDDEN, found["arn"]) if found["arn"] else HIDDEN


def translate(
    exc: Exception,
    *,
    service: str,
    action: str,
    account_id: str,
    region: str,
    identity: Identity = Identity.ROLE,
) -> AwsError:
    """The member of the family that `exc` is.

    `service` and `action` are IAM's: "sts" and "AssumeRole". `identity` says whose credentials
    signed the call: what is wrong with the portal's own is never the customer's turn.
    """
    place = {"action": f"{service}:{action}", "account_id": account_id, "region": region}
    if isinstance(exc, AwsError):
        return exc
    if isinstance(exc, ClientError):
        return _from_answer(exc, identity=identity, place=place)
    kind = _kind_without_answer(exc)
    error = kind(without_credentials(str(exc)), code=type(exc).__name__, identity=identity, **place)
    if isinstance(exc, NoConnection):
        error.whose = Turn.SUPPORT  # nothing reached AWS: the network is ours
    return error


@contextmanager
def translated(
    *,
    service: str,
    action: str,
    account_id: str,
    region: str,
    identity: Identity = Identity.ROLE,
) -> Iterator[None]:
    """Let every botocore failure of the block leave as an `AwsError`."""
    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as exc:
        # The original is not chained: its text may quote a signed request.
        raise translate(
            exc,
            service=service,
            action=action,
            account_id=account_id,
            region=region,
            identity=identity,
        ) from None


def _kind_without_answer(exc: Exception) -> type[AwsError]:
    if isinstance(exc, NoConnection | HTTPClientError | ResponseParserError):
        return Unavailable
    return Misconfigured


def _from_answer(exc: ClientError, *, identity: Identity, place: dict[str, str]) -> AwsError:
    own = identity is Identity.PORTAL
    answer: dict[str, Any] = dict(exc.response)
    error = answer.get("Error", {})
    code = str(error.get("Code", "")).removeprefix("Client.")
    meta = answer.get("ResponseMetadata", {})
    message = without_credentials(str(error.get("Message", ""))) or code
    kind = _kind(code, int(meta.get("HTTPStatusCode", 0)), own=own, region=place["region"])
    if kind is Denied and own and denying_layer(message) in _OURS_WHEN_OWN:
        kind = Misconfigured
    request_id = str(meta.get("RequestId", ""))
    found = kind(message, code=code, request_id=request_id, identity=identity, **place)
    if code in CUSTOMERS_LIMIT_CODES:
        found.whose = Turn.CUSTOMER
    return found


# A denial by one of these, of a call signed with our own credentials, is about our own account.
_OURS_WHEN_OWN = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP})


def _kind(code: str, status: int, *, own: bool, region: str) -> type[AwsError]:
    if code in DENIED_CODES:
        return Denied
    if code in REGION_OFF_CODES or (code in REGION_OFF_IN_OPT_IN_REGIONS and _is_opt_in(region)):
        return RegionOff
    if code in UNAVAILABLE_CODES or status >= 500 or status == 429:
        return Unavailable
    if code in EXPIRED_CODES | INVALID_CREDENTIAL_CODES | CLOCK_CODES:
        return _kind_of_bad_credentials(code, own=own, region=region)
    return Refused


def _kind_of_bad_credentials(code: str, *, own: bool, region: str) -> type[AwsError]:
    if own or code in CLOCK_CODES:
        return Misconfigured
    if code in REGION_OFF_WITH_VALID_CREDENTIALS and _is_opt_in(region):
        return RegionOff
    return Expired


def _is_opt_in(region: str) -> bool:
    known = regions().get(region)
    return bool(known and known.opt_in)

"""What a check is, what it is told, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onboarding.aws.account import Account


class Status(StrEnum):
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    COULD_NOT_CHECK = "could_not_check"
    WAITING = "waiting"


class Turn(StrEnum):
    """Who has to act next."""

    NOBODY = "nobody"
    CUSTOMER = "customer"
    AWS = "aws"
    SUPPORT = "support"


class OfferKind(StrEnum):
    """What the portal can do about a finding when the customer says so."""

    ANSWER = "answer"
    """Change an answer: `field`, `value`."""
    ASK_QUOTA = "ask_quota"
    """Ask AWS for a higher quota: `service`, `code`, `desired`."""
    ENABLE_REGION = "enable_region"
    """Turn an opt-in Region on: `region`."""


@dataclass(frozen=True)
class Offer:
    """A fix that one click carries out. `label` is the words on the button."""

    kind: OfferKind
    label: str
    data: dict[str, Any] = field(default_factory=dict)


def enable_region(region: str) -> Offer:
    return Offer(OfferKind.ENABLE_REGION, f"Turn {region} on", {"region": region})


@dataclass(frozen=True)
class Fix:
    """How to put it right: sentences in order, a command to copy, a deep link into the AWS console,
    and what one click can do.
    """

    steps: tuple[str, ...] = ()
    command: str = ""
    link: str = ""
    link_label: str = ""
    offer: Offer | None = None


@dataclass(frozen=True)
class Report:
    """A call that AWS did not carry out: what was tried, what AWS said, and why that may be.

    Holds nothing credential-like and no external ID.
    """

    action: str
    """`service:Action`."""
    account_id: str
    region: str
    code: str
    """AWS's error code, or the kind of failure where AWS gave no answer."""
    request_id: str
    said: str
    """AWS's own text."""
    layer: str = ""
    """Which kind of policy denied, where AWS tells."""
    causes: tuple[str, ...] = ()
    """The likely causes, likeliest first, a sentence each."""
    identity: str = ""
    """As whom it was tried: `portal`, `role` or `pasted`."""
    command: str = ""
    """What tells more of the cause, where a command does."""


@dataclass(frozen=True)
class Finding:
    """What one check found, in the words the customer reads."""

    status: Status
    saw: str
    needed: str = ""
    cause: str = ""
    turn: Turn = Turn.NOBODY
    fix: Fix = field(default_factory=Fix)
    request_ids: tuple[str, ...] = ()
    report: Report | None = None
    """Of the call that failed, where one did."""

    def with_request_ids(self, request_ids: tuple[str, ...]) -> "Finding":
        return replace(self, request_ids=request_ids)


@dataclass(frozen=True)
class PeerWish:
    vpc: str
    account_id: str
    region: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """The answers a check may rely on. Field names are those of the installation."""

    aws_account_id: str
    region: str
    node_type: str
    max_nodes: int
    cluster_name: str = ""
    astro_cidr: str = ""
    peers: tuple[PeerWish, ...] = ()


@dataclass(frozen=True)
class Check:
    """One question asked of the customer's account.

    `relies_on` names the fields of `Wish` whose change makes the result stale.
    """

    code: str
    title: str
    blocking: bool
    relies_on: tuple[str, ...]
    run: "Callable[[Account, Wish], Finding]"
    subject: str = ""
    """The title with the answers it is about, such as `{node_type} is offered in {region}`."""
    look_up: Callable[[Wish], Fix] | None = None
    """Command and link with which a person sees what the check could not."""

    def titled(self, wish: Wish) -> str:
        """What the customer reads: the title, about their own answers."""
        return self.subject.format_map(vars(wish)) if self.subject else self.title

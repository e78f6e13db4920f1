"""What a check is, what it is told, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

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


@dataclass(frozen=True)
class Fix:
    """How to put it right: sentences in order, a command to copy, a deep link into the AWS console."""

    steps: tuple[str, ...] = ()
    command: str = ""
    link: str = ""
    link_label: str = ""


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

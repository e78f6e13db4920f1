"""One part of what watches the role: what stands there, what is wanted, how it is made."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, ClassVar

from onboarding.aws.account import Account
from onboarding.aws.actions.existing import canonical
from onboarding.aws.actions.iam import Iam
from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError, Refused
from onboarding.facts import CONSOLE_REGION


@dataclass(frozen=True)
class MonitoringSpec:
    """What is to stand in us-east-1 of the account. Dictionaries are as the API takes them."""

    name: str
    """Of trail, log group, filter, alarm and topic."""
    log_role: str
    log_role_policy_name: str
    log_role_trust: dict[str, Any]
    log_role_policy: dict[str, Any]
    bucket: str
    bucket_policy: dict[str, Any]
    block_public: dict[str, bool]
    retention_days: int
    trail: dict[str, Any]
    event_selector: dict[str, Any]
    pattern: str
    transformation: dict[str, Any]
    alarm: dict[str, Any]
    topic_arn: str
    tags: dict[str, str]
    log_group: str = ""
    """Of a trail the customer has; empty to make a trail."""
    email: str = ""
    """Who is told; nobody yet when it is empty."""


class MonitoringDiffers(AwsError):
    """Something of that name exists and is not as wanted. It was left as it is."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED

    def __init__(self, part: "Part", diff_lines: tuple[str, ...]) -> None:
        super().__init__(
            f"The {part.kind} {part.name} exists and is not as the alarm needs it. "
            "It was left as it is.",
            code="AlreadyDifferent",
            action=part.action,
            account_id=part.account.account_id,
            region=CONSOLE_REGION,
        )
        self.diff_lines = diff_lines
        """Lines with - are in the account, those with + are wanted."""


class Part(ABC):
    kind: ClassVar[str]
    action: ClassVar[str]
    """What makes it, as IAM names it."""

    def __init__(self, account: Account, iam: Iam, spec: MonitoringSpec) -> None:
        self.account = account
        self.iam = iam
        self.spec = spec

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def wanted(self) -> Any:
        """What it must say; None when it is enough that it stands there.

        What a customer may well choose otherwise is not compared: how long logs are kept, tags, who
        else is told, with which key the bucket is encrypted.
        """
        return None

    @abstractmethod
    def found(self) -> Any:
        """What stands there, in the form of `wanted`; None when nothing does."""

    @abstractmethod
    def make(self) -> None:
        """Make it; it does not stand there yet."""

    def look(self) -> bool:
        """Whether it stands there. Raises `MonitoringDiffers` when it is not as wanted."""
        found, wanted = self.found(), self.wanted
        if found is None or wanted is None or canonical(found) == canonical(wanted):
            return found is not None
        raise MonitoringDiffers(self, _difference(found, wanted))

    def ask(self, service: str, method: str, **params: Any) -> Any:
        return self.account.ask(service, method, **params)

    def ask_for(self, service: str, method: str, *missing: str, **params: Any) -> dict[str, Any]:
        """The answer; an empty one when AWS answers with one of the codes `missing`."""
        try:
            answer: dict[str, Any] = self.account.ask(service, method, **params)
        except Refused as error:
            if error.code not in missing:
                raise
            return {}
        return answer


def _difference(found: Any, wanted: Any) -> tuple[str, ...]:
    before, after = (
        json.dumps(canonical(one), indent=2, default=str).splitlines() for one in (found, wanted)
    )
    lines = unified_diff(before, after, lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))

"""AWS Organizations as a member account sees it, and the service control policies over it.

Source: Organizations API reference, DescribeOrganization; Organizations user guide, "Service
control policies (SCPs)" and "Strategies for using SCPs".
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from portal.demo.simulator.conditions import as_list
from portal.demo.simulator.evaluate import Document
from portal.demo.simulator.wire import Call, Fault

MANAGEMENT_ACCOUNT = "111122223333"
"""Whose organization it is, when nobody says."""

FULL_ACCESS: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
"""`FullAWSAccess`, which AWS attaches to every account."""


def deny(*actions: str) -> Document:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": list(actions), "Resource": "*"}],
    }


class Organizations:
    """By default no account is a member of an organization."""

    def __init__(self) -> None:
        self._management: dict[str, str] = {}
        self._documents: dict[str, tuple[Document, ...]] = {}

    def join(self, account_id: str, management_account: str = "") -> None:
        """The knob. An account is its own management account when it is named so."""
        self._management[account_id] = management_account or MANAGEMENT_ACCOUNT

    def leave(self, account_id: str) -> None:
        """The knob. Service control policies end with the membership."""
        self._management.pop(account_id, None)
        self._documents.pop(account_id, None)

    def control(self, account_id: str, documents: Sequence[Document]) -> None:
        """The knob: the account's service control policies; none takes them away.

        Where they only deny (the strategy of a deny list), `FullAWSAccess` stays attached beside
        them. As soon as one allows something (an allow list), nothing but that is allowed.
        Raises ValueError for what is no policy.
        """
        if not all(isinstance(one, Mapping) and one.get("Statement") for one in documents):
            raise ValueError("a service control policy is an object with a Statement")
        if not documents:
            self._documents.pop(account_id, None)
            return
        beside = () if any(map(_allows, documents)) else (FULL_ACCESS,)
        if account_id not in self._management:
            self.join(account_id)
        self._documents[account_id] = (*beside, *documents)

    def is_member(self, account_id: str) -> bool:
        return account_id in self._management

    def documents(self, account_id: str) -> tuple[Document, ...]:
        """What limits the account. The management account is never limited."""
        if self._management.get(account_id) == account_id:
            return ()
        return self._documents.get(account_id, ())

    def answer(self, account_id: str, call: Call) -> dict[str, Any] | None:
        """DescribeOrganization; None for another call."""
        if call.action != "DescribeOrganization":
            return None
        if account_id not in self._management:
            raise Fault(
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization.",
            )
        return {"Organization": _described(self._management[account_id])}


def _allows(document: Document) -> bool:
    return any(one.get("Effect") == "Allow" for one in as_list(document["Statement"]))


def _described(management: str) -> dict[str, Any]:
    identifier = "o-" + hashlib.sha256(management.encode()).hexdigest()[:10]
    arn = f"arn:aws:organizations::{management}"
    return {
        "Id": identifier,
        "Arn": f"{arn}:organization/{identifier}",
        "FeatureSet": "ALL",
        "MasterAccountArn": f"{arn}:account/{identifier}/{management}",
        "MasterAccountId": management,
        "MasterAccountEmail": "aws@example.com",
        "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
    }

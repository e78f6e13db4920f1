"""May this caller make this call? Service control policies, identity policies, permissions
boundary, session policy.

Source: IAM User Guide, "Policy evaluation logic" and "Troubleshoot access denied error messages".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.demo.simulator import wire
from portal.demo.simulator.callers import Caller, Kind
from portal.demo.simulator.conditions import Context
from portal.demo.simulator.evaluate import Document, Question, Verdict, evaluate
from portal.demo.simulator.grants import Grants
from portal.demo.simulator.organizations import Organizations
from portal.demo.simulator.resources import action_of, resource_of

_FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetAccessKeyInfo"})
"""Calls that need no permission and that no policy can deny."""

_PRINCIPAL_TYPES = {Kind.USER: "User", Kind.LOGIN: "User", Kind.FEDERATED: "FederatedUser"}


@dataclass(frozen=True)
class Layer:
    """Policies of one kind. Every layer must allow, and none may deny."""

    name: str
    documents: Iterable[Document]


class Authority:
    def __init__(self, organizations: Organizations, grants: Grants) -> None:
        self._organizations = organizations
        self._grants = grants

    def require(self, caller: Caller, call: wire.Call, now: datetime) -> None:
        """Raises AccessDenied in AWS's words. AssumeRole is judged with the trust policy, not
        here."""
        if call.name in _FREE or call.name == "sts:AssumeRole":
            return
        layers = self._layers(caller, now)
        if not layers:
            return
        question = Question(
            caller.principal,
            action_of(call),
            resource_of(caller.account_id, call),
            context(caller, call, now),
        )
        reason = refusal(layers, question)
        if reason:
            raise wire.denied(call, f"{wording(caller, question, _spoken(call))} {reason}")

    def refusal(self, caller: Caller, question: Question, now: datetime) -> str:
        """Why the caller's own policies do not allow it; an empty text when they do."""
        return refusal(self._layers(caller, now), question)

    def _layers(self, caller: Caller, now: datetime) -> list[Layer]:
        """What limits this caller. Administrators and the vendor's user may do everything that
        their organization lets them."""
        layers = []
        over = self._organizations.documents(caller.account_id)
        if over:
            layers.append(Layer("service control policy", over))
        if caller.kind is not Kind.SESSION:
            return layers
        role_id = caller.user_id.partition(":")[0]
        granted = self._grants.in_force(caller.role_arn, role_id, now)
        layers.append(Layer("identity-based policy", granted.documents()))
        if granted.boundary:
            layers.append(Layer("permissions boundary", [granted.boundary.document]))
        if caller.session_policy is not None:
            layers.append(Layer("session policy", [caller.session_policy]))
        return layers


def refusal(layers: list[Layer], question: Question) -> str:
    """AWS names one layer: one that denies explicitly before one that only does not allow."""
    verdicts = [(layer.name, evaluate(layer.documents, question)) for layer in layers]
    for name, verdict in verdicts:
        if verdict is Verdict.DENIED:
            article = "an" if name.startswith("i") else "a"
            return f"with an explicit deny in {article} {name}"
    for name, verdict in verdicts:
        if verdict is Verdict.SILENT:
            return f"because no {name} allows the {question.action} action"
    return ""


def wording(caller: Caller, question: Question, resource: str) -> str:
    on = f" on resource: {resource}" if resource else ""
    return f"User: {caller.arn} is not authorized to perform: {question.action}{on}"


def _spoken(call: wire.Call) -> str:
    """IAM's messages name a role by its name and a policy by its ARN."""
    if call.service != "iam":
        return ""
    if call.text("PolicyArn") and not call.text("RoleName"):
        return f"policy {call.text('PolicyArn')}"
    return f"role {call.text('RoleName')}" if call.text("RoleName") else "*"


def context(caller: Caller, call: wire.Call, now: datetime) -> Context:
    """The condition keys that AWS puts into every request of this caller."""
    keys = {
        "aws:principalarn": caller.role_arn or caller.arn,
        "aws:principalaccount": caller.account_id,
        "aws:principaltype": _PRINCIPAL_TYPES.get(caller.kind, "AssumedRole"),
        "aws:userid": caller.user_id,
        "aws:requestedregion": call.region,
        "aws:currenttime": now.isoformat(),
        "aws:epochtime": str(int(now.timestamp())),
        "aws:sourceip": call.request.remote_addr or "127.0.0.1",
        # The loopback connection stands for AWS's, which takes nothing but TLS.
        "aws:securetransport": "true",
        "aws:principalisawsservice": "false",
        "aws:viaawsservice": "false",
        "aws:useragent": call.request.headers.get("User-Agent", ""),
    }
    if caller.kind is not Kind.USER:
        # Only temporary credentials carry the key; without MFA it says false.
        keys["aws:multifactorauthpresent"] = "false"
    if caller.kind in (Kind.USER, Kind.LOGIN):
        keys["aws:username"] = caller.arn.rpartition("/")[2]
    if call.service == "iam" and call.text("PolicyArn"):
        keys["iam:policyarn"] = call.text("PolicyArn")
    if call.service == "iam" and call.text("PermissionsBoundary"):
        keys["iam:permissionsboundary"] = call.text("PermissionsBoundary")
    if call.service == "account" and call.text("RegionName"):
        keys["account:targetregion"] = call.text("RegionName")
    return {name: (value,) for name, value in keys.items()}

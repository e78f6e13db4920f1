"""May this caller make this call? Identity policies, permissions boundary, session policy.

Source: IAM User Guide, "Policy evaluation logic" and "Troubleshoot access denied error messages".
"""

from datetime import datetime

from portal.demo.simulator import backends, wire
from portal.demo.simulator.callers import Caller, Kind
from portal.demo.simulator.conditions import Context
from portal.demo.simulator.evaluate import Document, Question, Verdict, evaluate

_FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetAccessKeyInfo"})
"""Calls that need no permission and that no policy can deny."""


def authorize(caller: Caller, call: wire.Call, now: datetime) -> None:
    """Raises AccessDenied in AWS's words. AssumeRole is judged with the trust policy, not here."""
    if caller.kind is not Kind.SESSION or call.name in _FREE or call.name == "sts:AssumeRole":
        return
    question = Question(
        caller.principal, call.name, resource_of(caller, call), context(caller, call, now)
    )
    reason = refusal(caller, question)
    if reason:
        raise wire.denied(call, f"{wording(caller, question, _spoken(call))} {reason}")


def refusal(caller: Caller, question: Question) -> str:
    """Why the caller's own policies do not allow it; an empty text when they do."""
    if caller.kind is not Kind.SESSION:
        return ""
    role = backends.role_at(caller.role_arn)
    policies, boundary = backends.permissions(role) if role else ([], [])
    layers: list[tuple[str, list[Document]]] = [("identity-based policy", policies)]
    if boundary:
        layers.append(("permissions boundary", boundary))
    if caller.session_policy is not None:
        layers.append(("session policy", [caller.session_policy]))
    verdicts = [(layer, evaluate(documents, question)) for layer, documents in layers]
    for layer, verdict in verdicts:
        if verdict is Verdict.DENIED:
            article = "an" if layer.startswith("i") else "a"
            return f"with an explicit deny in {article} {layer}"
    for layer, verdict in verdicts:
        if verdict is Verdict.SILENT:
            return f"because no {layer} allows the {question.action} action"
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


def resource_of(caller: Caller, call: wire.Call) -> str:
    """The ARN a call acts upon, where it is plain to see; else `*`."""
    account_id = caller.account_id
    if call.service == "iam":
        return _iam_resource(account_id, call)
    if call.service == "servicequotas" and call.text("QuotaCode"):
        quota = f"{call.text('ServiceCode')}/{call.text('QuotaCode')}"
        return f"arn:aws:servicequotas:{call.region}:{account_id}:{quota}"
    if call.service == "cloudformation" and call.text("StackName"):
        name = call.text("StackName")
        stack = f"arn:aws:cloudformation:{call.region}:{account_id}:stack/{name}/*"
        return name if name.startswith("arn:") else stack
    return "*"


def _iam_resource(account_id: str, call: wire.Call) -> str:
    if call.text("RoleName"):
        role = backends.roles(account_id).get(call.text("RoleName"))
        return role.arn if role else f"arn:aws:iam::{account_id}:role/{call.text('RoleName')}"
    if call.text("PolicyArn"):
        return call.text("PolicyArn")
    if call.text("PolicyName"):
        return f"arn:aws:iam::{account_id}:policy/{call.text('PolicyName')}"
    if call.text("UserName"):
        return f"arn:aws:iam::{account_id}:user/{call.text('UserName')}"
    return "*"


def context(caller: Caller, call: wire.Call, now: datetime) -> Context:
    """The condition keys that AWS puts into every request of this caller."""
    session = caller.kind is not Kind.USER
    keys = {
        "aws:principalarn": caller.role_arn or caller.arn,
        "aws:principalaccount": caller.account_id,
        "aws:principaltype": "AssumedRole" if session else "User",
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
    if session:
        # Only temporary credentials carry the key; without MFA it says false.
        keys["aws:multifactorauthpresent"] = "false"
    else:
        keys["aws:username"] = caller.arn.rpartition("/")[2]
    if call.service == "iam" and call.text("PolicyArn"):
        keys["iam:policyarn"] = call.text("PolicyArn")
    if call.service == "iam" and call.text("PermissionsBoundary"):
        keys["iam:permissionsboundary"] = call.text("PermissionsBoundary")
    return {name: (value,) for name, value in keys.items()}

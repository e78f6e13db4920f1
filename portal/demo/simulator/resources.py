"""Which IAM action a call needs, and which resource it acts upon.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS services".
"""

from collections.abc import Callable
from urllib.parse import unquote

from portal.demo.simulator import backends
from portal.demo.simulator.wire import Call

_ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
}
"""Where the action is not named as the call."""


def action_of(call: Call) -> str:
    return _ACTIONS.get(call.name, call.name)


def resource_of(account_id: str, call: Call) -> str:
    """The ARN a call acts upon, where it is plain to see; else `*`."""
    named = _NAMED.get(call.service)
    return (named(account_id, call) if named else "") or "*"


def _arn(account_id: str, call: Call, rest: str) -> str:
    service = {"monitoring": "cloudwatch"}.get(call.service, call.service)
    return f"arn:aws:{service}:{call.region}:{account_id}:{rest}"


def _own_or_named(account_id: str, call: Call, kind: str, name: str) -> str:
    """`name` may be an ARN already."""
    if not name:
        return ""
    return name if name.startswith("arn:") else _arn(account_id, call, kind + name)


def _iam(account_id: str, call: Call) -> str:
    own = f"arn:aws:iam::{account_id}"
    if call.text("PolicySourceArn"):
        return call.text("PolicySourceArn")
    if call.text("RoleName"):
        role = backends.roles(account_id).get(call.text("RoleName"))
        return role.arn if role else f"{own}:role/{call.text('RoleName')}"
    if call.text("PolicyArn"):
        return call.text("PolicyArn")
    if call.text("PolicyName"):
        return f"{own}:policy/{call.text('PolicyName')}"
    return f"{own}:user/{call.text('UserName')}" if call.text("UserName") else ""


def _quota(account_id: str, call: Call) -> str:
    code = call.text("QuotaCode")
    return _arn(account_id, call, f"{call.text('ServiceCode')}/{code}") if code else ""


def _stack(account_id: str, call: Call) -> str:
    name = call.text("StackName")
    if not name or name.startswith("arn:"):
        return name
    return _arn(account_id, call, f"stack/{name}/*")


def _cluster(account_id: str, call: Call) -> str:
    parts = call.request.path.strip("/").split("/")
    if parts[0] != "clusters" or len(parts) < 2:
        return ""
    return _arn(account_id, call, f"cluster/{unquote(parts[1])}")


def _database(account_id: str, call: Call) -> str:
    if "DBInstance" not in call.action:
        return ""
    return _arn(account_id, call, f"db:{call.text('DBInstanceIdentifier') or '*'}")


def _log_group(account_id: str, call: Call) -> str:
    name = call.text("logGroupName")
    return _arn(account_id, call, f"log-group:{name}") if name else ""


def _bucket(account_id: str, call: Call) -> str:
    name = unquote(call.request.path.strip("/"))
    return f"arn:aws:s3:::{name}" if name else ""


_NAMED: dict[str, Callable[[str, Call], str]] = {
    "iam": _iam,
    "servicequotas": _quota,
    "cloudformation": _stack,
    "eks": _cluster,
    "rds": _database,
    "logs": _log_group,
    "s3": _bucket,
    "cloudtrail": lambda account_id, call: _own_or_named(
        account_id, call, "trail/", call.text("TrailName", "Name")
    ),
    "sns": lambda account_id, call: _own_or_named(
        account_id, call, "", call.text("TopicArn", "Name")
    ),
    "monitoring": lambda account_id, call: _own_or_named(
        account_id, call, "alarm:", call.text("AlarmName")
    ),
}

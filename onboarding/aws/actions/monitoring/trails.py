"""Trails there are: does one write IAM's events to a log group?"""

from typing import Any

from onboarding.aws.account import Account
from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError
from onboarding.facts import CONSOLE_REGION


class NoTrail(AwsError):
    """No trail of the account writes what is to be watched where it is to be watched."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


def log_group_arn(account_id: str, log_group: str) -> str:
    """As CloudTrail names it."""
    return f"arn:aws:logs:{CONSOLE_REGION}:{account_id}:log-group:{log_group}:*"


def require_trail(account: Account, log_group: str) -> None:
    """Raise `NoTrail` unless a trail that is on writes changes of IAM to this log group.

    A filter on a log group that IAM's events never reach would be an alarm that never rings.
    """
    trails = account.ask("cloudtrail", "describe_trails")["trailList"]
    arn = log_group_arn(account.account_id, log_group)
    writing = [one for one in trails if one.get("CloudWatchLogsLogGroupArn") == arn]
    if not writing:
        raise _no_trail(
            account,
            f"No trail of this account writes to the log group {log_group} in {CONSOLE_REGION}.",
        )
    if not any(_records_iam(account, one) for one in writing):
        raise _no_trail(
            account,
            f"The trail {writing[0]['Name']} writes to the log group {log_group}, but not IAM's "
            "events. It must be on, include global service events and record write events.",
        )


def records_changes(account: Account, trail_arn: str) -> bool:
    """Whether the trail records calls that change something, and not reads alone.

    A trail without selectors records all management events (CloudTrail API reference,
    PutEventSelectors).
    """
    answer = account.ask("cloudtrail", "get_event_selectors", TrailName=trail_arn)
    basic, advanced = answer.get("EventSelectors", ()), answer.get("AdvancedEventSelectors", ())
    if not basic and not advanced:
        return True
    return any(
        one.get("IncludeManagementEvents") and one.get("ReadWriteType", "All") != "ReadOnly"
        for one in basic
    ) or any(selects_changes(one["FieldSelectors"]) for one in advanced)


def selects_changes(fields: list[dict[str, Any]]) -> bool:
    """Advanced selectors: those of management events that leave neither writes nor IAM out."""
    by_name = {one["Field"]: one for one in fields}
    category = by_name.get("eventCategory", {}).get("Equals", [])
    read_only = by_name.get("readOnly", {}).get("Equals", ["false"])
    return "Management" in category and "false" in read_only


def _records_iam(account: Account, trail: dict[str, Any]) -> bool:
    arn = trail["TrailARN"]
    return bool(
        trail.get("IncludeGlobalServiceEvents")
        and account.ask("cloudtrail", "get_trail_status", Name=arn)["IsLogging"]
        and records_changes(account, arn)
    )


def _no_trail(account: Account, message: str) -> NoTrail:
    return NoTrail(
        message,
        code="NoTrail",
        action="cloudtrail:DescribeTrails",
        account_id=account.account_id,
        region=account.region,
    )

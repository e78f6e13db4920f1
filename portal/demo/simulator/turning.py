"""What can be turned, and what turning it does. `control.py` lists the knobs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.demo.simulator import quota_answers
from portal.demo.simulator.conditions import as_list

if TYPE_CHECKING:
    from portal.demo.simulator.simulation import Simulation

One = Mapping[str, Any]

_FOR_THE_NEXT_CALLS = ("throttle", "fail", "lose", "hang", "expire")


def turn(aws: "Simulation", settings: dict[str, Any], now: datetime) -> None:
    """Raises ValueError, TypeError, KeyError or AttributeError for what makes no sense."""
    aws.knobs.turn(settings)
    aws.regions.seconds_to_change = float(
        settings.get("region_seconds", aws.regions.seconds_to_change)
    )
    if "quota_answers" in settings:
        aws.quotas.answers = quota_answers.read(settings["quota_answers"])
    for name, turned in _EACH.items():
        for one in as_list(settings.get(name, [])):
            turned(aws, one, now)


def lasting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is meant for the next calls and not for the next start."""
    return {name: value for name, value in settings.items() if name not in _FOR_THE_NEXT_CALLS}


def _account(aws: "Simulation", one: One) -> str:
    account_id = str(one["account"])
    if account_id not in aws.accounts:
        raise ValueError("no such account")
    return account_id


def _quota(aws: "Simulation", one: One, now: datetime) -> None:
    value = None if one["value"] is None else float(one["value"])
    aws.quotas.set_value(_account(aws, one), one["region"], one["code"], value)


def _quota_request(aws: "Simulation", one: One, now: datetime) -> None:
    where = _account(aws, one), one["region"], one["code"]
    aws.quotas.decide(*where, one["status"], one.get("granted"), now)


def _region(aws: "Simulation", one: One, now: datetime) -> None:
    aws.regions.set_status(_account(aws, one), one["region"], one["status"])


def _organization(aws: "Simulation", one: One, now: datetime) -> None:
    account_id = _account(aws, one)
    if one["member"]:
        aws.organizations.join(account_id, str(one.get("management_account") or ""))
    else:
        aws.organizations.leave(account_id)


def _scps(aws: "Simulation", one: One, now: datetime) -> None:
    aws.organizations.control(_account(aws, one), as_list(one["documents"]))


def _expire(aws: "Simulation", one: One, now: datetime) -> None:
    aws.callers.end_after(_account(aws, one), int(one["after_calls"]), now)


def shown(aws: "Simulation") -> dict[str, Any]:
    """The knobs that stand for everybody, as they stand."""
    answers = aws.quotas.answers
    return {
        **aws.knobs.shown(),
        "region_seconds": aws.regions.seconds_to_change,
        "quota_answers": answers.shown() if answers else None,
    }


_EACH: dict[str, Callable[["Simulation", One, datetime], None]] = {
    "quotas": _quota,
    "quota_requests": _quota_request,
    "regions": _region,
    "organizations": _organization,
    "scps": _scps,
    "expire": _expire,
}

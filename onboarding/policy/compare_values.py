"""The values of a condition, by what is compared: text, ARNs, numbers, times, addresses.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from onboarding.policy.compare_arns import arn_contained
from onboarding.policy.compare_globs import contained, disjoint, pattern


class Unclear(Exception):
    """What this is, or what it comes to, is not known: nothing is proved about it."""


@dataclass(frozen=True, eq=False)
class Family:
    """Values that can be compared with each other, whichever operator they stand under.

    Two families are two, though they compare alike.
    """

    within: Callable[[Any, Sequence[Any]], bool]
    """Whether all that one value stands for is among what several others stand for."""
    apart: Callable[[Any, Any], bool]
    """Whether nothing meets both."""


@dataclass(frozen=True)
class Operator:
    family: Family
    negated: bool
    parse: Callable[[str], Any]
    """Raises Unclear."""


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`; each end belongs to it or not."""

    low: Decimal
    high: Decimal
    with_low: bool
    with_high: bool


Network = IPv4Network | IPv6Network
_ENDLESS = Decimal("Infinity")


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        raise Unclear(f"“{text}” is not a number that can be compared")
    return Decimal(text)


def _time(text: str) -> Decimal:
    """Seconds since 1970. AWS takes them as they are, or as a date of ISO 8601."""
    if re.fullmatch(r"[0-9]{1,12}", text):
        return Decimal(text)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
        raise Unclear(f"“{text}” is not a time that can be compared")
    try:
        return Decimal(int(datetime.fromisoformat(text).astimezone(UTC).timestamp()))
    except ValueError:
        raise Unclear(f"“{text}” is not a time") from None


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise Unclear(f"“{text}” is not a range of addresses") from None


def _spans(parse: Callable[[str], Decimal]) -> dict[str, Callable[[str], Span]]:
    return {
        "Equals": lambda text: Span(parse(text), parse(text), True, True),
        "LessThan": lambda text: Span(-_ENDLESS, parse(text), False, False),
        "LessThanEquals": lambda text: Span(-_ENDLESS, parse(text), False, True),
        "GreaterThan": lambda text: Span(parse(text), _ENDLESS, False, False),
        "GreaterThanEquals": lambda text: Span(parse(text), _ENDLESS, True, False),
    }


def _span_within(one: Span, others: Sequence[Span]) -> bool:
    return any(
        (one.low > other.low or (one.low == other.low and other.with_low >= one.with_low))
        and (one.high < other.high or (one.high == other.high and other.with_high >= one.with_high))
        for other in others
    )


def _span_apart(one: Span, other: Span) -> bool:
    first, second = sorted((one, other), key=lambda span: (span.high, span.with_high))
    if first.high != second.low:
        return first.high < second.low
    return not (first.with_high and second.with_low)


def _network_within(one: Network, others: Sequence[Network]) -> bool:
    alike: Any = [other for other in others if other.version == one.version]
    return any(_holds(other, one) for other in collapse_addresses(alike))


def _holds(outer: Network, inner: Network) -> bool:
    return (
        outer.version == inner.version
        and int(outer.network_address) <= int(inner.network_address)
        and int(outer.broadcast_address) >= int(inner.broadcast_address)
    )


def _network_apart(one: Network, other: Network) -> bool:
    return not _holds(one, other) and not _holds(other, one)


def _any_case(text: str) -> Any:
    if not text.isascii():
        raise Unclear(f"whether “{text}” equals another is not certain without regard to case")
    return pattern(text, wild=False, ignore_case=True)


def _literal(text: str) -> Any:
    return pattern(text, wild=False)


_TEXT = Family(contained, disjoint)
_BOOL = Family(contained, disjoint)
_BINARY = Family(contained, disjoint)
_ARN = Family(arn_contained, disjoint)
_NUMBER = Family(_span_within, _span_apart)
_DATE = Family(_span_within, _span_apart)
_ADDRESS = Family(_network_within, _network_apart)

OPERATORS = {
    "StringEquals": Operator(_TEXT, False, _literal),
    "StringNotEquals": Operator(_TEXT, True, _literal),
    "StringEqualsIgnoreCase": Operator(_TEXT, False, _any_case),
    "StringNotEqualsIgnoreCase": Operator(_TEXT, True, _any_case),
    "StringLike": Operator(_TEXT, False, pattern),
    "StringNotLike": Operator(_TEXT, True, pattern),
    "ArnEquals": Operator(_ARN, False, pattern),
    "ArnLike": Operator(_ARN, False, pattern),
    "ArnNotEquals": Operator(_ARN, True, pattern),
    "ArnNotLike": Operator(_ARN, True, pattern),
    "Bool": Operator(_BOOL, False, _any_case),
    "BinaryEquals": Operator(_BINARY, False, _literal),
    "IpAddress": Operator(_ADDRESS, False, _network),
    "NotIpAddress": Operator(_ADDRESS, True, _network),
    **{f"Numeric{name}": Operator(_NUMBER, False, at) for name, at in _spans(_number).items()},
    **{f"Date{name}": Operator(_DATE, False, at) for name, at in _spans(_time).items()},
    "NumericNotEquals": Operator(_NUMBER, True, _spans(_number)["Equals"]),
    "DateNotEquals": Operator(_DATE, True, _spans(_time)["Equals"]),
}
"""`Null` is not among them: it asks whether there is a value at all."""

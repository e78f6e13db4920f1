"""The Condition block of an IAM policy.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Multivalued context keys"
and "IAM policy elements: Variables and tags".
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from itertools import zip_longest
from typing import Any

Context = Mapping[str, tuple[str, ...]]
"""The request context: condition keys in lower case (their case does not matter) and values."""

Compare = Callable[[str, str, Context], bool]
"""Whether a request's value meets a policy's value."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_OPERATOR = re.compile(r"(ForAnyValue:|ForAllValues:)?([A-Za-z]+?)(IfExists)?")


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def pattern(
    template: str, context: Context, *, wild: bool, flags: int = 0
) -> re.Pattern[str] | None:
    """`template` with its variables filled in, as a pattern for `fullmatch`.

    A variable's value is taken literally: a `*` in it is no wildcard. None when a variable has
    neither a value nor a default, for then nothing matches.
    """
    if "${" not in template:
        return _compiled(template, wild, flags)
    parts: list[str] = []
    for index, piece in enumerate(_VARIABLE.split(template)):
        if index % 2 == 0:
            parts.append(_wildcards(piece) if wild else re.escape(piece))
            continue
        value = _variable(piece, context)
        if value is None:
            return None
        parts.append(re.escape(value))
    return re.compile("".join(parts), flags | re.DOTALL)


def any_like(templates: Any, value: str, context: Context, *, ignore_case: bool = False) -> bool:
    """Whether one of the templates, or the only one, stands for the value."""
    several = tuple(as_list(templates))
    exact, wild = _sorted_out(several, ignore_case)
    if (value.lower() if ignore_case else value) in exact:
        return True
    flags = re.IGNORECASE if ignore_case else 0
    compiled = (pattern(one, context, wild=True, flags=flags) for one in wild)
    return any(one.fullmatch(value) is not None for one in compiled if one is not None)


@lru_cache(maxsize=4_096)
def _sorted_out(
    templates: tuple[str, ...], ignore_case: bool
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Those that stand for themselves, and those to match. Policies name hundreds of actions."""
    wild = tuple(one for one in templates if any(letter in one for letter in "*?$"))
    rest = set(templates).difference(wild)
    return frozenset(one.lower() if ignore_case else one for one in rest), wild


@lru_cache(maxsize=16_384)
def _compiled(template: str, wild: bool, flags: int) -> re.Pattern[str]:
    return re.compile(_wildcards(template) if wild else re.escape(template), flags | re.DOTALL)


def _wildcards(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _variable(expression: str, context: Context) -> str | None:
    if expression in ("*", "?", "$"):
        return expression
    name, _, default = expression.partition(",")
    values = context.get(name.strip().lower())
    if values:
        return values[0]
    return default.strip().strip("'") if default else None


def _text(*, wild: bool = False, flags: int = 0) -> Compare:
    def compare(value: str, wanted: str, context: Context) -> bool:
        compiled = pattern(wanted, context, wild=wild, flags=flags)
        return compiled is not None and compiled.fullmatch(value) is not None

    return compare


def _arn(value: str, wanted: str, context: Context) -> bool:
    """Each of the six parts is compared by itself, so that no wildcard reaches over a colon."""
    like = _text(wild=True)
    pairs = zip_longest(value.split(":", 5), wanted.split(":", 5))
    return all(a is not None and b is not None and like(a, b, context) for a, b in pairs)


def _number(test: Callable[[float, float], bool]) -> Compare:
    return lambda value, wanted, _: test(float(value), float(wanted))


def _date(test: Callable[[float, float], bool]) -> Compare:
    return lambda value, wanted, _: test(_seconds(value), _seconds(wanted))


def _seconds(text: str) -> float:
    if re.fullmatch(r"[0-9.]+", text):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _ip(value: str, wanted: str, _: Context) -> bool:
    return ip_address(value) in ip_network(wanted, strict=False)


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda a, b: a == b,
    "LessThan": lambda a, b: a < b,
    "LessThanEquals": lambda a, b: a <= b,
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanEquals": lambda a, b: a >= b,
}

_POSITIVE: dict[str, Compare] = {
    "StringEquals": _text(),
    "StringEqualsIgnoreCase": _text(flags=re.IGNORECASE),
    "StringLike": _text(wild=True),
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "Bool": _text(flags=re.IGNORECASE),
    "BinaryEquals": _text(),
    "IpAddress": _ip,
    **{f"Numeric{name}": _number(test) for name, test in _ORDER.items()},
    **{f"Date{name}": _date(test) for name, test in _ORDER.items()},
}

_NEGATED: dict[str, Compare] = {
    "StringNotEquals": _POSITIVE["StringEquals"],
    "StringNotEqualsIgnoreCase": _POSITIVE["StringEqualsIgnoreCase"],
    "StringNotLike": _POSITIVE["StringLike"],
    "ArnNotEquals": _arn,
    "ArnNotLike": _arn,
    "NotIpAddress": _ip,
    "NumericNotEquals": _POSITIVE["NumericEquals"],
    "DateNotEquals": _POSITIVE["DateEquals"],
}


def known_operator(operator: str) -> bool:
    """Whether IAM accepts the name. `Null` takes no `IfExists`."""
    parsed = _OPERATOR.fullmatch(operator)
    if parsed is None:
        return False
    if parsed[2] == "Null":
        return not parsed[3]
    return parsed[2] in _POSITIVE or parsed[2] in _NEGATED


def holds(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every operator and every key of the block is met (they are joined by AND)."""
    return all(
        _holds(
            operator,
            context.get(key.lower(), ()),
            [_plain(one) for one in as_list(wanted)],
            context,
        )
        for operator, keys in block.items()
        for key, wanted in keys.items()
    )


def _plain(value: Any) -> str:
    """JSON's true and 5 mean the same as the texts "true" and "5"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(operator: str, values: tuple[str, ...], wanted: list[str], context: Context) -> bool:
    parsed = _OPERATOR.fullmatch(operator)
    if parsed is None:
        return False
    quantifier, name, if_exists = parsed.groups()
    if name == "Null":
        return any(one.lower() == ("false" if values else "true") for one in wanted)
    negated = name in _NEGATED
    if not values:
        return _without_key(quantifier, if_exists is not None, negated)

    compare = _NEGATED[name] if negated else _POSITIVE[name]
    met = [_meets(compare, value, wanted, context) != negated for value in values]
    return any(met) if quantifier == "ForAnyValue:" else all(met)


def _without_key(quantifier: str | None, if_exists: bool, negated: bool) -> bool:
    """The set operators look at the values one by one, so `IfExists` says nothing to them."""
    if quantifier is not None:
        return quantifier == "ForAllValues:"
    return if_exists or negated


def _meets(compare: Compare, value: str, wanted: list[str], context: Context) -> bool:
    try:
        return any(compare(value, one, context) for one in wanted)
    except ValueError:
        # A value of the wrong type (a word where a number is due) matches nothing.
        return False

"""CloudWatch Logs filter patterns for JSON events: does this event match?

Source: CloudWatch Logs User Guide, "Using filter patterns to match terms in JSON log events"
(selectors, operators, `() > && > ||`, quotas on wildcard selectors), "Supported regular
expressions (regex) syntax", and "Filter and pattern syntax" (strings, numbers, wildcards).
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

LONGEST = 1_024
"""Characters of a filter pattern. API reference, PutMetricFilter, `filterPattern`."""
_DEEPEST = 100
"""Parentheses in one another. AWS gives no number; ours keeps Python's stack from running out."""
_REGEXES, _WILDCARDS = 2, 3
"""As many of them a pattern may hold, by AWS's quotas."""

Node = Callable[[Any], bool]
Selector = tuple[str | int, ...]
"""Names and array indexes in order; `*` stands for all of them."""


class _Missing:
    """The value at a selector that leads nowhere."""


_MISSING = _Missing()
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<mark>&&|\|\||[(){}])
    | (?P<operator>!=|<=|>=|=|<|>)
    | (?P<selector>\$\.(?:\*|\[[^\]]*\]|[\w.*\[\]-])+)
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | %(?P<regex>[^%]+)%
    | (?P<word>[^\s"%(){}=!<>&|$]+)
    )""",
    re.ASCII | re.VERBOSE | re.DOTALL,
)
_PART = re.compile(
    r"""\['(?P<quoted>[^']+)'\] | \[(?P<index>\d+|\*)\] | (?P<name>[\w-]+|\*)""",
    re.ASCII | re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_REGEX = re.compile(r"(?:\\[dDsSwW]|\\x[0-9A-Fa-f]{2}|\\?[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.])+")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_IS = {"NULL": None, "TRUE": True, "FALSE": False}


def matches(pattern: str, event: Mapping[str, Any]) -> bool:
    """Whether the JSON event is one that the pattern selects.

    Raises ValueError where AWS answers InvalidParameterException. A comparison with something that
    is missing, null, a truth value, an array or an object does not match, not even by `!=`: AWS
    compares strings and numbers. Letter case counts. A string without quotes may hold dots, hyphens
    and the like, as in AWS's own examples, though the guide asks for quotes there.
    """
    return _Parser(pattern).whole()(event)


class _Token(NamedTuple):
    kind: str
    text: str


def _tokens(pattern: str) -> Iterator[_Token]:
    at, text = 0, pattern.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"The pattern cannot be read from character {at + 1} on.")
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind])
        at = found.end()


class _Parser:
    """Reads by precedence: `||` joins what `&&` has joined, and `&&` what stands in parentheses."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise ValueError(f"The pattern is longer than {LONGEST:,} characters.")
        self._tokens = list(_tokens(pattern))
        if sum(token.kind == "regex" for token in self._tokens) > _REGEXES:
            raise ValueError(f"The pattern has more than {_REGEXES} regular expressions.")
        self._at = 0
        self._depth = 0
        self._wildcards = 0

    def whole(self) -> Node:
        self._expect("{")
        node = self._either()
        self._expect("}")
        if self._at < len(self._tokens):
            raise ValueError("Something follows the closing brace.")
        return node

    def _next(self) -> _Token:
        if self._at == len(self._tokens):
            raise ValueError("The pattern ends too early.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _follows(self, mark: str) -> bool:
        follows = self._tokens[self._at : self._at + 1] == [_Token("mark", mark)]
        self._at += follows
        return follows

    def _expect(self, mark: str) -> None:
        if not self._follows(mark):
            raise ValueError(f"A {mark} is missing.")

    def _either(self) -> Node:
        nodes = [self._all()]
        while self._follows("||"):
            nodes.append(self._all())
        return lambda event: any(node(event) for node in nodes)

    def _all(self) -> Node:
        nodes = [self._one()]
        while self._follows("&&"):
            nodes.append(self._one())
        return lambda event: all(node(event) for node in nodes)

    def _one(self) -> Node:
        if not self._follows("("):
            return self._condition()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("The parentheses stand too deep in one another.")
        node = self._either()
        self._expect(")")
        self._depth -= 1
        return node

    def _condition(self) -> Node:
        first, then = self._next(), self._next()
        if first.kind != "selector":
            raise ValueError("A condition begins with a selector, such as $.eventName.")
        selector = self._selector(first.text)
        if then.kind == "operator":
            return _comparison(selector, then.text, self._next())
        test = _state(then, self._next())
        return lambda event: any(test(value) for value in _values(selector, event))

    def _selector(self, text: str) -> Selector:
        selector = tuple(_parts(text))
        wildcards = selector.count("*")
        self._wildcards += wildcards
        if wildcards > 1 or self._wildcards > _WILDCARDS:
            raise ValueError(
                f"One wildcard in a selector and {_WILDCARDS} in a pattern are the most."
            )
        return selector


def _parts(text: str) -> Iterator[str | int]:
    """`$.a.b[0].['c.d']` as a, b, 0, c.d."""
    at = 1
    while at < len(text):
        dot = text.startswith(".", at)
        found = _PART.match(text, at + dot)
        # An index follows its array directly; every name follows a dot.
        if found is None or dot == (found["index"] is not None):
            raise ValueError(f"{text} is not a selector.")
        index = found["index"]
        yield found["quoted"] or found["name"] or (index if index == "*" else int(index))
        at = found.end()


def _values(selector: Selector, value: Any) -> Iterator[Any]:
    """What stands at the selector: `_MISSING` when nothing does, several values for a wildcard."""
    if not selector:
        yield value
        return
    children = list(_children(selector[0], value))
    if not children:
        yield _MISSING
    for child in children:
        yield from _values(selector[1:], child)


def _children(part: str | int, value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        if part == "*":
            yield from value
        elif isinstance(part, int) and part < len(value):
            yield value[part]
    elif isinstance(value, Mapping):
        if part == "*":
            yield from value.values()
        elif part in value:
            yield value[part]


def _state(word: _Token, then: _Token) -> Node:
    if word == _Token("word", "IS") and then.kind == "word" and then.text in _IS:
        wanted = _IS[then.text]
        return lambda value: value is wanted
    if (word, then) == (_Token("word", "NOT"), _Token("word", "EXISTS")):
        return lambda value: value is _MISSING
    raise ValueError(
        "After a selector comes an operator, IS NULL, IS TRUE, IS FALSE or NOT EXISTS."
    )


@dataclass(frozen=True)
class _Text:
    """Text to compare strings with, and numbers too where it was written without quotes."""

    regex: re.Pattern[str]
    quoted: bool = True

    def equals(self, value: Any) -> bool:
        return self.regex.search(str(value)) is not None


def _comparison(selector: Selector, sign: str, literal: _Token) -> Node:
    number = float(literal.text) if _is_number(literal) else None
    text = _text(literal)
    if number is None and sign not in ("=", "!="):
        raise ValueError(f"{sign} compares numbers, and {literal.text} is none.")

    def test(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return False
        if number is not None and not isinstance(value, str):
            return _COMPARE[sign](value, number)
        if sign not in ("=", "!=") or (text.quoted and not isinstance(value, str)):
            return False
        return text.equals(value) == (sign == "=")

    return lambda event: any(test(value) for value in _values(selector, event))


def _is_number(literal: _Token) -> bool:
    return literal.kind == "word" and _NUMBER.fullmatch(literal.text) is not None


def _text(literal: _Token) -> _Text:
    if literal.kind == "regex":
        return _Text(_regex(literal.text))
    if literal.kind not in ("quoted", "word"):
        raise ValueError("A comparison ends with a string, a number or a regular expression.")
    plain = literal.text
    if literal.kind == "quoted":
        plain = re.sub(r"\\(.)", r"\1", plain, flags=re.DOTALL)
    pieces = ".*".join(re.escape(piece) for piece in plain.split("*"))
    return _Text(re.compile(rf"\A{pieces}\Z", re.DOTALL), quoted=literal.kind == "quoted")


def _regex(text: str) -> re.Pattern[str]:
    if not _REGEX.fullmatch(text):
        raise ValueError(f"%{text}% holds a character or operator that is not supported.")
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise ValueError(f"%{text}% is not a regular expression: {error}.") from None

"""What an answer may look like: which members are kept of it, and what each may hold.

One description gives both the JMESPath with which the AWS CLI keeps those members, and the
judgement of what comes back from outside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


class Unfit(ValueError):
    """A value that does not look as described. The text says where, and never what it was."""


@dataclass(frozen=True)
class Text:
    """ASCII text that matches the whole pattern."""

    pattern: str

    def kept(self, value: Any, place: str) -> str:
        if type(value) is str and value.isascii() and re.fullmatch(self.pattern, value):
            return value
        raise Unfit(place)


@dataclass(frozen=True)
class Name:
    """What people call a thing. One that is too long, or not all visible, is left out ("")."""

    most: int = 128

    def kept(self, value: Any, place: str) -> str:
        if type(value) is not str:
            raise Unfit(place)
        return value if len(value) <= self.most and value.isprintable() else ""


@dataclass(frozen=True)
class Whole:
    """A whole number from 0 to `most`, written as one or as 5.0 is."""

    most: int = 10**9

    def kept(self, value: Any, place: str) -> int:
        if type(value) in (int, float) and 0 <= value <= self.most and value == int(value):
            return int(value)
        raise Unfit(place)


@dataclass(frozen=True)
class Flag:
    def kept(self, value: Any, place: str) -> bool:
        if type(value) is bool:
            return value
        raise Unfit(place)


@dataclass(frozen=True)
class Maybe:
    """A member that AWS may leave out. What is left out, or null, is not there afterwards."""

    shape: "Shape"


@dataclass(frozen=True)
class Many:
    """A list. `only` is a JMESPath condition on its items."""

    item: "Shape"
    most: int = 2000
    only: str = ""


Shape: TypeAlias = Text | Name | Whole | Flag | Maybe | Many | Mapping[str, "Shape"]
Members: TypeAlias = Mapping[str, Shape]


def kept(shape: Shape, value: Any, place: str = "answer") -> Any:
    """`value` with the members described and no others. Raises `Unfit`."""
    match shape:
        case Mapping():
            return _members(shape, value, place)
        case Many():
            if type(value) is not list or len(value) > shape.most:
                raise Unfit(place)
            return [kept(shape.item, each, f"{place}[]") for each in value]
        case Maybe():
            return kept(shape.shape, value, place)
        case _:
            return shape.kept(value, place)


def _members(shape: Members, value: Any, place: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise Unfit(place)
    found = {}
    for name, inner in shape.items():
        given = value.get(name)
        if given is not None or not isinstance(inner, Maybe):
            found[name] = kept(inner, given, f"{place}.{name}")
    return found


def query(shape: Members) -> str:
    """The JMESPath that keeps of an answer what `shape` describes, in the same form."""
    return "{" + ",".join(f"{name}:{name}{_inside(inner)}" for name, inner in shape.items()) + "}"


def _inside(shape: Shape) -> str:
    match shape:
        case Maybe():
            return _inside(shape.shape)
        case Many():
            items = f"[?{shape.only}]" if shape.only else "[]"
            inside = _inside(shape.item)
            return items + inside if inside or shape.only else ""
        case Mapping():
            return f".{query(shape)}"
    return ""

"""Values written as HCL, as `terraform fmt` lays them out. JSON's types and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any

_INDENT = "  "


class Expression(str):
    """HCL to be evaluated, such as `var.tags`, written as it is. Never made of what people type."""


def body(attributes: dict[str, Any], indent: str = _INDENT) -> str:
    """The lines `name = value` of a block, each with the indentation."""
    return "\n".join(_aligned(list(attributes.items()), indent))


def text(value: str) -> str:
    """A quoted string in which nothing is evaluated.

    HCL evaluates `${…}` and `%{…}` inside quotes; doubling the first character switches it off.
    """
    return re.sub(r"([$%])(?=\{)", r"\1\1", json.dumps(value))


def expression(value: Any, indent: str) -> str:
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict) and value:
        lines = "\n".join(_aligned(list(value.items()), indent + _INDENT))
        return f"{{\n{lines}\n{indent}}}"
    if isinstance(value, list) and value:
        return _list(value, indent)
    return json.dumps(value)


def _list(values: list[Any], indent: str) -> str:
    inner = indent + _INDENT
    items = [f"{inner}{expression(value, inner)},\n" for value in values]
    return f"[\n{''.join(items)}{indent}]"


def _aligned(pairs: list[tuple[str, Any]], indent: str) -> Iterator[str]:
    """Neighbours on one line each have their equals signs below each other."""
    run: list[tuple[str, str]] = []
    for key, value in pairs:
        name, written = _name(key), expression(value, indent)
        if "\n" in written:
            yield from _run(run, indent)
            run = []
            yield f"{indent}{name} = {written}"
        else:
            run.append((name, written))
    yield from _run(run, indent)


def _run(run: list[tuple[str, str]], indent: str) -> Iterator[str]:
    width = max((len(name) for name, _ in run), default=0)
    for name, written in run:
        yield f"{indent}{name.ljust(width)} = {written}"


def _name(key: str) -> str:
    return key if re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", key) else text(key)

"""Rows as files to take along: CSV that no spreadsheet takes for a formula, and JSON; as streams."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

A_PIECE = 500
"""Lines sent at a time: one by one, sending takes longer than reading."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by (OWASP, "CSV Injection")."""
Row = Sequence[object]


class _Line:
    """A file of one line at a time, for the csv module to write to."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def safe_cell(value: object) -> str:
    """With an apostrophe before what a spreadsheet would run."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def json_parts(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """One list of objects, a line each."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(zip(columns, row, strict=True)))
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def pieces(lines: Iterator[str]) -> Iterator[str]:
    """The same text in pieces of `A_PIECE` lines."""
    return iter(lambda: "".join(islice(lines, A_PIECE)), "")

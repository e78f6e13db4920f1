"""Finding rows by the beginnings of words, by an index where the database has one for that."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import BooleanField, Func

BETWEEN = "-_.@/+:"
"""What parts words beside spaces: `acme-prod` and `ada@acme.example` are found by `acme`."""
INDEXES: dict[str, tuple[str, tuple[str, ...]]] = {
    "words_of_clusters": ("onboarding_installation", ("cluster_name", "cluster_id")),
    "words_of_organizations": ("onboarding_organization", ("name", "short_name")),
    "words_of_addresses": ("onboarding_user", ("email",)),
    "words_of_names": ("onboarding_user", ("name",)),
}
"""By name: table and columns. Only what is asked for in these columns, in this order, is indexed."""


def beginnings(said: str) -> list[str]:
    """The pieces of what somebody typed, each to be the beginning of a word."""
    return re.findall(r"[^\W_]+", said)


def document(columns: Iterable[str]) -> str:
    """The words of the columns together, as PostgreSQL compares and indexes them.

    `simple` neither drops words nor cuts their ends: names are no prose.
    """
    together = " || ' ' || ".join(columns)
    return f"to_tsvector('simple', translate({together}, '{BETWEEN}', '{' ' * len(BETWEEN)}'))"


def index_sql(name: str) -> str:
    table, columns = INDEXES[name]
    return f'CREATE INDEX "{name}" ON "{table}" USING gin ({document(columns)})'


class WordsBegin(Func):
    """Whether each of `pieces` (see `beginnings`) begins a word in one of the columns.

    Cases count alike. PostgreSQL looks it up in an index of `INDEXES`; other databases read rows.
    """

    output_field: ClassVar = BooleanField()

    def __init__(self, *columns: str, pieces: Iterable[str]) -> None:
        self.pieces = tuple(pieces)
        super().__init__(*columns)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        columns, params = self._columns(compiler)
        text = "' ' || " + " || ' ' || ".join(columns)
        for sign in BETWEEN:
            text = f"REPLACE({text}, '{sign}', ' ')"
        every = " AND ".join(f"{text} LIKE %s" for _ in self.pieces)
        return f"({every})", [value for piece in self.pieces for value in (*params, f"% {piece}%")]

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        columns, params = self._columns(compiler)
        query = " & ".join(f"{piece}:*" for piece in self.pieces)
        return f"({document(columns)} @@ to_tsquery('simple', %s))", [*params, query]

    def _columns(self, compiler: Any) -> tuple[list[str], list[Any]]:
        compiled = [compiler.compile(column) for column in self.get_source_expressions()]
        return [sql for sql, _ in compiled], [value for _, params in compiled for value in params]

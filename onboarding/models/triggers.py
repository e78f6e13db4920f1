"""The law of the policy ledger on SQLite: the triggers that migration 0012 makes on PostgreSQL.

Whenever a migration changes a table, SQLite loses the table's triggers and stumbles over those of
others that name it. So they are taken out before a migrate and made again after it.

SQLite cannot set another value than the one given, so that a time which is not the clock's is
refused there; and `DELETE` is not refused, because that is how Django empties tables on SQLite.
"""

import re
from importlib.resources import files
from typing import Any

from django.db import connections

CREATE = re.compile(r"CREATE TRIGGER (\w+) .+?\nEND$", re.DOTALL | re.MULTILINE)


def triggers() -> dict[str, str]:
    """The statement that makes each, by its name."""
    text = (files("onboarding.models") / "sql" / "ledger.sqlite.sql").read_text("ascii")
    return {found[1]: found[0] for found in CREATE.finditer(text)}


def take_out(using: str, **kwargs: Any) -> None:
    """Before a migrate."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def make(using: str, **kwargs: Any) -> None:
    """After a migrate, and after Django emptied the tables."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    take_out(using)
    if "onboarding_noticetext" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for statement in triggers().values():
                cursor.execute(statement)

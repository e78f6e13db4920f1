"""The queue to take along, as CSV or JSON: what is filtered, and a record of who took it.

No external ID and nothing secret is in it: the columns are these and no others.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from onboarding.facts.tables import csv_lines, json_parts, pieces
from onboarding.models import CheckResult, Installation, User

MOST = 50_000
"""Rows of a file. What stands first in the queue is in it; its name says when there were more."""
A_CHUNK = 2_000
"""Rows read at a time: the file is never in memory as a whole."""
COLUMNS: dict[str, str] = {
    # in the file: where it is found
    "organization": "organization__name",
    "short_name": "organization__short_name",
    "cluster": "cluster_name",
    "cluster_id": "cluster_id",
    "aws_account_id": "aws_account_id",
    "region": "region",
    "status": "status",
    "status_since": "status_since",
    "waits_for": "waits_for",
    "waits_since": "waits_since",
    "failed_checks": "failed",
    "assignee": "assignee__email",
    "node_type": "node_type",
    "max_nodes": "max_nodes",
    "connectivity": "connectivity",
    "started": "created_at",
    "installation": "pk",
}
KINDS = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_parts),
}


def download(
    request: HttpRequest, rows: QuerySet[Installation], kind: str, asked: str
) -> StreamingHttpResponse:
    """The file, recorded before its first byte goes out. `asked`: the filter, as addresses say it."""
    found = rows[: MOST + 1].count()
    number = min(found, MOST)
    _record(request, kind, asked, number, there_were_more=found > MOST)
    content_type, write = KINDS[kind]
    part = f"-first-{MOST}" if found > MOST else ""
    name = f"installations-{timezone.now():%Y-%m-%d}{part}.{kind}"
    return StreamingHttpResponse(
        pieces(write([*COLUMNS], _read(rows))),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _read(rows: QuerySet[Installation]) -> Iterator[list[Any]]:
    failed = (
        CheckResult.objects.that_block()
        .filter(installation=OuterRef("pk"))
        .order_by()
        .values("installation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    number = Coalesce(Subquery(failed, output_field=IntegerField()), 0)
    found = rows.annotate(failed=number)[:MOST].values_list(*COLUMNS.values())
    for row in found.iterator(chunk_size=A_CHUNK):
        yield [_said(value) for value in row]


def _said(value: Any) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, int):
        return value
    return "" if value is None else str(value)


def _record(
    request: HttpRequest, kind: str, asked: str, number: int, *, there_were_more: bool
) -> None:
    more = f", the first of more than {MOST}" if there_were_more else ""
    LogEntry.objects.create(
        user=cast(User, request.user),
        content_type=ContentType.objects.get_for_model(Installation),
        object_repr=f"Export of {number} installations",
        action_flag=CHANGE,
        change_message=f"{kind.upper()}, {number} rows{more}. Filter: {asked or 'none'}",
    )

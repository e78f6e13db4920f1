"""Every AWS call made for an installation: to read, to filter, and to take along."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onboarding.facts.tables import csv_lines, json_parts, pieces
from onboarding.models import AwsCall, Installation
from onboarding.models.aws_call import AwsCallQuerySet
from onboarding.views.reach import SignedInRequest, reached

A_PAGE = 50
A_CHUNK = 2_000
"""Rows read at a time for a download: it is never in memory as a whole."""
COLUMNS = (
    "time", "service", "action", "region", "identity", "outcome", "milliseconds", "request_id",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Wanted(NamedTuple):
    """Which calls, as the address says; what makes no sense in it is left out."""

    service: str
    failed: bool

    def of(self, installation: Installation) -> AwsCallQuerySet:
        calls: AwsCallQuerySet = installation.aws_calls.all()
        if self.service:
            calls = calls.of_service(self.service)
        return calls.failed() if self.failed else calls

    def query(self, **more: str) -> str:
        """For an address; begins with `?` unless it is empty."""
        said = {"service": self.service, "failed": "1" if self.failed else "", **more}
        encoded = urlencode({name: value for name, value in said.items() if value})
        return f"?{encoded}" if encoded else ""


def _wanted(request: HttpRequest) -> Wanted:
    service = request.GET.get("service", "")
    known = re.fullmatch("[a-z0-9.-]{1,40}", service, re.ASCII) is not None
    return Wanted(service if known else "", request.GET.get("failed") == "1")


@reached
@require_safe
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """A page of the log, newest first. Pages are told by their last call, so that one with 100,000
    calls before it costs what the first one costs.
    """
    wanted = _wanted(request)
    before = _cursor(request.GET.get("before", ""))
    calls = wanted.of(installation)
    rows = list((calls.before(*before) if before else calls)[: A_PAGE + 1])
    older = _cursor_text(rows[A_PAGE - 1]) if len(rows) > A_PAGE else ""
    services = installation.aws_calls.order_by("service").values_list("service", flat=True)
    context = {
        "installation": installation,
        "calls": rows[:A_PAGE],
        "wanted": wanted,
        "services": list(services.distinct()),
        "older": wanted.query(before=older) if older else "",
        "newest": reverse("calls", args=[installation.pk]) + wanted.query() if before else "",
        "csv": reverse("calls_csv", args=[installation.pk]) + wanted.query(),
        "json": reverse("calls_json", args=[installation.pk]) + wanted.query(),
    }
    return render(request, "onboarding/calls.html", context)


@reached
@require_safe
def as_csv(request: SignedInRequest, installation: Installation) -> StreamingHttpResponse:
    rows = _rows(request, installation)
    return _download(csv_lines(COLUMNS, rows), "text/csv; charset=utf-8", installation, "csv")


@reached
@require_safe
def as_json(request: SignedInRequest, installation: Installation) -> StreamingHttpResponse:
    rows = _rows(request, installation)
    return _download(json_parts(COLUMNS, rows), "application/json", installation, "json")


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Time and key of the call that a page begins after; None for what is no such text."""
    found = re.fullmatch("([0-9]{1,17})-([0-9]{1,18})", text, re.ASCII)
    if found is None:
        return None
    return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])


def _cursor_text(call: AwsCall) -> str:
    return f"{(call.at - _EPOCH) // timedelta(microseconds=1)}-{call.pk}"


Row = tuple[Any, ...]


def _rows(request: HttpRequest, installation: Installation) -> Iterator[Row]:
    """The calls wanted, newest first, each as its `COLUMNS`."""
    calls = _wanted(request).of(installation).values_list("at", *COLUMNS[1:])
    for at, *rest in calls.iterator(chunk_size=A_CHUNK):
        time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        yield (time, *rest)


def _download(
    lines: Iterator[str], content_type: str, installation: Installation, ending: str
) -> StreamingHttpResponse:
    name = f"aws-calls-{installation.aws_account_id or installation.pk}.{ending}"
    return StreamingHttpResponse(
        pieces(lines),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )

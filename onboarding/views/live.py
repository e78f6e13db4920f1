"""Fragments that keep themselves fresh: asked for again and again, answered with 304 if the same."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from onboarding.models import Installation, Operation

OFTEN, SELDOM, RARELY = "700ms", "5s", "30s"
A_WHILE = timedelta(minutes=12)
A_MOMENT = timedelta(seconds=5)
WATCHES = (Operation.Kind.WATCH_QUOTAS, Operation.Kind.ENABLE_REGION)
"""Work that sleeps between two looks, for days at times, while AWS has its turn."""
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def latest(installation: Installation) -> list[Operation]:
    """The last operation of each kind, newest first: in one query, however many there were."""
    same = Operation.objects.filter(installation=OuterRef("installation"), kind=OuterRef("kind"))
    newest = same.order_by("-created_at", "-pk").values("pk")[:1]
    return list(installation.operations.filter(pk=Subquery(newest)).order_by("-created_at"))


def pace(installation: Installation, operations: list[Operation] | None = None) -> str:
    """How often to ask: often while a worker is busy, seldom while it waits long, rarely while AWS
    decides for days, else not at all. `operations`: the latest, where they are at hand.

    Asked for a moment longer: what a page shows may have been read just before the work ended.
    """
    operations = latest(installation) if operations is None else operations
    unfinished = [operation for operation in operations if _goes_on(operation)]
    now = timezone.now()
    busy = [operation for operation in unfinished if not _sleeps(operation, now)]
    if not busy and any(_ended(operation, now - A_MOMENT) for operation in operations):
        return OFTEN
    if not unfinished:
        return ""
    newest = (busy or unfinished)[0]
    young = now - newest.created_at < A_WHILE
    if busy:
        return OFTEN if young else SELDOM
    return SELDOM if young else RARELY


def _goes_on(operation: Operation) -> bool:
    return operation.state in (Operation.State.QUEUED, Operation.State.RUNNING)


def _ended(operation: Operation, since: datetime) -> bool:
    return operation.finished_at is not None and operation.finished_at >= since


def _sleeps(operation: Operation, now: datetime) -> bool:
    return (
        operation.kind in WATCHES
        and operation.state == Operation.State.QUEUED
        and operation.run_after - now > A_MOMENT
    )


def running(operations: list[Operation]) -> set[str]:
    """The kinds of work under way, or ended in the last second: the rest of the page may have been
    read before the end, and a result that is merely not read yet is not one that is missing.
    """
    now = timezone.now()
    return {
        operation.kind
        for operation in operations
        if (_goes_on(operation) and not _sleeps(operation, now))
        or (
            operation.state == Operation.State.DONE
            and _ended(operation, now - timedelta(seconds=1))
        )
    }


def work(operations: list[Operation]) -> dict[str, Operation]:
    """The last operation of each kind, where it failed or is not done yet: `create_role_failed`,
    `watch_quotas_waits`, and so on.
    """
    return {
        f"{operation.kind}_{'failed' if operation.state == Operation.State.FAILED else 'waits'}": (
            operation
        )
        for operation in operations
        if operation.state != Operation.State.DONE
    }


class Live(NamedTuple):
    html: SafeString
    etag: str


def fragment(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    url: str,
    every: str,
    beside: str = "",
) -> Live:
    """The part of a page that renews itself from `url`, until `every` is empty.

    `beside`: what is sent along to be replaced elsewhere, where a change of it alone counts too.
    """
    body = render_to_string(template, context, request)
    # The token is masked anew each time, and all its masks are good.
    same = TOKEN.sub(r"\1", every + body + beside)
    etag = hashlib.sha256(same.encode()).hexdigest()[:32]
    wrapped = {"body": body, "etag": etag, "url": url, "every": every}
    return Live(render_to_string("onboarding/parts/live.html", wrapped), etag)


def answer(request: HttpRequest, live: Live, beside: str = "") -> HttpResponse:
    """The fragment, and what changes beside it; or 304 when the page already shows it."""
    etag = f'"{live.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(live.html + beside, headers={"ETag": etag})

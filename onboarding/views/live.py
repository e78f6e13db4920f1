"""Fragments that keep themselves fresh: asked for again and again, answered with 304 if the same."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
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


def pace(installation: Installation) -> str:
    """How often to ask: often while a worker is busy, seldom while it waits long, rarely while AWS
    decides for days, else not at all.

    Asked for a moment longer: what a page shows may have been read just before the work ended.
    """
    unfinished = list(installation.operations.unfinished().order_by("-created_at"))
    now = timezone.now()
    busy = [operation for operation in unfinished if not _sleeps(operation, now)]
    if not busy and installation.operations.filter(finished_at__gte=now - A_MOMENT).exists():
        return OFTEN
    if not unfinished:
        return ""
    newest = (busy or unfinished)[0]
    young = now - newest.created_at < A_WHILE
    if busy:
        return OFTEN if young else SELDOM
    return SELDOM if young else RARELY


def _sleeps(operation: Operation, now: datetime) -> bool:
    return (
        operation.kind in WATCHES
        and operation.state == Operation.State.QUEUED
        and operation.run_after - now > A_MOMENT
    )


def running(installation: Installation) -> set[str]:
    """The kinds of work under way, or ended in the last second: the rest of the page may have been
    read before the end, and a result that is merely not read yet is not one that is missing.
    """
    now = timezone.now()
    ended = Q(state=Operation.State.DONE, finished_at__gte=now - timedelta(seconds=1))
    asleep = Q(kind__in=WATCHES, state=Operation.State.QUEUED, run_after__gt=now + A_MOMENT)
    busy = Q(state__in=[Operation.State.QUEUED, Operation.State.RUNNING]) & ~asleep
    return set(installation.operations.filter(busy | ended).values_list("kind", flat=True))


def work(installation: Installation) -> dict[str, Operation]:
    """The last operation of each kind, where it failed or is not done yet: `create_role_failed`,
    `watch_quotas_waits`, and so on.
    """
    newest: dict[str, Operation] = {}
    for operation in installation.operations.order_by("created_at"):
        newest[operation.kind] = operation
    return {
        f"{kind}_{'failed' if operation.state == Operation.State.FAILED else 'waits'}": operation
        for kind, operation in newest.items()
        if operation.state != Operation.State.DONE
    }


class Live(NamedTuple):
    html: SafeString
    etag: str


def fragment(
    request: HttpRequest, template: str, context: dict[str, Any], *, url: str, every: str
) -> Live:
    """The part of a page that renews itself from `url`, until `every` is empty."""
    body = render_to_string(template, context, request)
    # The token is masked anew each time, and all its masks are good.
    same = TOKEN.sub(r"\1", every + body)
    etag = hashlib.sha256(same.encode()).hexdigest()[:32]
    wrapped = {"body": body, "etag": etag, "url": url, "every": every}
    return Live(render_to_string("onboarding/parts/live.html", wrapped), etag)


def answer(request: HttpRequest, live: Live, beside: str = "") -> HttpResponse:
    """The fragment, and what changes beside it; or 304 when the page already shows it."""
    etag = f'"{live.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(live.html + beside, headers={"ETag": etag})

"""Fragments that keep themselves fresh: asked for again and again, answered with 304 if the same."""

import hashlib
import re
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from onboarding.models import Installation, Operation

OFTEN, SELDOM = "700ms", "5s"
A_WHILE = timedelta(minutes=12)
A_MOMENT = timedelta(seconds=5)
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def pace(installation: Installation) -> str:
    """How often to ask: often while a worker is busy, seldom while it waits long, else not at all.

    Asked for a moment longer: what a page shows may have been read just before the work ended.
    """
    newest = installation.operations.unfinished().order_by("-created_at").first()
    if newest is None:
        just_now = timezone.now() - A_MOMENT
        return OFTEN if installation.operations.filter(finished_at__gte=just_now).exists() else ""
    return OFTEN if timezone.now() - newest.created_at < A_WHILE else SELDOM


def running(installation: Installation) -> set[str]:
    """The kinds of work under way, or ended in the last second: the rest of the page may have been
    read before the end, and a result that is merely not read yet is not one that is missing.
    """
    just_now = timezone.now() - timedelta(seconds=1)
    ended = Q(state=Operation.State.DONE, finished_at__gte=just_now)
    busy = Q(state__in=[Operation.State.QUEUED, Operation.State.RUNNING])
    return set(installation.operations.filter(busy | ended).values_list("kind", flat=True))


def failures(installation: Installation) -> dict[str, Operation]:
    """The last operation of each kind, where it failed: `create_role_failed`, and so on."""
    newest: dict[str, Operation] = {}
    for operation in installation.operations.order_by("created_at"):
        newest[operation.kind] = operation
    return {
        f"{kind}_failed": operation
        for kind, operation in newest.items()
        if operation.state == Operation.State.FAILED
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

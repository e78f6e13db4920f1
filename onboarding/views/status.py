"""The status page: how far it is, whose turn, and what the customer may do now."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onboarding import notifications
from onboarding.jobs import drift
from onboarding.models import IllegalMove, Installation
from onboarding.services import installations
from onboarding.views import live as live_part
from onboarding.views.reach import SignedInRequest, owns, reached
from onboarding.views.timeline import timeline
from onboarding.wizard import flow

EVERY = "5s"


@reached
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    if installation.is_editable and not installation.change_requests.exists():
        return redirect("step", installation.pk, flow(installation).current.step.slug)
    live = _progress(request, installation).html
    return render(request, "onboarding/status.html", {"installation": installation, "live": live})


@reached
@require_safe
def live(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return live_part.answer(request, _progress(request, installation))


def _progress(request: SignedInRequest, installation: Installation) -> live_part.Live:
    whole = flow(installation)
    told = notifications.customer(installation)
    answers = [answer for page in whole.pages for answer in page.answers]
    context = {
        "installation": installation,
        "is_owner": owns(request, installation.organization),
        "flow": whole,
        "timeline": timeline(installation, list(installation.events.select_related("by"))),
        "standing": drift.standing(installation),
        "calls": list(installation.aws_calls.all()[:50]),
        "told": told[0] if len(told) == 1 else f"{told[0]} and {len(told) - 1} more",
        # Short: what was merely confirmed stands on the review page.
        "summary": [answer for answer in answers if answer.value not in ("", "Yes")],
        "wanted": [(page, request_) for page in whole.pages for request_ in page.change_requests],
    }
    url = reverse("status_live", args=[installation.pk])
    return live_part.fragment(request, "onboarding/status_live.html", context, url=url, every=EVERY)


@require_POST
@reached
def confirm(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return _move(request, installation, installations.confirm)


@require_POST
@reached
def cancel(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return _move(request, installation, installations.cancel)


def _move(
    request: SignedInRequest, installation: Installation, verb: Callable[..., None]
) -> HttpResponse:
    try:
        verb(installation, by=request.user)
    except PermissionError as error:
        raise PermissionDenied from error
    except IllegalMove as error:
        messages.error(request, str(error))
    return redirect("status", installation.pk)

"""The status page: how far it is, whose turn, and what the customer may do now."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onboarding import notifications
from onboarding.forms.conversation import MessageForm
from onboarding.jobs import drift
from onboarding.models import IllegalMove, Installation, Message, Status
from onboarding.services import installations
from onboarding.services.conversation import is_writable
from onboarding.services.conversation_lines import read, wished
from onboarding.views import live as live_part
from onboarding.views.reach import SignedInRequest, owns, reached
from onboarding.views.timeline import TOLD, timeline
from onboarding.wizard import Flow, flow, question_fields

EVERY = "5s"
FEW = 6
"""Messages beside the progress; the others are a page away."""


@reached
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    if installation.is_editable and not installation.change_requests.exists():
        return redirect("step", installation.pk, flow(installation).current.step.slug)
    live, beside, whole = _parts(request, installation)
    context = {
        "installation": installation,
        "live": live.html,
        "beside": beside,
        "flow": whole,
        "is_owner": owns(request, installation.organization),
        "calls": list(installation.aws_calls.all()[:50]),
        "form": MessageForm(question_fields(), about=wished(installation)),
        "can_write": is_writable(installation),
    }
    return render(request, "onboarding/status.html", context)


@reached
@require_safe
def live(request: SignedInRequest, installation: Installation) -> HttpResponse:
    part, beside, _ = _parts(request, installation, oob=True)
    return live_part.answer(request, part, beside)


def _parts(
    request: SignedInRequest, installation: Installation, *, oob: bool = False
) -> tuple[live_part.Live, str, Flow]:
    """What follows the work: the progress, and beside it the answers and what was said. What is being
    written stands outside of both.
    """
    whole = flow(installation)
    told = notifications.customer(installation)
    kinds = [*TOLD, *drift.TOLD]
    events = list(installation.events.filter(kind__in=kinds).select_related("by"))
    answers = [answer for page in whole.pages for answer in page.answers]
    wanted = [(page, request_) for page in whole.pages for request_ in page.change_requests]
    context = {
        "installation": installation,
        "flow": whole,
        "timeline": timeline(installation, events),
        "standing": drift.standing(installation, events),
        "conversation": read(installation, by=request.user, side=Message.Side.CUSTOMER, most=FEW),
        "told": told[0] if len(told) == 1 else f"{told[0]} and {len(told) - 1} more",
        # Short: what was merely confirmed stands on the review page.
        "summary": [answer for answer in answers if answer.value not in ("", "Yes")],
        "wanted": wanted,
        "is_put_right": not wanted and _was_asked(installation),
    }
    url = reverse("status_live", args=[installation.pk])
    beside = render_to_string("onboarding/status_beside.html", context | {"oob": oob}, request)
    part = live_part.fragment(
        request,
        "onboarding/status_live.html",
        context,
        url=url,
        every=EVERY,
        beside=beside.replace(' hx-swap-oob="true"', ""),
    )
    return part, beside, whole


def _was_asked(installation: Installation) -> bool:
    """Whether support asked for changes of fields when it gave the answers back this time."""
    since = installation.status_since
    asked = installation.change_requests.all()
    return installation.status == Status.CHANGES_REQUESTED and any(
        each.created_at >= since for each in asked
    )


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

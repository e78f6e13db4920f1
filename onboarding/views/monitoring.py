"""An alarm on changes of the role: what it watches, and three ways to set it up. Optional."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from onboarding.facts import ROLE_NAME
from onboarding.forms.monitoring import MonitoringForm
from onboarding.jobs.handoff import HandoffUnavailable
from onboarding.models import Event, Installation, Operation
from onboarding.policy import monitoring, monitoring_shell, monitoring_template
from onboarding.services import monitoring as service
from onboarding.services import with_credentials
from onboarding.views import live as live_part
from onboarding.views.reach import SignedInRequest, reached

KIND = Operation.Kind.CREATE_MONITORING
UNFINISHED = (Operation.State.QUEUED, Operation.State.RUNNING)
WAYS = ("console", "script", "for_me")
SCRIPT_NAME, TEMPLATE_NAME = "watch-astro-role.sh", "astro-role-monitoring.yaml"


@reached
@require_safe
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return _page(request, installation, MonitoringForm())


@reached
@require_safe
def live(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return live_part.answer(request, _live(request, installation))


@sensitive_post_parameters()
@require_POST
@reached
def create(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """Take temporary credentials, pass them on sealed, and show the page that follows the work."""
    if not with_credentials.may_ask(installation):
        return redirect("monitoring", installation.pk)
    form = MonitoringForm(request.POST)
    if form.is_valid():
        wishes = {name: form.cleaned_data[name] for name in ("email", "log_group")}
        try:
            service.create(installation, form.credentials, **wishes)
        except HandoffUnavailable:
            form.add_error(None, "We could not take the credentials just now. Nothing was kept.")
        else:
            return redirect("monitoring", installation.pk)
    return _page(request, installation, form)


@login_not_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The CloudFormation template. It names no customer."""
    return _download(monitoring_template.template(), "application/yaml", TEMPLATE_NAME)


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The shell script. It names no customer."""
    return _download(monitoring_shell.script(), "text/x-shellscript", SCRIPT_NAME)


def _download(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(
    request: SignedInRequest, installation: Installation, form: MonitoringForm
) -> HttpResponse:
    last = _last(installation)
    context = {
        "installation": installation,
        "form": form,
        "way": _way(request, form, last),
        "is_running": last is not None and last.state in UNFINISHED,
        "is_done": last is not None and last.state == Operation.State.DONE,
        "may_create": with_credentials.may_ask(installation),
        "role_name": ROLE_NAME,
        "watched": monitoring.WATCHED,
        "seen": [one for one in monitoring.WATCHED if one.in_guide],
        "missed": [one for one in monitoring.WATCHED if not one.in_guide],
        "pattern": monitoring.pattern(),
        "guide_pattern": monitoring.GUIDE_PATTERN,
        "script": monitoring_shell.script(),
        "script_name": SCRIPT_NAME,
        "template_name": TEMPLATE_NAME,
        "stack_name": monitoring_template.STACK_NAME,
        "live": _live(request, installation).html,
    }
    return render(request, "onboarding/monitoring.html", context)


def _last(installation: Installation) -> Operation | None:
    """Newest first is how operations are ordered."""
    return installation.operations.filter(kind=KIND).first()


def _way(request: SignedInRequest, form: MonitoringForm, last: Operation | None) -> str:
    """Which of the three is open: whoever has had it created goes on there."""
    asked = request.GET.get("way", "")
    if form.is_bound or (last is not None and asked not in WAYS):
        return "for_me"
    return asked if asked in WAYS else WAYS[0]


def _live(request: SignedInRequest, installation: Installation) -> live_part.Live:
    created = installation.events.filter(kind=Event.Kind.MONITORING_CREATED).last()
    context: dict[str, Any] = {
        "installation": installation,
        "created": created,
        "work": _last(installation),
        "alarm_name": monitoring.NAME,
    }
    url = reverse("monitoring_live", args=[installation.pk])
    every = live_part.pace(installation)
    return live_part.fragment(
        request, "onboarding/monitoring_live.html", context, url=url, every=every
    )

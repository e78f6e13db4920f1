"""Pre-flight: find out whether an account is ready, before Astro has any access to it."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from onboarding.aws import console
from onboarding.facts.preflight import MOST_AGE
from onboarding.forms.preflight import PreflightForm
from onboarding.models import Installation
from onboarding.policy import preflight as policy
from onboarding.services import preflight as service
from onboarding.views.reach import SignedInRequest, reached

SCRIPT_NAME = "astro-preflight.sh"
View = Callable[[SignedInRequest, Installation], HttpResponse]


def while_answered(view: View) -> View:
    """The script is about one account, and only while the answers may change does it tell early."""

    @wraps(view)
    def wrapper(request: SignedInRequest, installation: Installation) -> HttpResponse:
        if not installation.is_editable:
            return redirect("step", installation.pk, "checks")
        if not installation.aws_account_id:
            messages.info(
                request, "Give the AWS account ID first: the script is about one account."
            )
            return redirect("step", installation.pk, "account")
        return view(request, installation)

    return wrapper


@reached
@while_answered
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """The page; posted to it is a report, which the checks judge at once."""
    posted = request.method == "POST"
    form = PreflightForm(installation, *((request.POST, request.FILES) if posted else ()))
    if posted and form.is_valid():
        told = service.report(installation, form.report, by=request.user)
        messages.success(request, _thanks(told))
        return redirect("step", installation.pk, "checks")
    return render(request, "onboarding/preflight.html", _context(installation, form))


@require_safe
@reached
@while_answered
def script(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return HttpResponse(
        _script(installation),
        content_type="text/x-shellscript; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{SCRIPT_NAME}"'},
    )


def _thanks(told: int) -> str:
    if not told:
        return "Thank you. It tells nothing new: the checks below are as they were, or say why."
    return f"Thank you. Your report answers {told} check{'s' if told != 1 else ''}, shown below."


def _script(installation: Installation) -> str:
    return policy.script(installation.aws_account_id, installation.region, installation.node_type)


def _context(installation: Installation, form: PreflightForm) -> dict[str, object]:
    context = {
        "installation": installation,
        "form": form,
        "script_name": SCRIPT_NAME,
        "file_name": policy.file_name(installation.aws_account_id),
        "days": MOST_AGE.days,
        "cloudshell_url": console.cloudshell(),
    }
    return context | {
        "script": _script(installation),
        "calls": policy.calls(installation.region, installation.node_type),
        "handover": render_to_string("onboarding/preflight_handover.txt", context).strip(),
    }

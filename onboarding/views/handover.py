"""The colleague's side of a hand-over: one page behind a secret link, for somebody who has no
account with us.

"Create it for me" is not on it: nobody shall learn to paste credentials into a page that a mail
led to.
"""

import re
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onboarding.aws import console as aws_console
from onboarding.facts import email
from onboarding.forms.handover import CodeForm
from onboarding.jobs.edition import in_effect
from onboarding.models import Handover, Installation
from onboarding.policy import cloudformation, renewal, shell
from onboarding.services import access
from onboarding.services import handover as service
from onboarding.views import live as live_part
from onboarding.views.access import download
from onboarding.wizard.steps import access as access_step
from onboarding.wizard.ways import template_url

KEY = "handovers"
"""Where the session keeps for which hand-overs a code was given, and when."""
REMEMBERED = 30 * 60
"""Seconds for which a code counts, in that browser and for that hand-over alone."""
NOT_IT = (
    "That is not the code, or it no longer counts. Look at the newest mail, or ask for another."
)
CONFIRM_FIRST = "Confirm your address first: it takes a code from your mail."

AHEAD = "prefetch"
"""What browsers say who fetch a page before anybody asks for it."""
ROBOT = re.compile(r"(?<!cu)bot|crawler|spider|preview|facebookexternalhit|whatsapp", re.IGNORECASE)
"""Who looks at links in mails and chats to show what is behind them. (Cubot makes telephones.)"""

View = Callable[[HttpRequest, Handover, str], HttpResponse]


def linked(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Hand the view its hand-over. Links that do not work are told apart by nothing."""

    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, token: str) -> HttpResponse:
        handover = service.find(token)
        if handover is None:
            return _gone(request)
        everything = Installation.objects.with_everything()
        handover.installation = everything.get(pk=handover.installation_id)
        response = view(request, handover, token)
        # The address is the secret: no page that this one leads to may see it, ours included. Not
        # `no-referrer`, with which browsers hide the origin too that forms are checked by.
        response["Referrer-Policy"] = "strict-origin"
        return response

    return wrapper


@require_safe
@linked
def show(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    if handover.done_at:
        return render(request, "onboarding/handover_done.html", {"handover": handover})
    if _is_visit(request):
        service.opened(handover)
    return _page(request, handover, token)


@require_safe
@linked
def live(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    return live_part.answer(request, _live(request, handover, token))


@require_POST
@linked
def send_code(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    if not handover.done_at:
        try:
            service.send_code(handover)
        except service.TooMany as told:
            messages.error(request, str(told))
        else:
            to = email.masked(handover.email)
            messages.success(request, f"Code sent to {to}. It works for ten minutes.")
    return redirect("handover", token)


@require_POST
@linked
def confirm(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    form = CodeForm(request.POST)
    if not handover.done_at and form.is_valid():
        if service.confirm(handover, form.cleaned_data["code"]):
            _remember(request, handover)
            return redirect("handover", token)
        form.add_error("code", NOT_IT)
        if service.find(token) is None:  # closed by too many wrong codes
            return _gone(request)
    return _page(request, handover, token, form) if form.errors else redirect("handover", token)


@require_POST
@linked
def show_external_id(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    if not _may_see(request, handover):
        return _confirm_first(request, token)
    value = service.show_external_id(handover, reason="shown")
    return _page(request, handover, token, external_id=value)


@require_POST
@linked
def console(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    """Open CloudFormation with the external ID filled in: behind the #, so no server logs it."""
    if not _may_see(request, handover):
        return _confirm_first(request, token)
    return HttpResponseRedirect(
        cloudformation.quick_create_url(
            console_url=settings.AWS_CONSOLE_URL,
            template_url=template_url(in_effect()),
            external_id=service.show_external_id(handover, reason="AWS console"),
        )
    )


@require_POST
@linked
def script(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    """The shell script with the external ID filled in."""
    if not _may_see(request, handover):
        return _confirm_first(request, token)
    external_id = service.show_external_id(handover, reason="script")
    return download(shell.script(in_effect(), external_id), shell.FILE_NAME, "text/x-shellscript")


@require_POST
@linked
def look(request: HttpRequest, handover: Handover, token: str) -> HttpResponse:
    if not handover.done_at:
        try:
            access.look_for_role(handover.installation)
        except access.LookedJustNow as told:
            messages.info(request, str(told))
    return redirect("handover", token)


def _gone(request: HttpRequest) -> HttpResponse:
    """Not the page for any address that is not there: a colleague is told whom to ask."""
    return render(request, "onboarding/handover_gone.html", status=404)


def _is_visit(request: HttpRequest) -> bool:
    """Whether somebody looks at the page, as far as a browser or a robot says so itself."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    by_itself = AHEAD in ahead or ROBOT.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and not by_itself


def _may_see(request: HttpRequest, handover: Handover) -> bool:
    given_at = request.session.get(KEY, {}).get(str(handover.pk), 0)
    return not handover.done_at and 0 <= time.time() - given_at < REMEMBERED


def _remember(request: HttpRequest, handover: Handover) -> None:
    if not request.user.is_authenticated:
        request.session.cycle_key()  # whoever knew the session before does not know it now
    now = int(time.time())
    fresh = {pk: at for pk, at in request.session.get(KEY, {}).items() if now - at < REMEMBERED}
    request.session[KEY] = fresh | {str(handover.pk): now}


def _confirm_first(request: HttpRequest, token: str) -> HttpResponse:
    messages.info(request, CONFIRM_FIRST)
    return redirect("handover", token)


def _page(
    request: HttpRequest,
    handover: Handover,
    token: str,
    form: CodeForm | None = None,
    external_id: str = "",
) -> HttpResponse:
    installation = handover.installation
    account_id = installation.aws_account_id
    context = {
        "handover": handover,
        "token": token,
        "installation": installation,
        "organization": installation.organization,
        "sender": handover.created_by.get_full_name(),
        "addressee": email.masked(handover.email),
        "may_see": _may_see(request, handover),
        "awaits_code": service.awaits_code(handover),
        "form": form or CodeForm(),
        "external_id": external_id,
        "is_update": access_step.has_former(installation),
        "console_url": cloudformation.quick_create_url(
            console_url=settings.AWS_CONSOLE_URL, template_url=template_url(in_effect())
        ),
        "trust_command": renewal.trust_command(account_id),
        "stack_command": renewal.stack_command(account_id),
        "stacks_url": aws_console.stacks("us-east-1"),
        "role_url": aws_console.role(),
        "live": _live(request, handover, token).html,
    }
    return render(request, "onboarding/handover.html", context)


def _live(request: HttpRequest, handover: Handover, token: str) -> live_part.Live:
    installation = handover.installation
    operations = live_part.latest(installation)
    context = {
        **access_step.context(installation),
        **live_part.work(operations),
        "installation": installation,
        "handover": handover,
        "token": token,
        "is_update": access_step.has_former(installation),
        "running": live_part.running(operations),
    }
    return live_part.fragment(
        request,
        "onboarding/handover_live.html",
        context,
        url=reverse("handover_live", args=[token]),
        every=live_part.pace(installation, operations),
    )

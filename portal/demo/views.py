"""The demo's mailbox: it shows what an SMTP server of the demo's own received."""

from pathlib import Path

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.demo.environment import directory
from portal.demo.mailbox import Received, find, received


def folder() -> Path:
    return directory() / "mail"


def one_of(name: str) -> Received:
    mail = find(folder(), name)
    if mail is None:
        raise Http404("There is no such mail.")
    return mail


# Open without signing in: the mail that confirms an address comes before the first sign-in.
@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail, newest first. htmx asks for the list alone."""
    page = "demo/mailbox_list.html" if request.headers.get("HX-Request") else "demo/mailbox.html"
    return render(request, page, {"mails": received(folder())})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": one_of(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # its types know no views with arguments
    {
        # Runs no script, loads nothing; links open in a window of their own.
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
    }
)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for the sandboxed frame on its page."""
    return HttpResponse(one_of(name).html)

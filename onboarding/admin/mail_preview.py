"""A look at every mail with made-up data: as text, and as HTML in light and dark, wide and narrow."""

from collections.abc import Iterable
from typing import Any

from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from onboarding.admin import mail_samples
from onboarding.admin.mail_list import GROUPS, LISTED
from onboarding.admin.reading import may
from onboarding.notifications import write

FOLDER = "admin/onboarding/mail"
SCHEMES = {"light": "not all", "dark": "all"}
"""What stands for the reader's choice of colours, in the mail's own style."""
WIDTHS = ("wide", "narrow")


def urls(view: Any) -> list[URLPattern]:
    """`view`: what closes a view to whoever is not of the desk."""
    return [
        path("preview/", view(index), name="onboarding_mail_previews"),
        path("preview/<slug:name>/", view(one), name="onboarding_mail_preview"),
        path("preview/<slug:name>/html/", view(html), name="onboarding_mail_preview_html"),
    ]


def index(request: HttpRequest) -> HttpResponse:
    _may(request)
    groups = [
        (title, [(each, subject(each.name)) for each in rows]) for title, rows in GROUPS.items()
    ]
    return _page(request, "previews", {"title": "Mails", "groups": groups})


def one(request: HttpRequest, name: str) -> HttpResponse:
    _may(request)
    context = {
        "title": "Mail",
        "mail": _listed(name),
        "written": written(name),
        "scheme": _chosen(request, "scheme", SCHEMES),
        "width": _chosen(request, "width", WIDTHS),
    }
    return _page(request, "preview", context)


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
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for the sandboxed frame on its page."""
    _may(request)
    _listed(name)
    scheme = _chosen(request, "scheme", SCHEMES)
    page = written(name)["html"]
    page = page.replace("(prefers-color-scheme: dark)", SCHEMES[scheme])
    return HttpResponse(page.replace("light dark", scheme))


def written(name: str) -> dict[str, str]:
    """Subject, text and HTML, of made-up data."""
    return write(name, {"to": mail_samples.OWNER.email} | mail_samples.of(name))


def subject(name: str) -> str:
    return written(name)["subject"]


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"{FOLDER}/{name}.html", {"has_permission": True} | context)


def _chosen(request: HttpRequest, name: str, among: Iterable[str]) -> str:
    chosen = request.GET.get(name, "")
    return chosen if chosen in among else next(iter(among))


def _listed(name: str) -> Any:
    if name not in LISTED:
        raise Http404
    return LISTED[name]


def _may(request: HttpRequest) -> None:
    """Any group of the desk: they all read mails."""
    if not may(request, "onboarding.view_mail"):
        raise PermissionDenied

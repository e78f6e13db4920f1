"""Sessions: their limits on every page, and the page that lists and ends them."""

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from onboarding.services import sessions
from onboarding.views.reach import SignedInRequest

OVER = "You were away for a while, so we signed you out. What you saved stays."
FORGET = '"cache", "storage"'
"""Not the cookies: the session's is gone already, and the sentence about it travels in one."""

SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("Edg", "Edge"), ("OPR|Opera", "Opera"), ("Firefox|FxiOS", "Firefox"),
    ("Chrome|Chromium|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""Each claims to be those below it as well: the first that fits counts."""


class LimitedSessions:
    """Signs out who was away too long, and has the browser forget what a session showed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = FORGET
        if is_fragment(request) and leads_to_sign_in(response):
            # Loaded whole, the page itself leads to sign-in, and back to where the person was.
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        user = request.user
        if not user.is_authenticated:
            return
        if sessions.is_over(request.session, user):
            logout(request)
            messages.info(request, OVER)
        elif not is_fragment(request):
            # A page that asks for news by itself is no sign that anybody sits before it.
            sessions.note_use(request.session)


def is_fragment(request: HttpRequest) -> bool:
    return request.method == "GET" and request.headers.get("HX-Request") == "true"


def leads_to_sign_in(response: HttpResponse) -> bool:
    to = response.headers.get("Location", "").partition("?")[0]
    return response.status_code == 302 and to == resolve_url("account_login")


@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    rows = [
        {
            "session": each,
            "device": device(each.user_agent),
            "place": place(each.ip),
            "is_here": each.session_key == request.session.session_key,
        }
        for each in sessions.standing(request.user)
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """One of the person's sessions, by its number; without a number, all but this one."""
    number = request.POST.get("session", "")
    if re.fullmatch(r"[0-9]{1,18}", number, re.ASCII):
        sessions.end(request.user, int(number))
        messages.success(request, "That session is ended.")
    elif not number:
        sessions.end_all(request.user, but=request.session.session_key)
        messages.success(request, "You are signed out everywhere but here.")
    return redirect("sessions")


def device(user_agent: str) -> str:
    """What the browser says it is, in words: it may say anything."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "An unknown device"


def place(ip: str) -> str:
    """Whence, as far as an address tells: no list of places is asked."""
    address = ipaddress.ip_address(ip)
    if address.is_loopback:
        return "This machine"
    return f"Private network, {ip}" if address.is_private else f"Internet address {ip}"

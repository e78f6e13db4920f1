"""Leaving for an identity provider: the buttons of the sign-in page, and single sign-on.

A button's form is answered with a page that leads on by itself, not with a redirect: the
Content-Security-Policy lets forms go nowhere but here, however many providers there are.
"""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from onelogin.saml2.errors import OneLogin_Saml2_Error
from requests import RequestException

from onboarding.forms.providers import EVERYBODYS
from onboarding.forms.sign_in import SsoForm
from onboarding.jobs.outbound import is_acceptable
from onboarding.services import sign_in

UNREACHABLE = (OAuth2Error, RequestException, ImproperlyConfigured, OneLogin_Saml2_Error)


@login_not_required
@require_POST
def sign_in_with(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for that provider, to sign in or to connect it to who is signed in."""
    if too_often := ratelimit.consume_or_429(request, action="login"):
        return too_often
    connecting = request.POST.get("process") == AuthProcess.CONNECT
    if connecting:
        if not request.user.is_authenticated:
            return redirect("account_login")
        raise_if_reauthentication_required(request, app="allauth.socialaccount")
    return leave(request, provider_id, AuthProcess.CONNECT if connecting else AuthProcess.LOGIN)


@login_not_required
def sso(request: HttpRequest) -> HttpResponse:
    """Asks for the address whose domain tells the connection."""
    posted = request.method == "POST"
    if posted and (too_often := ratelimit.consume_or_429(request, action="login")):
        return too_often
    form = SsoForm(request.POST if posted else None)
    if form.is_valid():
        address = form.cleaned_data["email"]
        connection = sign_in.connection_for(address)
        if connection is not None:
            return leave(request, connection.app.provider_id, AuthProcess.LOGIN, hint=address)
        form.say_unknown()
    next_url = get_next_redirect_url(request) or ""
    return render(request, "socialaccount/sso.html", {"form": form, "next": next_url})


def leave(request: HttpRequest, provider_id: str, process: str, *, hint: str = "") -> HttpResponse:
    """The page that leads to the provider; `hint` tells it who is coming. Raises `Http404`."""
    provider = _provider(request, provider_id)
    params: dict[str, Any] = {}
    if hint and provider.id == "openid_connect":
        params["auth_params"] = {"login_hint": hint}
    try:
        answer: HttpResponse = provider.redirect(
            request, process, next_url=get_next_redirect_url(request), **params
        )
    except UNREACHABLE as error:
        return render_authentication_error(request, provider, exception=error)
    url = answer.get("Location", "")
    if not url:
        return answer
    if not is_acceptable(url):
        return render_authentication_error(request, provider)
    return render(request, "socialaccount/leaving.html", {"url": url, "provider": provider})


def _provider(request: HttpRequest, provider_id: str) -> Any:
    """A provider that is configured, and not switched off. Raises `Http404`."""
    connection = sign_in.connection_called(provider_id)
    if not connection.is_enabled if connection else provider_id not in EVERYBODYS:
        raise Http404
    try:
        return get_adapter().get_provider(request, provider=provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None

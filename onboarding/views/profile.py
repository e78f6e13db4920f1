"""The page about a person's own account, and what has no page of allauth's."""

from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from onboarding.forms.profile import NameForm
from onboarding.services import people, sessions
from onboarding.views.external_id import confirm_identity
from onboarding.views.reach import SignedInRequest


@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    factors = Authenticator.objects.filter(user=request.user).values_list("type", flat=True)
    return render(
        request,
        "account/overview.html",
        {
            "waiting": EmailAddress.objects.filter(user=request.user, verified=False).first(),
            "has_app": Authenticator.Type.TOTP in (types := list(factors)),
            "passkeys": types.count(Authenticator.Type.WEBAUTHN),
            "connected": SocialAccount.objects.filter(user=request.user).count(),
            "sessions": len(sessions.standing(request.user)),
        },
    )


def name(request: SignedInRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        people.rename(request.user, name=form.cleaned_data["name"])
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(request, "account/name.html", {"form": form})


def delete(request: SignedInRequest) -> HttpResponse:
    left = people.obstacles(request.user)
    if request.method != "POST" or left:
        return render(request, "account/delete.html", {"obstacles": left})
    confirm_identity(request)
    try:
        people.delete(request.user)
    except people.Refused as refused:
        messages.error(request, str(refused))
        return redirect("account_delete")
    logout(request)
    messages.success(request, "Your account is deleted.")
    return redirect("account_login")


def sign_in_again(request: SignedInRequest) -> HttpResponse:
    """How somebody confirms who they are whom only an identity provider knows."""
    if request.method == "POST":
        back = get_next_redirect_url(request) or reverse("home")
        logout(request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
    # What was sent cannot be sent again after signing in anew: go on where its button is.
    was_sent = request.session.pop(STATE_SESSION_KEY, None) is not None
    back = own_path(request.headers.get("Referer", "")) if was_sent else request.GET.get("next", "")
    return render(request, "account/sign_in_again.html", {"back": back})


def own_path(address: str) -> str:
    """The path of a page of this site; empty for any other."""
    parts = urlsplit(address)
    return parts.path if parts.netloc == urlsplit(settings.SITE_URL).netloc else ""

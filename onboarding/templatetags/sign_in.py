"""Which ways in there are besides the password. Only what is configured: no button leads nowhere."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django import template
from django.http import HttpRequest

from onboarding.forms.providers import EVERYBODYS
from onboarding.services import sign_in

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_in(context: dict[str, Any]) -> dict[str, Any]:
    """`providers`: GitHub and Google, by ID and name; `sso`: whether any Organization has it."""
    request: HttpRequest = context["request"]
    adapter = get_adapter()
    on = {
        provider_id: name
        for provider_id, name in EVERYBODYS.items()
        if adapter.list_apps(request, provider=provider_id)
    }
    sso = sign_in.anybody_has_single_sign_on()
    return {"providers": on, "sso": sso, "any": bool(on) or sso}


@register.simple_tag(takes_context=True)
def identities(context: dict[str, Any]) -> list[dict[str, Any]]:
    """What the person has connected: the provider's name, and how they are called there."""
    user = context["request"].user
    accounts = list(SocialAccount.objects.filter(user=user).order_by("date_joined"))
    names = sign_in.names_of({account.provider for account in accounts})
    return [
        {
            "pk": account.pk,
            "provider": names.get(account.provider, "A provider of before"),
            "called": account.extra_data.get("login") or account.extra_data.get("email", ""),
            "since": account.date_joined,
        }
        for account in accounts
    ]


@register.simple_tag(takes_context=True)
def could_connect(context: dict[str, Any]) -> dict[str, str]:
    """Providers the person could still connect, by ID and name."""
    request = context["request"]
    mine = set(SocialAccount.objects.filter(user=request.user).values_list("provider", flat=True))
    found = dict(ways_in(context)["providers"])
    connection = sign_in.connection_for(request.user.email)
    if connection is not None:
        found[connection.app.provider_id] = str(connection.app)
    return {provider_id: name for provider_id, name in found.items() if provider_id not in mine}

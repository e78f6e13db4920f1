"""Where OpenID Connect providers send people back to."""

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from requests import RequestException

from onboarding.views.providers.oidc.provider import Adapter


class Callback(OAuth2CallbackView):
    """The state is good once, and for the browser and the provider it was made for (allauth)."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = Adapter(request, provider_id)
    try:
        answer: HttpResponse = Callback.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException, ValueError) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)
    return answer


urlpatterns = [
    path("oidc/<slug:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]

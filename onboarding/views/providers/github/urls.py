"""Where GitHub sends people back to."""

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.github.views import oauth2_callback
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def callback(request: HttpRequest) -> HttpResponse:
    """Where GitHub is not configured there is no such page."""
    try:
        answer: HttpResponse = oauth2_callback(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer


urlpatterns = [path("github/login/callback/", callback, name="github_callback")]

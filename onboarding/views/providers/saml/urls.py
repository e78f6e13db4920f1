"""Where SAML providers send people back to, and what they read of us."""

import logging
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml.utils import build_sp_config, get_app_or_404
from allauth.socialaccount.providers.saml.views import FinishACSView
from allauth.socialaccount.providers.saml.views import acs as allauth_acs
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Settings
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

from onboarding.views.providers.saml.provider import STRICT

logger = logging.getLogger(__name__)
UNREADABLE = (
    PermissionDenied,  # answers no question of this browser's: replayed, or meant for another
    ValueError,  # names nobody, or is not what it says it is
    LxmlError,
    OneLogin_Saml2_Error,
    OneLogin_Saml2_ValidationError,
)


class Finish(FinishACSView):
    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        try:
            answer: HttpResponse = super().dispatch(request, organization_slug)
        except UNREADABLE as error:
            provider = self.get_provider(organization_slug)
            return render_authentication_error(request, provider, exception=error)
        return answer


@csrf_exempt
@login_not_required
@require_POST
def acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the provider's page posts. Kept for the moment until the browser's own cookies come.

    It is another site's form; what it says counts by its signature and by the question it answers.
    """
    if too_often := ratelimit.consume_or_429(request, action="login"):
        return too_often
    get_app_or_404(request, organization_slug)
    answer: HttpResponse = allauth_acs(request, organization_slug)
    for cookie in answer.cookies.values():
        cookie["httponly"] = True
    return answer


finish = login_not_required(Finish.as_view())


@login_not_required
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Who we are, for the provider. Also before we know who the provider is."""
    get_app_or_404(request, organization_slug)
    sp: dict[str, Any] = build_sp_config(request, {"advanced": STRICT}, organization_slug)
    del sp["singleLogoutService"]
    security = {"wantAssertionsSigned": True, "allowSingleLabelDomains": True}
    settings = {"strict": True, "sp": sp, "security": security}
    written = OneLogin_Saml2_Settings(settings, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(written, content_type="application/samlmetadata+xml; charset=utf-8")


@login_not_required
def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """An address that python3-saml must be able to name. Signing out is the person's own."""
    raise Http404


urlpatterns = [
    path("saml/<slug:organization_slug>/acs/", acs, name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", finish, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/metadata/", metadata, name="saml_metadata"),
    path("saml/<slug:organization_slug>/sls/", no_single_logout, name="saml_sls"),
]

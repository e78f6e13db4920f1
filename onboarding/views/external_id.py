"""Showing the external ID: to Owners who signed in a moment ago, and on the record."""

from uuid import UUID

from allauth.account.reauthentication import did_recently_authenticate
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from onboarding.services import organizations
from onboarding.views.reach import organization_of


def back_to(request: HttpRequest, fallback: str) -> str:
    """The page of ours the person came from, as the form says; else `fallback`."""
    wanted = request.POST.get("back", "")
    fine = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if fine and wanted.startswith("/") else fallback


def sign_in_again(request: HttpRequest, back: str) -> HttpResponse:
    """Ask for the password, then go back to the page; the button has to be pressed once more."""
    messages.info(request, "Confirm that it is you, then choose the button again.")
    url = reverse("account_reauthenticate") + "?" + urlencode({"next": back})
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@require_POST
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    organization = organization_of(request, pk)
    back = back_to(request, reverse("organization", args=[pk]))
    if not organization.is_owned_by(request.user):
        raise PermissionDenied
    if not did_recently_authenticate(request):
        return sign_in_again(request, back)
    value = organizations.show_external_id(organization, by=request.user, reason="shown")
    whole = "onboarding/external_id.html"
    return render(
        request,
        "onboarding/parts/external_id.html" if request.htmx else whole,
        {"organization": organization, "external_id": value, "back": back},
    )

"""Showing the external ID: to Owners who confirmed a moment ago who they are, and on record."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from onboarding.aws import console
from onboarding.jobs import renewal as renewals
from onboarding.models import Organization
from onboarding.policy import renewal as commands
from onboarding.services import external_id
from onboarding.views.reach import SignedInRequest, organization_of, owned_organization

A_PAGE = 50
"""Roles shown at once: those still to be updated come first."""


def back_to(request: SignedInRequest, fallback: str) -> str:
    """The page of ours the person came from, as the form says; else `fallback`."""
    wanted = request.POST.get("back", "")
    fine = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if fine and wanted.startswith("/") else fallback


def confirm_identity(request: SignedInRequest) -> None:
    """Raises `ReauthenticationRequired` unless the person gave a password in the last minutes.

    allauth then asks for it and plays the request again.
    """
    reauthentication_required(lambda request: None)(request)


def confirmation_page(request: SignedInRequest, back: str, button: str) -> str:
    """The page that asks for the password; then `back` tells to choose `button` once more."""
    messages.info(request, f"Now choose {button} again.")
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


@require_POST
def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = organization_of(request, pk)
    back = back_to(request, reverse("organization", args=[pk]))
    if not organization.is_owned_by(request.user):
        raise PermissionDenied
    in_place = getattr(request, "htmx", False)
    try:
        confirm_identity(request)
    except ReauthenticationRequired:
        if not in_place:
            raise
        # A page cannot be asked for a password in place: go there, and come back.
        return HttpResponseClientRedirect(confirmation_page(request, back, "Show"))
    value = external_id.show(organization, by=request.user, reason="shown")
    return render(
        request,
        "onboarding/parts/external_id.html" if in_place else "onboarding/external_id.html",
        {"organization": organization, "external_id": value, "back": back},
    )


def renewal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far the change to a new external ID is; posted to, it begins."""
    organization = owned_organization(request, pk)
    if request.method != "POST":
        return render(request, "onboarding/external_id_renewal.html", _renewal(organization))
    confirm_identity(request)
    try:
        external_id.renew(organization, by=request.user)
    except external_id.RenewalUnderWay:
        messages.info(request, "It is being renewed already. What is left to do stands below.")
    return redirect("external_id_renewal", pk)


@require_POST
def end_renewal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    confirm_identity(request)
    external_id.retire_former(organization, by=request.user)
    messages.success(request, "The former external ID is retired. We look at each role now.")
    return redirect("external_id_renewal", pk)


def _renewal(organization: Organization) -> dict[str, Any]:
    roles = list(renewals.in_use(organization))
    left = [role for role in roles if renewals.is_left(role)]
    shown = left[:A_PAGE]
    return {
        "organization": organization,
        "is_owner": True,
        "roles": len(roles),
        "proved": sum(role.was_proved for role in roles),
        "left": [
            (
                role,
                role.opens == "warning",
                commands.trust_command(role.aws_account_id),
                commands.stack_command(role.aws_account_id),
            )
            for role in shown
        ],
        "more_left": len(left) - len(shown),
        "updated": [role for role in roles if role.is_renewed and role not in left][:A_PAGE],
        "give": commands.GIVE,
        "stacks_url": console.stacks("us-east-1"),
        "role_url": console.role(),
    }

"""The Owner's side of a hand-over: sending the link, seeing who opened it when, taking it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onboarding.forms.handover import HandoverForm
from onboarding.models import Installation
from onboarding.services import handover as service
from onboarding.views.external_id import confirm_identity
from onboarding.views.reach import SignedInRequest, reached

SHOWN = 20


@reached
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """The page; posted to it is an address, which gets the link."""
    is_owner = installation.organization.is_owned_by(request.user)
    if request.method == "POST" and not is_owner:
        raise PermissionDenied
    form = HandoverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        confirm_identity(request)
        try:
            service.hand_over(installation, email=form.cleaned_data["email"], by=request.user)
        except (service.NotNeeded, service.TooMany) as told:
            form.add_error(None, str(told))
        else:
            if form.caution:
                messages.warning(request, form.caution)
            messages.success(request, f"Link sent to {form.cleaned_data['email']}.")
            return redirect("handovers", installation.pk)
    context = {
        "installation": installation,
        "form": form,
        "is_owner": is_owner,
        "is_needed": service.is_needed(installation),
        "sent": list(
            installation.handovers.select_related("created_by").prefetch_related("visits")[:SHOWN]
        ),
    }
    return render(request, "onboarding/handovers.html", context)


@require_POST
@reached
def withdraw(request: SignedInRequest, installation: Installation, handover: UUID) -> HttpResponse:
    if not installation.organization.is_owned_by(request.user):
        raise PermissionDenied
    found = installation.handovers.filter(pk=handover).first()
    if found is None:
        raise Http404
    service.withdraw(found, by=request.user)
    messages.success(request, f"Withdrawn. The link to {found.email} opens nothing any more.")
    return redirect("handovers", installation.pk)

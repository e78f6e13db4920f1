"""The list of installations, and starting one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from onboarding.models import Installation, Organization
from onboarding.services import installations
from onboarding.views.reach import SignedInRequest
from onboarding.wizard import STEPS


def home(request: SignedInRequest) -> HttpResponse:
    organizations = list(Organization.objects.of(request.user))
    if not organizations and request.user.is_staff:
        return redirect("admin:onboarding_installation_changelist")
    mine = Installation.objects.visible_to(request.user).select_related("organization")
    request.organization = organizations[0] if organizations else None
    return render(
        request,
        "onboarding/home.html",
        {"organizations": organizations, "installations": mine},
    )


@require_POST
def new(request: SignedInRequest) -> HttpResponse:
    """Start an installation, in the Organization named or in the only one there is."""
    mine = Organization.objects.of(request.user)
    wanted = request.POST.get("organization", "")
    if not mine:
        return redirect("organization_new")
    organization = get_object_or_404(mine, short_name=wanted) if wanted else mine[0]
    installation = installations.start(organization, by=request.user)
    return redirect("step", installation.pk, STEPS[0].slug)

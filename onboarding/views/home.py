"""The list of installations, and starting one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from onboarding.models import Installation, Organization
from onboarding.services import installations, invitations
from onboarding.services.conversation_lines import with_news
from onboarding.views.reach import SignedInRequest, admit, organization_here, organizations_of
from onboarding.wizard import STEPS


def home(request: SignedInRequest) -> HttpResponse:
    """The installations of the Organization chosen in the header."""
    organization = organization_here(request)
    if organization is None and request.user.is_staff:
        return redirect("admin:onboarding_installation_changelist")
    if organization is not None:
        admit(request, organization)
    mine = Installation.objects.visible_to(request.user).filter(organization=organization)
    context = {
        "organization": organization,
        "others": len(organizations_of(request)) - 1,
        "installations": with_news(mine, by=request.user),
        "invitations": list(invitations.open_for(request.user)),
    }
    return render(request, "onboarding/home.html", context)


@require_POST
def new(request: SignedInRequest) -> HttpResponse:
    """Start an installation, in the Organization named or in the one chosen in the header."""
    wanted = request.POST.get("organization", "")
    organization = organization_here(request)
    if organization is None:
        return redirect("organization_new")
    if wanted:
        organization = get_object_or_404(Organization.objects.of(request.user), short_name=wanted)
    admit(request, organization)
    installation = installations.start(organization, by=request.user)
    return redirect("step", installation.pk, STEPS[0].slug)

"""Founding an Organization, and its page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from onboarding.forms.accounts import OrganizationForm
from onboarding.services import organizations
from onboarding.views.reach import SignedInRequest, organization_of


def new(request: SignedInRequest) -> HttpResponse:
    form = OrganizationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            organizations.found(**form.cleaned_data, by=request.user)
        except organizations.ShortNameTaken:
            form.add_error(
                "short_name", "Another Organization has this short name. Choose another."
            )
        else:
            return redirect("home")
    return render(request, "onboarding/organization_new.html", {"form": form})


def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = organization_of(request, pk)
    return render(
        request,
        "onboarding/organization.html",
        {
            "organization": organization,
            "members": organization.memberships.select_related("user").order_by("-role", "pk"),
            "is_owner": organization.is_owned_by(request.user),
            "looks": organization.events.filter(kind="external_id_shown")
            .select_related("by")
            .order_by("-at")[:20],
        },
    )

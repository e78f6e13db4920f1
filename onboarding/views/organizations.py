"""Founding an Organization, its page, its name, and choosing one in the header."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from onboarding.forms.organizations import OrganizationForm, RenameForm
from onboarding.models import Event, Mail, Membership, Organization, User
from onboarding.services import invitations, members, organizations, people, sessions
from onboarding.views.happened import HAPPENED, happened
from onboarding.views.reach import CHOSEN, SignedInRequest, organization_of, owned_organization

A_PAGE = 50
LATEST = 8
"""What the page shows of what happened; the rest has a page of its own."""


def new(request: SignedInRequest) -> HttpResponse:
    form = OrganizationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            organization = organizations.found(**form.cleaned_data, by=request.user)
        except organizations.ShortNameTaken:
            form.add_error(
                "short_name", "Another Organization has this short name. Choose another."
            )
        except members.NotVerified:
            messages.info(request, "Confirm your e-mail address first: the link is in our mail.")
            return redirect("account_email")
        else:
            sessions.renew(request.session)
            request.session[CHOSEN] = str(organization.pk)
            return redirect("home")
    context = {"form": form, "invitations": list(invitations.open_for(request.user))}
    return render(request, "onboarding/organization_new.html", context)


def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = organization_of(request, pk)
    owners = Q(role=Membership.Role.OWNER)
    memberships = organization.memberships.select_related("user").order_by("-role", "user__email")
    memberships = memberships.annotate(mail_comes_back=_came_back("user__email"))
    counted = organization.memberships.aggregate(
        people=Count("pk"),
        owners=Count("pk", filter=owners),
        mine=Count("pk", filter=owners & Q(user=request.user)),
    )
    pages = Paginator(memberships, A_PAGE)
    pages.count = counted["people"]  # known already
    context = {
        "organization": organization,
        "page": pages.get_page(request.GET.get("page")),
        "is_owner": counted["mine"] == 1,
        "owners": counted["owners"],
        "happened": [happened(event) for event in _events(organization)[:LATEST]],
    }
    if context["is_owner"]:
        context |= _for_owners(organization, request.user)
    return render(request, "onboarding/organization.html", context)


def _for_owners(organization: Organization, by: User) -> dict[str, Any]:
    looks = organization.events.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN)
    unsettled = organization.invitations.filter(accepted_at=None, revoked_at=None)
    return {
        "looks": looks.select_related("by").order_by("-at")[:20],
        "without_second_factor": people.without_second_factor(organization),
        "has_second_factor": people.has_second_factor(by),
        "invitations": list(
            unsettled.select_related("invited_by").annotate(mail_came_back=_came_back("email"))[
                :A_PAGE
            ]
        ),
    }


def _came_back(address: str) -> Exists:
    """Whether mail does not arrive at the address in that column."""
    return Exists(Mail.objects.came_back().filter(to=OuterRef(address)))


@require_safe
def history(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """All that happened to the Organization itself and to its people, newest first."""
    organization = organization_of(request, pk)
    page = Paginator(_events(organization), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization,
        "page": page,
        "happened": [happened(event) for event in page],
    }
    return render(request, "onboarding/organization_history.html", context)


def rename(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = RenameForm(posted, initial={"name": organization.name})
    if form.is_valid():
        organizations.rename(organization, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, "Renamed.")
        return redirect("organization", pk)
    return render(
        request, "onboarding/organization_name.html", {"organization": organization, "form": form}
    )


@require_POST
def switch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose the Organization whose installations home shows, until another is chosen."""
    request.session[CHOSEN] = str(organization_of(request, pk).pk)
    return redirect("home")


def _events(organization: Organization) -> Any:
    """What is about one installation stands on that one's pages."""
    found = organization.events.filter(kind__in=HAPPENED, installation=None)
    return found.select_related("by").order_by("-at", "-pk")

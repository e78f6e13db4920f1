"""Who belongs to an Organization: changing a role, removing somebody, leaving.

Each has a page that says what will happen, with one button; it works without scripts.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onboarding.models import Membership, Organization
from onboarding.services import members, sessions
from onboarding.views.external_id import confirm_identity
from onboarding.views.happened import A_ROLE
from onboarding.views.reach import SignedInRequest, organization_of, owned_organization

Role = Membership.Role
LAST_OWNER = (
    "An Organization needs an Owner, and there is no other. Make somebody else an Owner first."
)


def role(request: SignedInRequest, pk: UUID, member: int) -> HttpResponse:
    """Make a Member an Owner, or an Owner a Member."""
    organization = owned_organization(request, pk)
    membership = _member(organization, member)
    to = Role.MEMBER if membership.role == Role.OWNER else Role.OWNER
    if request.method != "POST":
        context = {"membership": membership, "to": to}
        return _page(request, "onboarding/member_role.html", organization, context)
    # What the page said, not the other one of the two: it may have changed since.
    wanted = Role.OWNER if request.POST.get("role") == Role.OWNER else Role.MEMBER
    confirm_identity(request)
    myself = membership.user == request.user
    keep = request.session.session_key or ""

    def change() -> None:
        members.change_role(
            membership, wanted, by=request.user, keep_session=keep if myself else ""
        )
        if myself:
            sessions.renew(request.session)

    said = f"{membership.user.get_full_name()} is {A_ROLE[wanted]} now."
    return _done(request, change, organization, said)


def remove(request: SignedInRequest, pk: UUID, member: int) -> HttpResponse:
    organization = owned_organization(request, pk)
    membership = _member(organization, member)
    if membership.user == request.user:
        return redirect("organization_leave", pk)
    if request.method != "POST":
        context = {"membership": membership}
        return _page(request, "onboarding/member_remove.html", organization, context)
    confirm_identity(request)
    return _done(
        request,
        lambda: members.remove(membership, by=request.user),
        organization,
        f"{membership.user.get_full_name()} does not belong to {organization.name} any more.",
    )


def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = organization_of(request, pk)
    if request.method != "POST":
        last = [one.user_id for one in organization.owners()] == [request.user.pk]
        context = {"is_last_owner": last}
        return _page(request, "onboarding/organization_leave.html", organization, context)
    try:
        members.leave(organization, by=request.user, keep_session=request.session.session_key or "")
    except members.LastOwner:
        messages.error(request, LAST_OWNER)
        return redirect("organization", pk)
    sessions.renew(request.session)
    messages.success(request, f"You left {organization.name}.")
    return redirect("home")


def _member(organization: Organization, pk: int) -> Membership:
    found = organization.memberships.select_related("user", "organization").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: SignedInRequest, template: str, organization: Organization, context: dict[str, Any]
) -> HttpResponse:
    return render(request, template, {"organization": organization, **context})


def _done(
    request: SignedInRequest, verb: Callable[[], None], organization: Organization, said: str
) -> HttpResponse:
    """Do it and say so; somebody else may have been quicker."""
    try:
        verb()
    except PermissionError as error:
        raise PermissionDenied from error
    except members.LastOwner:
        messages.error(request, LAST_OWNER)
    except Membership.DoesNotExist:
        messages.info(request, "This person has gone in the meantime.")
    else:
        messages.success(request, said)
    return redirect("organization", organization.pk)

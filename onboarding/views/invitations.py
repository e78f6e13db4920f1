"""Inviting somebody, and taking an invitation up."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onboarding.forms.organizations import InvitationForm
from onboarding.models import Invitation, Membership, Organization
from onboarding.services import invitations, sessions
from onboarding.views.external_id import confirm_identity
from onboarding.views.reach import CHOSEN, SignedInRequest, owned_organization

GONE = "This invitation is not open any more."
BELONGS = "Whoever has this address belongs to the Organization already."


def invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["role"] == Membership.Role.OWNER:
            confirm_identity(request)
        try:
            invitations.invite(organization, **form.cleaned_data, by=request.user)
        except invitations.AlreadyBelongs:
            form.add_error("email", BELONGS)
        except invitations.TooMany as told:
            form.add_error(None, str(told))
        else:
            if form.caution:
                messages.warning(request, form.caution)
            messages.success(request, f"Invitation sent to {form.cleaned_data['email']}.")
            return redirect("organization", pk)
    context = {"organization": organization, "form": form}
    return render(request, "onboarding/organization_invite.html", context)


@require_POST
def send_again(request: SignedInRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    found = _invitation(owned_organization(request, pk), invitation)
    if found.role == Membership.Role.OWNER:
        confirm_identity(request)
    try:
        invitations.send_again(found, by=request.user)
    except invitations.TooMany as told:
        messages.error(request, str(told))
    except invitations.AlreadyBelongs:
        messages.info(request, BELONGS)
    except invitations.NotOpen:
        messages.info(request, GONE)
    else:
        messages.success(request, f"Sent again to {found.email}. The link before is void.")
    return redirect("organization", pk)


def withdraw(request: SignedInRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    found = _invitation(organization, invitation)
    if request.method != "POST":
        context = {"organization": organization, "invitation": found}
        return render(request, "onboarding/invitation_withdraw.html", context)
    try:
        invitations.withdraw(found, by=request.user)
    except invitations.NotOpen:
        messages.info(request, GONE)
    else:
        messages.success(request, f"The invitation to {found.email} is withdrawn.")
    return redirect("organization", pk)


@login_not_required
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link in the mail: it tells, and asks before anybody joins."""
    invitation = invitations.find(secret)
    if invitation is None:
        return render(request, "onboarding/invitation_gone.html", status=404)
    user = request.user
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect_to_login(request.path)
        if invitations.is_for(invitation, user):
            return _join(request, invitation)  # type: ignore[arg-type]
    context = {
        "invitation": invitation,
        "is_for_them": user.is_authenticated and invitations.is_for(invitation, user),
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "onboarding/invitation.html", context, status=status)


def mine(request: SignedInRequest) -> HttpResponse:
    """The open invitations to the person's own addresses, also for who lost the mail."""
    open_ones = list(invitations.open_for(request.user))
    if request.method == "POST":
        wanted = request.POST.get("invitation", "")
        chosen = next((one for one in open_ones if str(one.pk) == wanted), None)
        if chosen is None:
            messages.info(request, GONE)
            return redirect("invitations")
        return _join(request, chosen)
    return render(request, "onboarding/invitations.html", {"invitations": open_ones})


def _join(request: SignedInRequest, invitation: Invitation) -> HttpResponse:
    organization = invitation.organization
    try:
        membership = invitations.accept(invitation, by=request.user)
    except PermissionError as error:
        raise PermissionDenied from error
    except invitations.NotOpen:
        messages.info(request, GONE)
        return redirect("home")
    sessions.renew(request.session)
    request.session[CHOSEN] = str(organization.pk)
    role = membership.get_role_display()
    messages.success(request, f"You belong to {organization.name} now, as {role}.")
    return redirect("home")


def _invitation(organization: Organization, pk: UUID) -> Invitation:
    found = organization.invitations.select_related("organization").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

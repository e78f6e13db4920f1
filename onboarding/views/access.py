"""The buttons of the access and checks steps: each starts work and goes back to its page."""

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from onboarding.forms.credentials import CredentialsForm
from onboarding.jobs.edition import in_effect
from onboarding.jobs.handoff import HandoffUnavailable
from onboarding.models import Installation, Status
from onboarding.policy import cloudformation, shell, terraform
from onboarding.services import access
from onboarding.services import external_id as external_ids
from onboarding.views.external_id import back_to, confirm_identity, confirmation_page
from onboarding.views.reach import SignedInRequest, reached
from onboarding.views.wizard import show_step
from onboarding.wizard.ways import template_url

Method = Installation.AccessMethod


def _access_page(installation: Installation) -> str:
    return reverse("step", args=[installation.pk, "access"])


def _refuse_without_account(installation: Installation) -> HttpResponse | None:
    """There is nothing to look at before the account is known, or after support took over."""
    if installation.aws_account_id and installation.is_editable:
        return None
    return redirect(_access_page(installation))


def _external_id(request: SignedInRequest, installation: Installation, reason: str) -> str:
    """The external ID, for an Owner who confirmed a moment ago who they are."""
    if not installation.organization.is_owned_by(request.user):
        raise PermissionDenied
    confirm_identity(request)
    return external_ids.show(
        installation.organization, by=request.user, reason=reason, installation=installation
    )


@require_POST
@reached
def console(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """Open CloudFormation with the external ID filled in: behind the #, so no server logs it."""
    refusal = _refuse_without_account(installation)
    if refusal:
        return refusal
    external_id = _external_id(request, installation, "AWS console")
    access.choose(installation, Method.CONSOLE, by=request.user)
    return HttpResponseRedirect(
        cloudformation.quick_create_url(
            console_url=settings.AWS_CONSOLE_URL,
            template_url=template_url(in_effect()),
            external_id=external_id,
        )
    )


@require_POST
@reached
def script(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """The shell script, with the external ID filled in for an Owner who asks for that."""
    refusal = _refuse_without_account(installation)
    if refusal:
        return refusal
    filled_in = "with_external_id" in request.POST
    try:
        external_id = _external_id(request, installation, "script") if filled_in else None
    except ReauthenticationRequired:
        # A download leaves the page where it is: that must not be the one that asks.
        back = f"{_access_page(installation)}?way=script"
        return redirect(confirmation_page(request, back, "Download"))
    access.choose(installation, Method.SCRIPT, by=request.user)
    return download(shell.script(in_effect(), external_id), shell.FILE_NAME, "text/x-shellscript")


@require_POST
@reached
def module(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """The Terraform module. The external ID is a variable of it: what is committed holds none."""
    refusal = _refuse_without_account(installation)
    if refusal:
        return refusal
    access.choose(installation, Method.TERRAFORM, by=request.user)
    return download(terraform.module(in_effect()), terraform.FILE_NAME, "text/plain")


def download(content: str, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@reached
def look(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """Looking changes nothing, so it may be asked for after support took over too."""
    if installation.aws_account_id and installation.status != Status.CANCELLED:
        try:
            access.look_for_role(installation)
        except access.LookedJustNow as told:
            messages.info(request, str(told))
    return redirect(back_to(request, _access_page(installation)))


@require_POST
@reached
def check_account(request: SignedInRequest, installation: Installation) -> HttpResponse:
    refusal = _refuse_without_account(installation)
    if not refusal:
        access.check_account(installation, everything="everything" in request.POST)
    return refusal or redirect("step", installation.pk, "checks")


@sensitive_post_parameters()
@require_POST
@reached
def create_role(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """Take temporary credentials, pass them on sealed, and show the page that follows the work."""
    refusal = _refuse_without_account(installation)
    if refusal:
        return refusal
    form = CredentialsForm(request.POST)
    if form.is_valid():
        try:
            access.create_role(installation, form.credentials, by=request.user)
        except HandoffUnavailable:
            form.add_error(None, "We could not take the credentials just now. Nothing was kept.")
        else:
            return redirect(_access_page(installation))
    return show_step(request, installation, "access", credentials_form=form)

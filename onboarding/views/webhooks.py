"""An Organization's webhooks: Owners add and change them, try them out and read their log."""

from typing import Any
from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onboarding.forms.webhooks import NewWebhookForm, WebhookForm
from onboarding.jobs import told
from onboarding.models import Organization, Webhook
from onboarding.services import webhooks
from onboarding.views.external_id import confirm_identity
from onboarding.views.reach import SignedInRequest, owned_organization

LATEST = 50
"""Deliveries shown of one webhook."""
CHOICES = [(kind.value, said) for kind, said in told.TOLD.items()]
AGAIN = "Confirm once more who you are, then save again. The link is below."


def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    found = list(organization.webhooks.all())
    context = {
        "organization": organization,
        "webhooks": [(each, webhooks.host_of(each)) for each in found],
        "is_full": len(found) >= webhooks.MOST,
    }
    return render(request, "onboarding/webhooks.html", context)


def new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    if request.method != "POST":
        confirm_identity(request)
    form = NewWebhookForm(CHOICES, request.POST if request.method == "POST" else None)
    if form.is_valid() and _confirmed(request, form):
        try:
            webhook, secret = webhooks.add(organization, **form.cleaned_data, by=request.user)
        except webhooks.NotAcceptable as told_them:
            form.add_error(None, str(told_them))
        else:
            if secret:
                return _secret(request, webhook, secret)
            messages.success(request, "Added. Send a test, to see that it arrives.")
            return redirect("webhook", pk, webhook.pk)
    context = {"organization": organization, "form": form}
    return render(request, "onboarding/webhook_new.html", context)


def one(request: SignedInRequest, pk: UUID, webhook: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    found = _webhook(organization, webhook)
    form = WebhookForm(CHOICES, found, request.POST if request.method == "POST" else None)
    if form.is_valid() and _confirmed(request, form):
        try:
            webhooks.change(found, **form.cleaned_data, by=request.user)
        except webhooks.NotAcceptable as told_them:
            form.add_error("url", str(told_them))
        else:
            messages.success(request, "Saved.")
            return redirect("webhook", pk, found.pk)
    context = {
        "organization": organization,
        "webhook": found,
        "host": webhooks.host_of(found),
        "form": form,
        "deliveries": list(found.deliveries.select_related("event")[:LATEST]),
    }
    return render(request, "onboarding/webhook.html", context)


@require_POST
def renew_secret(request: SignedInRequest, pk: UUID, webhook: UUID) -> HttpResponse:
    found = _webhook(owned_organization(request, pk), webhook)
    confirm_identity(request)
    try:
        secret = webhooks.renew_secret(found, by=request.user)
    except webhooks.NotAcceptable as told_them:
        messages.info(request, str(told_them))
        return redirect("webhook", pk, webhook)
    return _secret(request, found, secret)


@require_POST
def try_out(request: SignedInRequest, pk: UUID, webhook: UUID) -> HttpResponse:
    webhooks.try_out(_webhook(owned_organization(request, pk), webhook), by=request.user)
    messages.success(request, "The test is on its way. Its answer stands in the log below.")
    return redirect("webhook", pk, webhook)


def remove(request: SignedInRequest, pk: UUID, webhook: UUID) -> HttpResponse:
    organization = owned_organization(request, pk)
    found = _webhook(organization, webhook)
    if request.method != "POST":
        context = {"organization": organization, "webhook": found}
        return render(request, "onboarding/webhook_remove.html", context)
    webhooks.remove(found, by=request.user)
    messages.success(request, f"{found.name} is removed.")
    return redirect("webhooks", pk)


@require_POST
def replay(request: SignedInRequest, pk: UUID, webhook: UUID, delivery: UUID) -> HttpResponse:
    found = _webhook(owned_organization(request, pk), webhook)
    sent = found.deliveries.filter(pk=delivery).select_related("webhook__organization").first()
    if sent is None:
        raise Http404
    webhooks.replay(sent, by=request.user)
    messages.success(request, "It is sent once more. Its answer stands in the log below.")
    return redirect("webhook", pk, webhook)


def _webhook(organization: Organization, pk: UUID) -> Webhook:
    found = organization.webhooks.select_related("organization").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _confirmed(request: SignedInRequest, form: forms.Form) -> bool:
    """Whether the person said a moment ago who they are; else the form says that they must.

    allauth would keep what was posted, address and all, in the session meanwhile.
    """
    try:
        confirm_identity(request)
    except ReauthenticationRequired:
        form.add_error(None, AGAIN)
        return False
    return True


def _secret(request: SignedInRequest, webhook: Webhook, secret: str) -> HttpResponse:
    """In answer to the POST itself, which no page and no history holds."""
    context: dict[str, Any] = {
        "organization": webhook.organization,
        "webhook": webhook,
        "secret": secret,
    }
    return render(request, "onboarding/webhook_secret.html", context)

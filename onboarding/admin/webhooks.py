"""Support's own webhooks, which hear of every Organization, and the log of all deliveries.

A lead of support sets them up; everybody at the desk reads. Of an address the host is shown and no
more, and a secret once.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from onboarding.admin.reading import LEAD, ReadOnlyAdmin, may
from onboarding.forms.webhooks import NewWebhookForm, WebhookForm
from onboarding.jobs import told
from onboarding.models import User, Webhook
from onboarding.services import webhooks

FOLDER = "admin/onboarding/webhook"
LIST, PAGE = "admin:onboarding_webhook_changelist", "admin:onboarding_webhook_change"
LATEST = 50
"""Deliveries shown of one webhook."""
CHOICES = [(kind.value, said) for kind, said in told.TOLD.items()]


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ("name", "format", "host", "hears", "is_enabled")
    change_list_template = f"{FOLDER}/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Those of customers are theirs; their deliveries stand in the log."""
        return super().get_queryset(request).filter(organization=None)

    @admin.display(description="to")
    def host(self, webhook: Webhook) -> str:
        return webhooks.host_of(webhook)

    @admin.display(description="hears of")
    def hears(self, webhook: Webhook) -> str:
        return f"{len(webhook.events)} kinds of event" if webhook.events else "Everything"

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "onboarding_webhook"
        return [
            path("new/", view(self.new), name=f"{name}_new"),
            path("<str:object_id>/secret/", view(self.renew_secret), name=f"{name}_secret"),
            path("<str:object_id>/test/", view(self.try_out), name=f"{name}_test"),
            path("<str:object_id>/remove/", view(self.remove), name=f"{name}_remove"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "Support's webhooks", "is_lead": may(request, LEAD)}
        return super().changelist_view(request, context | (extra_context or {}))

    def new(self, request: HttpRequest) -> HttpResponse:
        self.for_leads(request)
        form = NewWebhookForm(CHOICES, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                with transaction.atomic():
                    webhook, secret = webhooks.add(None, **form.cleaned_data, by=_person(request))
                    self.log_addition(request, webhook, "Added")
            except webhooks.NotAcceptable as told_them:
                form.add_error(None, str(told_them))
            else:
                if secret:
                    return self.secret(request, webhook, secret)
                messages.success(request, "Added. Send a test, to see that it arrives.")
                return redirect(PAGE, webhook.pk)
        return self.page(request, "new", {"title": "Add a webhook", "form": form})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One webhook, in place of Django's form: its log, and for leads its settings."""
        webhook = self.reach(request, object_id)
        if request.method == "POST":
            self.for_leads(request)
        if webhook is None:
            return self.missing(request)
        form = WebhookForm(CHOICES, webhook, request.POST if request.method == "POST" else None)
        if form.is_valid() and self.changed(request, webhook, form):
            messages.success(request, "Saved.")
            return redirect(PAGE, webhook.pk)
        context = {
            "title": webhook.name,
            "webhook": webhook,
            "host": webhooks.host_of(webhook),
            "form": form,
            "is_lead": may(request, LEAD),
            "deliveries": list(webhook.deliveries.select_related("event")[:LATEST]),
        }
        return self.page(request, "one", context)

    def changed(self, request: HttpRequest, webhook: Webhook, form: WebhookForm) -> bool:
        try:
            with transaction.atomic():
                webhooks.change(webhook, **form.cleaned_data, by=_person(request))
                self.log_change(request, webhook, "Changed")
        except webhooks.NotAcceptable as told_them:
            form.add_error("url", str(told_them))
            return False
        return True

    def renew_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def renew(webhook: Webhook) -> HttpResponse:
            secret = webhooks.renew_secret(webhook, by=_person(request))
            return self.secret(request, webhook, secret)

        return self.do(request, object_id, renew, "New secret")

    def try_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def send(webhook: Webhook) -> HttpResponse:
            webhooks.try_out(webhook, by=_person(request))
            messages.success(request, "The test is on its way. Its answer stands in the log below.")
            return redirect(PAGE, webhook.pk)

        return self.do(request, object_id, send, "Test sent")

    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """With its log of deliveries: asked first."""
        self.for_leads(request)
        if request.method != "POST":
            webhook = self.reach(request, object_id)
            if webhook is None:
                return self.missing(request)
            return self.page(request, "remove", {"title": "Remove", "webhook": webhook})

        def take_out(webhook: Webhook) -> HttpResponse:
            webhooks.remove(webhook, by=_person(request))
            messages.success(request, f"{webhook.name} is removed.")
            return redirect(LIST)

        return self.do(request, object_id, take_out, "Removed")

    def do(
        self,
        request: HttpRequest,
        object_id: str,
        verb: Callable[[Webhook], HttpResponse],
        logged: str,
    ) -> HttpResponse:
        """One button of a lead, written into Django's log with what it did."""
        self.for_leads(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        webhook = self.reach(request, object_id)
        if webhook is None:
            return self.missing(request)
        try:
            with transaction.atomic():
                self.log_change(request, webhook, logged)
                return verb(webhook)
        except webhooks.NotAcceptable as told_them:
            messages.error(request, str(told_them))
            return redirect(PAGE, object_id)

    def for_leads(self, request: HttpRequest) -> None:
        if not may(request, LEAD):
            raise PermissionDenied

    def reach(self, request: HttpRequest, object_id: str) -> Webhook | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return self.get_queryset(request).filter(pk=object_id).first()
        except ValidationError:
            return None

    def missing(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, "There is no such webhook. Choose one from the list.")
        return redirect(LIST)

    def secret(self, request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
        """In answer to the POST itself, which no page and no history holds."""
        context = {"title": "The secret", "webhook": webhook, "secret": secret}
        return self.page(request, "secret", context)

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        return render(request, f"{FOLDER}/{name}.html", {"has_permission": True} | context)


def _person(request: HttpRequest) -> User:
    """Whoever asks: nobody comes this far without signing in."""
    return cast(User, request.user)

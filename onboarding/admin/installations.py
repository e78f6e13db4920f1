"""The dossier of one installation, and what support does with it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from onboarding.admin.actions import Action, action_named
from onboarding.admin.dossier import dossier, log_of
from onboarding.admin.evidence_pack import evidence_url
from onboarding.admin.queue import QueueAdmin
from onboarding.admin.reading import opened
from onboarding.models import IllegalMove, Installation, User
from onboarding.services.installations import NotReported
from onboarding.services.review import NameTaken, NotOverridable

REFUSALS = (NotReported, NotOverridable, NameTaken, ValueError)
"""Their texts are for the person of support."""
FOLDER = "admin/onboarding/installation"


@admin.register(Installation)
class InstallationAdmin(QueueAdmin):
    """The queue is in `onboarding.admin.queue`; here are the pages of one installation."""

    class Media:
        css = {"all": ("css/components.css", "css/desk.css")}  # noqa: RUF012  (Django's own shape)

    def get_urls(self) -> list[URLPattern]:
        act = path(
            "<uuid:pk>/do/<slug:slug>/",
            self.admin_site.admin_view(self.act),
            name="onboarding_installation_act",
        )
        log_page = path(
            "<uuid:pk>/log/",
            self.admin_site.admin_view(self.log_page),
            name="onboarding_installation_log",
        )
        return [act, log_page, evidence_url(self), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The dossier, in place of Django's form."""
        installation = self.reach(request, object_id)
        if installation is None:
            return self.missing(request)
        user = cast(User, request.user)
        return self.page(request, "dossier", dossier(installation, user))

    def log_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        installation = self.reach(request, str(pk))
        if installation is None:
            return self.missing(request)
        return self.page(request, "log", log_of(installation))

    def act(self, request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
        """Ask what the action needs, then do it through its verb."""
        installation, action = self.reach(request, str(pk)), action_named(slug)
        if installation is None or action is None:
            return self.missing(request)
        if not action.is_for(cast(User, request.user)):
            raise PermissionDenied
        form = action.form(installation, request.POST if request.method == "POST" else None)
        if not action.is_open(installation):
            self.refuse(request, installation, action)
        elif form.is_valid():
            self.carry_out(request, installation, action, form.arguments())
        else:
            context = {"installation": installation, "action": action, "form": form}
            return self.page(request, "act", {"title": action.label} | context)
        return redirect("admin:onboarding_installation_change", pk)

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        # Without the site's list of apps, which asks for rights that these pages do not need.
        return render(request, f"{FOLDER}/{name}.html", {"has_permission": True} | context)

    def reach(self, request: HttpRequest, pk: str) -> Installation | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = Installation.objects.for_dossier().filter(pk=pk).first()
        except ValidationError:
            return None
        if found:
            opened(request, found)
        return found

    def missing(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, "There is no such page. Choose an installation from the list.")
        return redirect("admin:onboarding_installation_changelist")

    def carry_out(
        self, request: HttpRequest, installation: Installation, action: Action, said: dict[str, Any]
    ) -> None:
        try:
            with transaction.atomic():
                action.verb(installation, by=request.user, **said)
                self.log_change(request, installation, action.label)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        except PermissionError as error:
            raise PermissionDenied from error
        except IllegalMove:
            # Somebody else was quicker.
            installation.refresh_from_db(fields=["status"])
            self.refuse(request, installation, action)
        else:
            messages.success(request, action.done)

    def refuse(self, request: HttpRequest, installation: Installation, action: Action) -> None:
        now = installation.get_status_display()
        messages.error(
            request, f"“{action.label}” was not done. The installation stands at: {now}."
        )

"""The queue, the dossier of one installation, and what support does with it."""

import re
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.timesince import timesince

from onboarding.admin.actions import Action, action_named
from onboarding.admin.dossier import dossier
from onboarding.admin.filters import TURNS, AssigneeFilter, RegionFilter, StatusFilter, TurnFilter
from onboarding.admin.reading import ReadOnlyAdmin, is_support
from onboarding.models import CheckResult, IllegalMove, Installation
from onboarding.templatetags.portal import account_id

FOLDER = "admin/onboarding/installation"
DASHED = re.compile(r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}", re.ASCII)


@admin.register(Installation)
class InstallationAdmin(ReadOnlyAdmin):
    list_display = (
        "cluster", "organization", "account", "where", "status_tag", "whose_turn", "since",
        "checks", "assigned",
    )  # fmt: skip
    list_filter = (StatusFilter, TurnFilter, AssigneeFilter, RegionFilter)
    list_select_related = ("organization", "assignee")
    list_per_page = 50
    ordering = ("status_since",)
    search_fields = (
        "organization__name", "organization__short_name", "aws_account_id", "cluster_name",
        "organization__memberships__user__email",
    )  # fmt: skip
    search_help_text = "Organization, AWS account ID, cluster name, or e-mail address of a person"

    class Media:
        css = {"all": ("css/components.css", "css/desk.css")}  # noqa: RUF012  (Django's own shape)

    @admin.display(description="cluster", ordering="cluster_name")
    def cluster(self, installation: Installation) -> str:
        return str(installation)

    @admin.display(description="account", ordering="aws_account_id")
    def account(self, installation: Installation) -> str:
        return account_id(installation.aws_account_id) or "–"

    @admin.display(description="Region", ordering="region")
    def where(self, installation: Installation) -> str:
        return installation.region

    @admin.display(description="status", ordering="status")
    def status_tag(self, installation: Installation) -> str:
        context = {"installation": installation}
        return render_to_string("onboarding/parts/status_tag.html", context)

    @admin.display(description="turn")
    def whose_turn(self, installation: Installation) -> str:
        return dict(TURNS)[installation.turn]

    @admin.display(description="since", ordering="status_since")
    def since(self, installation: Installation) -> str:
        return f"{timesince(installation.status_since, depth=1)} ago"

    @admin.display(description="assignee", ordering="assignee__email")
    def assigned(self, installation: Installation) -> str:
        return installation.assignee.get_short_name() if installation.assignee else "–"

    @admin.display(description="checks", ordering="failed")
    def checks(self, installation: Installation) -> str:
        failed = installation.failed  # type: ignore[attr-defined]
        return f"{failed} failed" if failed else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Installation]:
        failed = (
            CheckResult.objects.filter(
                installation=OuterRef("pk"), blocking=True, status=CheckResult.Status.FAILED
            )
            .order_by()
            .values("installation")
            .annotate(number=Count("pk"))
            .values("number")
        )
        number = Coalesce(Subquery(failed, output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(failed=number)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # People copy the account ID the way AWS writes it.
        plain = DASHED.sub(lambda found: re.sub("[- ]", "", found[0]), search_term)
        return super().get_search_results(request, queryset, plain)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "Installations"} | (extra_context or {})
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        act = path(
            "<uuid:pk>/do/<slug:slug>/",
            self.admin_site.admin_view(self.act),
            name="onboarding_installation_act",
        )
        return [act, *super().get_urls()]

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
        return self.page(request, "dossier", dossier(installation))

    def act(self, request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
        """Ask what the action needs, then do it through its verb."""
        installation, action = self.reach(request, str(pk)), action_named(slug)
        if installation is None or action is None:
            return self.missing(request)
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
        if not is_support(request):
            raise PermissionDenied
        try:
            return Installation.objects.with_everything().filter(pk=pk).first()
        except ValidationError:
            return None

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

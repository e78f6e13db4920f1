"""The ledger of the permission document at the desk: versions, who was told, what may be done."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from onboarding.admin.reading import ReadOnlyAdmin
from onboarding.models import PolicyVersion, User
from onboarding.policy import document
from onboarding.services import policies, policy_evidence, policy_progress

FOLDER = "admin/onboarding/policyversion"
PAGE = "admin:onboarding_policyversion_change"
A_PAGE = 50
State = PolicyVersion.State

VERBS: dict[str, tuple[Callable[..., object], str]] = {
    "approve": (policies.approve, "Announced. Every Organization Owner gets a notice by mail."),
    "activate": (policies.activate, "In effect. New roles are made with this version."),
    "withdraw": (policies.withdraw, "Withdrawn. It does not take effect."),
    "send-again": (policies.send_again, "Sent again to those whose notice came back."),
}

SHOWN = (
    ("", "All"),
    ("told", "Told"),
    ("waiting", "On the way"),
    ("failed", "Came back"),
    ("without", "No notice yet"),
)


class ProposalForm(forms.Form):
    what = forms.CharField(
        label="What changes",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For Organization Owners: what Astro may do from then on, in their words.",
        error_messages={"required": "Say what changes: Owners read it in the notice."},
    )
    why = forms.CharField(
        label="Why",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What it is needed for.",
        error_messages={"required": "Say why it is needed: Owners read it in the notice."},
    )


def signed_in(request: HttpRequest) -> User:
    """Whom the desk let in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "verdict", "proposed_by", "proposed_at", "effective_at")
    list_select_related = ("proposed_by",)
    change_list_template = f"{FOLDER}/change_list.html"

    @admin.display(description="version", ordering="number")
    def name(self, version: PolicyVersion) -> str:
        return f"Version {version.number}"

    @admin.display(description="verdict", ordering="expands")
    def verdict(self, version: PolicyVersion) -> str:
        if version.proposed_by_id is None:
            return "Set up with it"
        return "Expands access" if version.expands else "Only reduces"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        newest = PolicyVersion.objects.order_by("-number").values_list("number", flat=True).first()
        context = {"title": "Permissions", "shipped": document.shipped(), "newest": newest or 0}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "onboarding_policyversion"
        return [
            path("propose/", view(self.propose), name=f"{name}_propose"),
            path("<str:object_id>/do/<slug:slug>/", view(self.act), name=f"{name}_act"),
            path(
                "<str:object_id>/evidence.json",
                view(require_POST(self.evidence)),
                name=f"{name}_evidence",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One version, in place of Django's form: nothing is sent to the page itself."""
        if request.method == "POST":
            raise PermissionDenied
        version = self.reach(request, object_id)
        if version is None:
            return self.missing(request)
        context: dict[str, Any] = {
            "version": version,
            "may": self.open_to(request, version),
            "title": str(version),
        }
        if version.state == State.ANNOUNCED:
            context |= self.told(request, version)
        return self.page(request, "version", context)

    def told(self, request: HttpRequest, version: PolicyVersion) -> dict[str, Any]:
        """How far the notices are; the number of rows comes from the one count of them all."""
        found, show = policy_progress.progress(version), request.GET.get("show", "")
        show = show if show in policy_progress.STANDINGS else ""
        pages = Paginator(policy_progress.owners(version, show), A_PAGE)
        pages.count = getattr(found, show) if show else found.owners
        tabs = [
            (f"?{urlencode({'show': name})}", label, getattr(found, name or "owners"), name == show)
            for name, label in SHOWN
        ]
        page = pages.get_page(request.GET.get("page"))
        return {"progress": found, "page": page, "tabs": tabs, "show": show}

    def open_to(self, request: HttpRequest, version: PolicyVersion) -> set[str]:
        """What the person may do with it now: buttons that would be refused are not there."""
        user = request.user
        may = {
            verb
            for verb in ("propose", "approve", "activate")
            if user.has_perm(f"onboarding.{verb}_policyversion")
        }
        open_now = set()
        if "propose" in may and version.is_undecided:
            open_now.add("withdraw")
        if "approve" in may and version.state == State.ANNOUNCED:
            open_now.add("send-again")
        if version.state == State.PROPOSED and version.expands:
            if "approve" in may and version.proposed_by_id != user.pk:
                open_now.add("approve")
        elif "activate" in may and version.is_undecided:
            open_now.add("activate")
        return open_now

    def propose(self, request: HttpRequest) -> HttpResponse:
        """Enter the shipped document as a new version."""
        if not request.user.has_perm("onboarding.propose_policyversion"):
            raise PermissionDenied
        form = ProposalForm(request.POST if request.method == "POST" else None)
        edition = document.shipped()
        if form.is_valid():
            try:
                version = policies.propose(edition, **form.cleaned_data, by=signed_in(request))
            except policies.Refused as refused:
                form.add_error(None, str(refused))
            else:
                self.log_addition(request, version, "Proposed")
                messages.success(request, "Proposed. The comparison says what happens next.")
                return redirect(PAGE, version.pk)
        before = PolicyVersion.objects.filter(state=State.EFFECTIVE).first()
        return self.page(request, "propose", {"form": form, "edition": edition, "before": before})

    def act(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        """Do one of the verbs. The service decides; a refusal is said on the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = self.reach(request, object_id)
        if version is None or slug not in VERBS:
            return self.missing(request)
        verb, done = VERBS[slug]
        try:
            verb(version, by=request.user)
        except policies.Refused as refused:
            messages.error(request, str(refused))
        except PermissionError as error:
            raise PermissionDenied from error
        else:
            self.log_change(request, version, slug)
            messages.success(request, done)
        return redirect(PAGE, object_id)

    def evidence(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The evidence pack, as a file; that it was taken is logged."""
        version = self.reach(request, object_id)
        if version is None:
            return self.missing(request)
        content = json.dumps(policy_evidence.pack(version, by=signed_in(request)), indent=1)
        self.log_change(request, version, "Evidence pack downloaded")
        name = f"astro-permissions-version-{version.number}-evidence.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type="application/json", headers=headers)

    def reach(self, request: HttpRequest, pk: str) -> PolicyVersion | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = PolicyVersion.objects.select_related(
            "proposed_by", "approved_by", "effective_by", "withdrawn_by"
        )
        return rows.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        # Without the site's list of apps, which asks for rights that these pages do not need.
        return render(request, f"{FOLDER}/{name}.html", {"has_permission": True} | context)

    def missing(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, "There is no such page. Choose a version from the list.")
        return redirect("admin:onboarding_policyversion_changelist")

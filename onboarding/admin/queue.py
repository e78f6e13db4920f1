"""Support's queue: the list of installations, narrowed down, whoever waits longest first."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from onboarding.admin import export, saved_views
from onboarding.admin.filters import FILTERS
from onboarding.admin.queue_bulk import BULKS, MOST, RIGHT, Bulk, bulk_named, carry_out
from onboarding.admin.queue_list import Queue
from onboarding.admin.queue_rows import A_PAGE, BoundedPaginator
from onboarding.admin.queue_search import searched
from onboarding.admin.reading import ReadOnlyAdmin
from onboarding.models import Installation, User

FOLDER = "admin/onboarding/installation"
Rows = QuerySet[Installation]


class QueueAdmin(ReadOnlyAdmin):
    """The list, and what is done with the list as a whole. One installation is another matter."""

    change_list_template = f"{FOLDER}/queue.html"
    list_display = ("__str__",)
    list_filter = FILTERS
    list_select_related = ("organization", "assignee")
    list_per_page = A_PAGE
    list_max_show_all = A_PAGE
    paginator = BoundedPaginator
    actions = None
    search_fields = ("cluster_name",)  # that there is a search; `searched` says what it finds

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def get_search_results(
        self, request: HttpRequest, queryset: Rows, search_term: str
    ) -> tuple[Rows, bool]:
        return searched(queryset, search_term), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, {"title": "Installations"})
        if isinstance(response, TemplateResponse) and response.context_data:
            queue = response.context_data["cl"]
            response.context_data |= {
                "views": saved_views.views_for(cast(User, request.user), queue.asked),
                "bulks": BULKS if request.user.has_perm(RIGHT) else (),
                "most_at_once": MOST,
                "most_exported": export.MOST,
            }
        return response

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("export/<slug:kind>/", self.export, "export"),
            ("views/", self.save_view, "save_view"),
            ("views/<int:view>/remove/", self.remove_view, "remove_view"),
            ("bulk/<slug:slug>/", self.bulk, "bulk"),
        )
        return [
            path(route, self._posted(view), name=f"onboarding_installation_{name}")
            for route, view, name in own
        ] + super().get_urls()

    def _posted(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """For whoever may look at the queue, and never by following a link."""

        def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return require_POST(view)(request, **kwargs)

        return self.admin_site.admin_view(checked)

    def export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in export.KINDS:
            raise Http404
        queue = self._queue(request)
        return export.download(request, queue.get_queryset(request), kind, queue.asked)

    def save_view(self, request: HttpRequest) -> HttpResponse:
        return saved_views.save(request, self._queue(request).asked)

    def remove_view(self, request: HttpRequest, view: int) -> HttpResponse:
        return saved_views.remove(request, view, self._queue(request).asked)

    def bulk(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Ask, then do; the page afterwards says of each row what became of it."""
        bulk = bulk_named(slug)
        if bulk is None:
            raise Http404
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        queue = self._queue(request)
        chosen = self._chosen(request, queue)
        if not 0 < len(chosen) <= MOST:
            few = f"Choose at most {MOST} at once." if chosen else "Tick the installations first."
            messages.warning(request, few)
            return saved_views.back(queue.asked)
        return self._ask_or_do(request, bulk, queue, chosen)

    def _ask_or_do(
        self, request: HttpRequest, bulk: Bulk, queue: Queue, chosen: list[Installation]
    ) -> HttpResponse:
        confirmed = "confirmed" in request.POST
        form = bulk.form(request.POST if confirmed else None)
        context = self.admin_site.each_context(request) | {
            "title": bulk.label, "bulk": bulk, "form": form, "chosen": chosen, "queue": queue,
        }  # fmt: skip
        if not (confirmed and form.is_valid()):
            return TemplateResponse(request, f"{FOLDER}/bulk.html", context)
        outcomes = carry_out(
            bulk, chosen, form.cleaned_data, by=cast(User, request.user),
            note=lambda each, said: self.log_change(request, each, said),
        )  # fmt: skip
        done = [each for each in outcomes if not each.refusal]
        refused = [each for each in outcomes if each.refusal]
        return TemplateResponse(
            request, f"{FOLDER}/bulk_done.html", context | {"done": done, "refused": refused}
        )

    def _queue(self, request: HttpRequest) -> Queue:
        return cast(Queue, self.get_changelist_instance(request))

    def _chosen(self, request: HttpRequest, queue: Queue) -> list[Installation]:
        """Those ticked; or all that the queue finds. One more than is allowed at most."""
        rows = Installation.objects.select_related("organization", "assignee")
        if "everything" in request.POST:
            keys = list(queue.get_queryset(request).values_list("pk", flat=True)[: MOST + 1])
        else:
            keys = [key for text in request.POST.getlist("pk")[: MOST + 1] if (key := _key(text))]
        return list(rows.filter(pk__in=keys).order_by("waits_since", "pk"))


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

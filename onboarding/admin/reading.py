"""What the desk shows to whom, and what nobody writes by hand.

`is_staff` opens the door; the group somebody is in decides the rest (onboarding/models/groups.py).
"""

from typing import Any

import structlog
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from onboarding.admin.queue_rows import BoundedPaginator
from onboarding.models import Installation

log = structlog.get_logger(__name__)

HANDLE = "onboarding.handle_installation"
LEAD = "onboarding.lead_desk"


def is_support(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff)


def opened(request: HttpRequest, installation: Installation) -> None:
    """Log who looked at which customer's data, apart from what happened to it."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    log.info("dossier_opened", installation=str(installation.pk), by=request.user.pk, page=page)


def may(request: HttpRequest, right: str) -> bool:
    return is_support(request) and request.user.has_perm(right)


class Reading:
    """All three groups read; `model` says which right it takes."""

    model: Any

    def right_to(self, verb: str) -> str:
        """What is not of this app, such as Django's log, is read by whoever reads events."""
        meta = self.model._meta
        ours = meta.app_label == "onboarding"
        return f"onboarding.{verb}_{meta.model_name if ours else 'event'}"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_support(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request, self.right_to("view"))


class ReadOnly(Reading):
    """Support reads; nothing is added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Lists of what only grows: never counted as a whole, and in the order of an index."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 100

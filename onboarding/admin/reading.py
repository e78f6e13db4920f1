"""What the desk shows to whom, and what nobody writes by hand.

`is_staff` opens the door; the group somebody is in decides the rest (onboarding/models/groups.py).
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

HANDLE = "onboarding.handle_installation"
LEAD = "onboarding.lead_desk"


def is_support(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff)


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
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 100

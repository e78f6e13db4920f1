"""Organizations and the people in them. The external ID is not shown here, sealed or open."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from onboarding.admin.reading import ReadOnly, ReadOnlyAdmin
from onboarding.models import Membership, Organization


class Members(ReadOnly, admin.TabularInline):
    model = Membership
    fields = ("user", "role", "is_founder", "created_at")
    readonly_fields = fields
    verbose_name_plural = "people"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user")


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    fields = ("name", "short_name", "created_at")
    list_display = ("name", "short_name", "created_at")
    search_fields = ("name", "short_name", "memberships__user__email")
    ordering = ("name",)
    inlines: ClassVar = [Members]

"""Django's own log of the desk, to read: who did what here, and who took which rows along."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry

from onboarding.admin.reading import ReadOnlyAdmin


@admin.register(LogEntry)
class LogAdmin(ReadOnlyAdmin):
    fields = ("action_time", "user", "content_type", "object_repr", "object_id", "said")
    list_display = ("action_time", "user", "content_type", "object_repr", "said")
    list_select_related: ClassVar = ["user", "content_type"]
    search_fields = ("=user__email",)
    search_help_text = "Whole e-mail address of somebody of support"
    date_hierarchy = None
    ordering = ("-action_time", "-pk")

    @admin.display(description="what")
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message()

"""Evidence, row by row: what happened, what was found, what was called and what was mailed."""

from typing import ClassVar

from django.contrib import admin

from onboarding.admin.reading import ReadOnlyAdmin
from onboarding.models import AwsCall, CheckResult, Event, Operation


class EvidenceAdmin(ReadOnlyAdmin):
    """Shows `fields` and nothing else, so that a column added later is not shown by itself."""

    list_select_related: ClassVar = ["installation"]


@admin.register(Event)
class EventAdmin(EvidenceAdmin):
    fields = ("at", "kind", "organization", "installation", "by", "note", "data")
    list_display = ("at", "kind", "organization", "installation", "by", "note")
    list_select_related: ClassVar = ["organization", "installation", "by"]
    list_filter = ("kind",)
    ordering = ("-at", "-pk")


@admin.register(CheckResult)
class CheckResultAdmin(EvidenceAdmin):
    fields = (
        "installation", "code", "title", "status", "blocking", "saw", "needed", "cause", "turn",
        "fix", "report", "request_ids", "relied_on", "source", "attempts", "checked_at",
    )  # fmt: skip
    list_display = ("checked_at", "installation", "title", "status", "saw")
    list_filter = ("status", "blocking")
    ordering = ("-checked_at", "-pk")


@admin.register(AwsCall)
class AwsCallAdmin(EvidenceAdmin):
    fields = (
        "installation", "at", "service", "action", "region", "request_id", "outcome",
        "milliseconds", "identity",
    )  # fmt: skip
    list_display = (
        "at", "installation", "service", "action", "region", "identity", "outcome", "request_id",
    )  # fmt: skip
    search_fields = ("request_id__exact",)
    search_help_text = "Whole AWS request ID"
    ordering = ("-at", "-pk")


@admin.register(Operation)
class OperationAdmin(EvidenceAdmin):
    fields = (
        "installation", "kind", "state", "attempt", "run_after", "lease_until", "problem",
        "created_at", "finished_at",
    )  # fmt: skip
    list_display = ("created_at", "installation", "kind", "state", "attempt", "problem")
    list_filter = ("kind", "state")
    ordering = ("-created_at", "-pk")

"""The log of what other systems were told: support's own, and those of customers."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from onboarding.admin.reading import LEAD, ReadOnlyAdmin, may
from onboarding.models import Delivery, User
from onboarding.services import webhooks

MOST = 100
"""Deliveries that one click sends again."""


class Whose(admin.SimpleListFilter):
    title = "whose webhook"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        return [("support", "Support's"), ("customers", "Customers'")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        wanted = {"support": True, "customers": False}.get(self.value() or "")
        if wanted is None:
            return queryset
        return queryset.filter(webhook__organization__isnull=wanted)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Without address and secret, which the webhook holds sealed."""

    fields = (
        "created_at", "webhook_name", "organization", "event", "body", "state", "attempts",
        "run_after", "status_code", "reply", "milliseconds", "replay_of", "settled_at",
    )  # fmt: skip
    readonly_fields = ("webhook_name", "organization")
    list_display = (
        "created_at", "webhook_name", "organization", "event", "state", "attempts", "status_code",
        "reply",
    )  # fmt: skip
    list_select_related: ClassVar = ["webhook__organization", "event"]
    list_filter = ("state", Whose, "webhook__format", "status_code")
    search_fields = ("webhook__organization__name", "webhook__name")
    search_help_text = "Organization, or name of a webhook"
    actions = ("send_again",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "Log of deliveries"} | (extra_context or {})
        return super().changelist_view(request, context)

    @admin.display(description="webhook")
    def webhook_name(self, delivery: Delivery) -> str:
        return delivery.webhook.name

    @admin.display(description="Organization")
    def organization(self, delivery: Delivery) -> str:
        return str(delivery.webhook.organization or "Support")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return may(request, LEAD)

    @admin.action(description="Send again (support's own)", permissions=["replay"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Those of customers' webhooks are left out: that is for their Owners."""
        chosen = list(queryset.select_related("webhook", "event")[:MOST])
        ours = [each for each in chosen if each.webhook.organization_id is None]
        for delivery in ours:
            webhooks.replay(delivery, by=cast(User, request.user))
            self.log_change(request, delivery, "Sent again")
        if ours:
            messages.success(request, f"Sent again: {len(ours)}. The answers stand in this log.")
        if len(ours) < len(chosen):
            messages.warning(
                request, "Deliveries of customers are sent again by their Organization Owners."
            )

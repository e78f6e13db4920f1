"""How the queue is narrowed down."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from onboarding.facts.regions import regions
from onboarding.models import Installation, Status

Rows = QuerySet[Installation]
TURNS = (("support", "Support"), ("customer", "Customer"), ("nobody", "Nobody"))


def statuses_of(turn: str) -> list[Status]:
    """The statuses in which it is that side's turn, as the model tells it."""
    return [status for status in Status if Installation(status=status).turn == turn]


class StatusFilter(admin.SimpleListFilter):
    """Opens on what awaits support; who searches, or asks for a turn, asks everywhere."""

    title = "status"
    parameter_name = "status"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        elsewhere = request.GET.get(SEARCH_VAR) or request.GET.get(TurnFilter.parameter_name)
        known = {value for value, _ in self.lookup_choices}
        asked = self.value()
        self.chosen = asked if asked in known else "all" if elsewhere else "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Awaits support"), ("all", "All"), *Status.choices]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            yield {
                "selected": value == self.chosen,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.chosen == "waiting":
            return queryset.awaiting_support()  # type: ignore[attr-defined]
        return queryset if self.chosen == "all" else queryset.filter(status=self.chosen)


class TurnFilter(admin.SimpleListFilter):
    title = "whose turn"
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        return TURNS

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        turn = self.value()
        return queryset.filter(status__in=statuses_of(turn)) if turn else queryset


class AssigneeFilter(admin.SimpleListFilter):
    title = "assignee"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "Me"), ("nobody", "Nobody")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() == "me":
            return queryset.filter(assignee=request.user.pk)
        return queryset.filter(assignee=None) if self.value() == "nobody" else queryset


class RegionFilter(admin.SimpleListFilter):
    title = "Region"
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in regions()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(region=self.value()) if self.value() in regions() else queryset

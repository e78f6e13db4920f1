"""How the queue is narrowed down."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from onboarding.aws.checks import CHECKS
from onboarding.aws.verdict import TITLES
from onboarding.facts.regions import regions
from onboarding.jobs.turn import PROMISED, working_days_before
from onboarding.models import CheckResult, Installation, Status, Turn, User

Rows = QuerySet[Installation]
TURNS = {
    Turn.SUPPORT: "Awaits support",
    Turn.CUSTOMER: "Awaits the customer",
    Turn.AWS: "Awaits AWS",
    Turn.NOBODY: "Finished",
}
OPEN = (Turn.CUSTOMER, Turn.AWS, Turn.SUPPORT)
OVERDUE = "overdue"
AGES = {"1": "Over 1 day", "3": "Over 3 days", "7": "Over 7 days", "14": "Over 14 days"}
MOST_PEOPLE = 200
CHECK_TITLES = TITLES | {check.code: check.title for check in CHECKS}


class QueueFilter(admin.SimpleListFilter, ABC):
    """A choice of one; what makes no sense in the address counts as not asked."""

    parameter_name: str

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.request = request
        known = {value for value, _ in self.lookup_choices}
        asked = self.value() or ""
        self.chosen: str = asked if asked in known else self.otherwise()

    def otherwise(self) -> str:
        """What is chosen where nothing is asked for; empty for everything."""
        return ""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            yield {
                "value": value,
                "selected": value == self.chosen,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return self.narrowed(queryset, self.chosen) if self.chosen else queryset

    @abstractmethod
    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        """Those of `rows` that fit what was chosen."""


class TurnFilter(QueueFilter):
    """Opens on what awaits support; who searches, or asks for a status, asks everywhere."""

    title = "whose turn"
    parameter_name = "turn"

    def otherwise(self) -> str:
        asked = self.request.GET
        elsewhere = asked.get(SEARCH_VAR) or asked.get("status") in ("all", *Status)
        return "all" if elsewhere else Turn.SUPPORT.value

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*TURNS.items(), ("open", "All open"), ("all", "All")]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        if chosen == "all":
            return rows
        return (
            rows.filter(waits_for__in=OPEN) if chosen == "open" else rows.filter(waits_for=chosen)
        )


class StatusFilter(QueueFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "Any"), *Status.choices]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        return rows.filter(status=chosen)


class AssigneeFilter(QueueFilter):
    title = "assignee"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(is_staff=True).only("name", "email").order_by("name", "email")
        named = [(str(each.pk), each.get_short_name()) for each in people[:MOST_PEOPLE]]
        return [("", "Anybody"), ("me", "Me"), ("nobody", "Nobody"), *named]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        if chosen == "nobody":
            return rows.filter(assignee=None)
        return rows.filter(assignee=self.request.user.pk if chosen == "me" else int(chosen))


class RegionFilter(QueueFilter):
    title = "Region"
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "Any"), *((code, code) for code in regions())]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        return rows.filter(region=chosen)


class AgeFilter(QueueFilter):
    """For how long whoever's turn it is has been waited for."""

    title = "waiting"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "Any time"), *AGES.items(), (OVERDUE, "Longer than promised")]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        if chosen == OVERDUE:
            return rows.filter(overdue(timezone.now()))
        return rows.filter(waits_since__lt=Now() - timedelta(days=int(chosen)))


def overdue(now: datetime) -> Q:
    """What support owes for longer than it promised. A status of support's begins its turn too."""
    late = Q(pk__in=[])
    for status in PROMISED:
        start = working_days_before(now, settings.PROMISED_DAYS[status.value])
        late |= Q(status=status, waits_since__lt=start)
    return late


class FailedFilter(QueueFilter):
    title = "checks"
    parameter_name = "failed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "Any"), ("any", "Some failed"), ("none", "None failed"), *CHECK_TITLES.items()]

    def narrowed(self, rows: Rows, chosen: str) -> Rows:
        failed = CheckResult.objects.that_block().filter(installation=OuterRef("pk")).order_by()
        if chosen == "none":
            return rows.filter(~Exists(failed))
        return rows.filter(Exists(failed if chosen == "any" else failed.filter(code=chosen)))


FILTERS = (TurnFilter, StatusFilter, AssigneeFilter, RegionFilter, AgeFilter, FailedFilter)

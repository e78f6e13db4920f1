"""Django's list of rows as the queue has it: its order, its addresses, its pages."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.db.models.expressions import Expression
from django.http import HttpRequest

from onboarding.admin.filters import FILTERS, QueueFilter
from onboarding.admin.queue_rows import A_PAGE, BoundedPaginator, Row, rows_of
from onboarding.models import Installation

NEWEST_FIRST = "newest"
PARAMETERS = tuple(each.parameter_name for each in FILTERS)


class Queue(ChangeList):
    """Django's list, with what stands beside the rows."""

    rows: list[Row]
    paginator: BoundedPaginator

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)  # what it gives as rows has not been read yet
        self.result_list = self.paginator.rows(self.page_num if self.multi_page else 1)
        self.rows = rows_of(self.result_list)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """What is no filter of the queue's is not one of the model's either."""
        asked = params or self.filter_params
        return {name: asked[name] for name in PARAMETERS if name in asked}

    def get_ordering(
        self, request: HttpRequest, queryset: QuerySet[Installation]
    ) -> list[Expression | str]:
        return ["-waits_since", "-pk"] if self.is_newest_first else ["waits_since", "pk"]

    @property
    def is_newest_first(self) -> bool:
        return self.params.get(ORDER_VAR) == NEWEST_FIRST

    @property
    def asked(self) -> str:
        """What is shown, for an address: what was asked for and means something."""
        said = {SEARCH_VAR: self.query, ORDER_VAR: NEWEST_FIRST if self.is_newest_first else ""}
        for spec in cast("list[QueueFilter]", self.filter_specs):
            said[spec.parameter_name] = spec.chosen if spec.value() == spec.chosen else ""
        return urlencode(sorted((name, value) for name, value in said.items() if value))

    def address(self, **more: Any) -> str:
        """Of the same list with something else; begins with `?`."""
        said = "&".join(filter(None, [self.asked, urlencode(more)]))
        return f"?{said}"

    @property
    def before(self) -> str:
        return self.address(**{PAGE_VAR: self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def after(self) -> str:
        last = self.page_num >= self.paginator.num_pages
        return "" if last else self.address(**{PAGE_VAR: self.page_num + 1})

    @property
    def first_number(self) -> int:
        return (self.page_num - 1) * A_PAGE + 1

    @property
    def last_number(self) -> int:
        return self.first_number + len(self.rows) - 1

"""What the queue shows of each row beside the row itself: one query each for a whole page."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.utils.functional import cached_property

from onboarding.jobs.turn import promise
from onboarding.models import CheckResult, Installation, Message
from onboarding.templatetags.portal import so_long

A_PAGE = 50
COUNTED = 1_000
"""Rows are counted up to here: nobody turns more pages, and counting all reads all."""


@dataclass(frozen=True)
class Row:
    installation: Installation
    failed: int
    """Checks that block."""
    unanswered: int
    """Messages from the customer since support wrote last."""

    @property
    def age(self) -> str:
        return so_long(self.installation.waits_since)

    @property
    def is_overdue(self) -> bool:
        return promise(self.installation).is_overdue


def rows_of(page: list[Installation]) -> list[Row]:
    keys = [each.pk for each in page]
    failed = _counts(CheckResult.objects.that_block().filter(installation__in=keys))
    answered = Message.objects.from_support().filter(
        installation=OuterRef("installation"), at__gt=OuterRef("at")
    )
    said = Message.objects.from_customer().filter(~Exists(answered), installation__in=keys)
    unanswered = _counts(said)
    return [Row(each, failed.get(each.pk, 0), unanswered.get(each.pk, 0)) for each in page]


def _counts(found: Any) -> dict[Any, int]:
    grouped = found.order_by().values("installation").annotate(number=Count("pk"))
    return dict(grouped.values_list("installation", "number"))


class BoundedPaginator(Paginator):
    """Reads keys up to `COUNTED` in the order in which rows are shown, and the rows of one page by
    key: what a filter costs is paid once, for counting and for showing.
    """

    @cached_property
    def _keys(self) -> list[Any]:
        rows: Any = self.object_list
        return list(rows.values_list("pk", flat=True)[: COUNTED + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self._keys), COUNTED)

    @property
    def has_more(self) -> bool:
        """There are more than are counted and shown."""
        return len(self._keys) > COUNTED

    def rows(self, number: int) -> list[Installation]:
        """Of the page with that number."""
        first = (number - 1) * self.per_page
        keys = self._keys[:COUNTED][first : first + self.per_page]
        page = Installation.objects.select_related("organization", "assignee")
        found = page.in_bulk(keys)
        return [found[key] for key in keys if key in found]

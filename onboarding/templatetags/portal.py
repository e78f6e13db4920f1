"""How the portal writes things. Built in: templates need not load it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.timesince import timesince

from onboarding.jobs import turn
from onboarding.models import CheckResult, Installation, QuotaRequest
from onboarding.models.support import support_text as text_for_support

register = template.Library()


@register.filter
def account_id(value: str) -> str:
    """An AWS account ID the way AWS writes it: 1234-5678-9012."""
    return f"{value[:4]}-{value[4:8]}-{value[8:]}" if len(value) == 12 else value


@register.filter
def so_long(since: datetime) -> str:
    """For how long something has been so, in its largest unit: `3 days`, `less than a minute`."""
    said = timesince(since, depth=1)
    return "less than a minute" if said.startswith("0") else said


@register.filter
def offer_to(result: CheckResult, installation: Installation) -> dict[str, Any] | None:
    """What one click can do about `result` now."""
    return result.offer_to(installation)


@register.filter
def asked_for(requests: Iterable[QuotaRequest], result: CheckResult) -> QuotaRequest | None:
    """The newest request for what `result` offers to ask AWS for. `requests`: newest first."""
    wanted = ((result.fix.get("offer") or {}).get("data") or {}).get("code")
    region = result.relied_on.get("region")
    return next(
        (each for each in requests if (each.quota_code, each.region) == (wanted, region)), None
    )


@register.simple_tag(takes_context=True)
def said_above(context: Context, result: CheckResult) -> CheckResult | None:
    """The row further up in the same list that says already what puts `result` right."""
    if "forloop" not in context or not result.remedy:
        return None
    # As Django's own `ifchanged` does, what was seen is kept with the loop.
    said = context["forloop"].setdefault("said", {})
    first: CheckResult = said.setdefault(result.remedy, result)
    return first if first is not result else None


@register.filter
def promise(installation: Installation) -> turn.Promise:
    """What is promised by the side whose turn it is: `sentence`, `when`, `is_overdue`."""
    return turn.promise(installation)


@register.filter
def in_words(count: int) -> str:
    """A number as a sentence has it: `two`, and from ten on `12`."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if 0 <= count < len(words) else str(count)


@register.simple_tag(takes_context=True)
def support_text(context: Context, report: Mapping[str, Any], at: datetime | str = "") -> str:
    """What a customer copies for support about the failed call `report`; `at`, or the time of the
    context's `result`, is when.
    """
    when = at if isinstance(at, datetime) else getattr(context.get("result"), "checked_at", None)
    return text_for_support(context.get("installation"), report, when)

"""What leads do with many installations at once: row by row, through the same verbs as one by one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction

from onboarding.models import IllegalMove, Installation, User
from onboarding.services import review

MOST = 500
"""Rows at once. More are refused, before any is touched."""
RIGHT = "onboarding.lead_desk"


class Nothing(forms.Form):
    """Nothing to fill in."""


class People(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person.name} ({person.email})" if person.name else person.email


class AssignForm(forms.Form):
    to = People(
        User.objects.filter(is_staff=True, is_active=True).order_by("name", "email"),
        label="Give them to",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who gets them."},
    )


@dataclass(frozen=True)
class Bulk:
    slug: str
    label: str
    lead: str
    """What it means, said before it is done."""
    verb: Callable[..., None]
    done: str
    """What happened to each row for which it worked."""
    form: type[forms.Form] = Nothing


@dataclass(frozen=True)
class Outcome:
    installation: Installation
    refusal: str = ""
    """Why it was not done; empty where it was."""


BULKS = (
    Bulk(
        "assign",
        "Assign",
        "Somebody of support gets these installations. What nobody has claimed yet is claimed for "
        "them, and the customer is told that the review has begun.",
        review.assign,
        "Assigned",
        AssignForm,
    ),
    Bulk(
        "release",
        "Release",
        "These installations go back into the queue, for somebody else to claim. The customer is "
        "not told.",
        review.release,
        "Released",
    ),
)


def bulk_named(slug: str) -> Bulk | None:
    return next((bulk for bulk in BULKS if bulk.slug == slug), None)


def carry_out(
    bulk: Bulk,
    chosen: Iterable[Installation],
    said: dict[str, Any],
    *,
    by: User,
    note: Callable[[Installation, str], object],
) -> list[Outcome]:
    """Each in a transaction of its own: what one row refuses, the others do not feel.

    `note` writes Django's log for a row that was done.
    """
    return [_one(bulk, each, said, by=by, note=note) for each in chosen]


def _one(
    bulk: Bulk,
    installation: Installation,
    said: dict[str, Any],
    *,
    by: User,
    note: Callable[[Installation, str], object],
) -> Outcome:
    try:
        with transaction.atomic():
            bulk.verb(installation, by=by, **said)
            note(installation, bulk.label)
    except IllegalMove:
        installation.refresh_from_db(fields=["status"])
        return Outcome(installation, f"It stands at: {installation.get_status_display()}.")
    except (PermissionError, ValueError) as refusal:
        return Outcome(installation, str(refusal))
    return Outcome(installation)

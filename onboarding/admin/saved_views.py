"""Views of the queue under a name: those that come with the portal, and those that people save."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from onboarding.models import SavedView, User

MOST = 60
"""Of one person's own views, and as many of others', are listed."""


@dataclass(frozen=True)
class View:
    name: str
    query: str
    is_chosen: bool
    saved: SavedView | None = None
    is_own: bool = False


BUILT_IN: tuple[tuple[str, dict[str, str]], ...] = (
    ("Awaits support", {}),
    ("Unclaimed", {"status": "submitted", "assignee": "nobody"}),
    ("Mine", {"turn": "open", "assignee": "me"}),
    ("Waiting for the customer for over 3 days", {"turn": "customer", "age": "3"}),
    ("Overdue", {"age": "overdue"}),
    ("Failed checks", {"turn": "open", "failed": "any"}),
)


class SaveForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "is_shared")


def views_for(user: User, asked: str) -> list[View]:
    """All that are offered to `user`. `asked`: what the queue shows now, as addresses say it."""
    built_in = [(name, urlencode(sorted(query.items()))) for name, query in BUILT_IN]
    offered = [View(name, query, query == asked) for name, query in built_in]
    theirs = SavedView.objects.filter(Q(user=user) | Q(is_shared=True))
    for each in theirs.order_by("name", "pk")[: 2 * MOST]:
        offered.append(
            View(each.name, each.query, each.query == asked, each, each.user_id == user.pk)
        )
    return offered


def save(request: HttpRequest, asked: str) -> HttpResponse:
    """Keep what the queue shows now. A name that one has already is given to the new view."""
    form = SaveForm(request.POST)
    own = SavedView.objects.filter(user=request.user.pk)
    if not form.is_valid():
        messages.error(request, "Give the view a name of at most 60 characters.")
    elif not asked or len(asked) > 500:
        messages.error(request, "Narrow the list down first: this is how it opens anyway.")
    elif own.count() >= MOST:
        messages.error(request, f"You have {MOST} views. Remove one first.")
    else:
        own.update_or_create(
            name=form.cleaned_data["name"],
            defaults={"query": asked, "is_shared": form.cleaned_data["is_shared"]},
            create_defaults={
                "user": request.user,
                "query": asked,
                "is_shared": form.cleaned_data["is_shared"],
            },
        )
        messages.success(request, f"Saved as “{form.cleaned_data['name']}”.")
    return back(asked)


def remove(request: HttpRequest, pk: int, asked: str) -> HttpResponse:
    """One's own alone: others' are not there."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user.pk)
    view.delete()
    messages.success(request, f"“{view.name}” was removed.")
    return back(asked)


def back(asked: str) -> HttpResponse:
    address = reverse("admin:onboarding_installation_changelist")
    return redirect(f"{address}?{asked}" if asked else address)

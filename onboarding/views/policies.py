"""What Astro may do, version by version: what is coming, since when each is in effect, what differs.

Everybody who is signed in may read it. Notices are shown to the Owner they were given to.
"""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from onboarding.models import Membership, Notice, PolicyVersion, User
from onboarding.services import policies, policy_progress
from onboarding.views.reach import SignedInRequest

MOST = 50


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    versions = PolicyVersion.objects.published().defer("source", "differences")[:MOST]
    return render(request, "onboarding/policies.html", {"versions": versions})


@require_safe
def show(request: SignedInRequest, number: int) -> HttpResponse:
    version = _published(number)
    mine = list(_mine(request.user, version))
    context = {
        "version": version,
        "notices": mine,
        "unread": [notice for notice in mine if notice.acknowledged_at is None],
        "missed": any(notice.has_failed for notice in mine),
        "owns": _owns(request.user),
        "is_announced": version.state == PolicyVersion.State.ANNOUNCED,
    }
    if context["is_announced"]:
        # The date alone: how many others there are is nobody's business here.
        context["earliest"] = policy_progress.progress(version).earliest
    return render(request, "onboarding/policy.html", context)


@require_POST
def acknowledge(request: SignedInRequest, number: int) -> HttpResponse:
    """Say, for each Organization that one owns, that the notice was read."""
    version = _published(number)
    mine = list(_mine(request.user, version))
    for notice in mine:
        policies.acknowledge(notice, by=request.user)
    if mine:
        messages.success(request, "Thank you. It is noted that you have read this.")
    else:
        messages.info(request, "There is no notice to you about this version.")
    return redirect("policy", version.number)


def _published(number: int) -> PolicyVersion:
    return get_object_or_404(PolicyVersion.objects.published().defer("source"), number=number)


def _owns(user: User) -> bool:
    return Membership.objects.filter(user=user, role=Membership.Role.OWNER).exists()


def _mine(user: User, version: PolicyVersion) -> QuerySet[Notice]:
    """The newest notice to the person for each Organization that they own now."""
    theirs = Membership.objects.filter(user=user, role=Membership.Role.OWNER)
    rows = Notice.objects.filter(
        version=version, owner=user, organization__in=theirs.values("organization")
    )
    newest = {notice.organization_id: notice.pk for notice in rows.order_by("created_at", "pk")}
    return (
        Notice.objects.filter(pk__in=newest.values())
        .select_related("organization", "version", "mail")
        .order_by("organization__name")
    )

"""Who must have a second factor, and gets no further before it is set up."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from onboarding.services import people
from onboarding.views.external_id import confirm_identity
from onboarding.views.reach import SecondFactorMissing, SignedInRequest, owned_organization

AFTERWARDS = "after_second_factor"
"""In the session: the page that was asked for, to go on with."""

HAS_ONE = "has_second_factor"
"""In the session of support, so that the desk need not ask the database on each page."""

FOR_STAFF = "Support signs in with a second factor. Set one up, and go on to the desk."
FOR_PEOPLE = "{name} asks for a second factor of everybody. Set one up, and go on."


class SecondFactorFirst:
    """Leads to the second factor who needs one for a page: support, and people of an
    Organization that requires it (`reach.organization_of` and `reach.reached` raise for them).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if not settings.STAFF_NEED_SECOND_FACTOR or not is_desk(request):
            return None
        user = request.user
        if not user.is_authenticated or not user.is_staff or request.session.get(HAS_ONE):
            return None
        return None if people.has_second_factor(user) else to_set_up(request, FOR_STAFF)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, SecondFactorMissing):
            return to_set_up(request, FOR_PEOPLE.format(name=problem.organization.name))
        return None


def is_desk(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "admin"


def to_set_up(request: HttpRequest, why: str) -> HttpResponse:
    if request.method == "GET":
        request.session[AFTERWARDS] = request.get_full_path()
    messages.warning(request, why)
    return redirect("mfa_index")


@require_POST
def require(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """An Owner's switch: ask a second factor of everybody in the Organization, or of nobody."""
    organization = owned_organization(request, pk)
    required = request.POST.get("required") == "on"
    confirm_identity(request)
    try:
        people.require_second_factor(organization, required=required, by=request.user)
    except people.Refused as refused:
        messages.error(request, str(refused))
        return redirect("mfa_index")
    said = (
        "From now on, everybody needs a second factor."
        if required
        else ("From now on, a second factor is left to each.")
    )
    messages.success(request, said)
    return redirect("organization", pk)

"""How a view gets at an installation: only through what the person may see."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from onboarding.models import Installation, Organization, User

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """What a view gets: `LoginRequiredMiddleware` lets nobody else through."""

    user: User
    organization: Organization | None
    """The one the page is about, for the header."""


View = Callable[Concatenate[SignedInRequest, Installation, P], HttpResponseBase]


def reached(view: View[P]) -> Callable[Concatenate[SignedInRequest, UUID, P], HttpResponseBase]:
    """Hand the view its installation; one the person may not see does not exist for them."""

    @wraps(view)
    def wrapper(
        request: SignedInRequest, pk: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        found = Installation.objects.visible_to(request.user).with_everything()
        installation = found.filter(pk=pk).first()
        if installation is None:
            raise Http404
        request.organization = installation.organization
        return view(request, installation, *args, **kwargs)

    return wrapper


def organization_of(request: SignedInRequest, pk: UUID) -> Organization:
    """The Organization, for its people. Raises `Http404` for everybody else."""
    organization = Organization.objects.of(request.user).filter(pk=pk).first()
    if organization is None:
        raise Http404
    request.organization = organization
    return organization

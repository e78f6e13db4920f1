"""How a view gets at an installation: only through what the person may see."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from onboarding.models import Installation, Organization

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Installation, P], HttpResponse]


def reached(view: View[P]) -> Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]:
    """Hand the view its installation; one the person may not see does not exist for them."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = Installation.objects.visible_to(request.user).with_everything()
        installation = found.filter(pk=pk).first()
        if installation is None:
            raise Http404
        request.organization = installation.organization  # type: ignore[attr-defined]
        return view(request, installation, *args, **kwargs)

    return wrapper


def organization_of(request: HttpRequest, pk: UUID) -> Organization:
    """The Organization, for its people. Raises `Http404` for everybody else."""
    organization = Organization.objects.of(request.user).filter(pk=pk).first()
    if organization is None:
        raise Http404
    request.organization = organization  # type: ignore[attr-defined]
    return organization

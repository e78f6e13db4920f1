"""How a view gets at an installation or an Organization: only through what the person may see."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from onboarding.models import Installation, Membership, Organization, User
from onboarding.services import people

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """What a view gets: `LoginRequiredMiddleware` lets nobody else through."""

    user: User
    organization: Organization | None
    """The one the page is about, for the header."""
    belongs_to: list[Organization]


class SecondFactorMissing(Exception):
    """The Organization asks for a second factor, and the person has none yet."""

    def __init__(self, organization: Organization) -> None:
        super().__init__()
        self.organization = organization


def admit(request: SignedInRequest, organization: Organization) -> None:
    """Raises `SecondFactorMissing` for whoever must set one up first."""
    if organization.requires_second_factor and not people.has_second_factor(request.user):
        raise SecondFactorMissing(organization)


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
        admit(request, installation.organization)
        request.organization = installation.organization
        return view(request, installation, *args, **kwargs)

    return wrapper


def organization_of(request: SignedInRequest, pk: UUID) -> Organization:
    """The Organization, for its people. Raises `Http404` for everybody else."""
    organization = Organization.objects.of(request.user).filter(pk=pk).first()
    if organization is None:
        raise Http404
    admit(request, organization)
    request.organization = organization
    return organization


def owned_organization(request: SignedInRequest, pk: UUID) -> Organization:
    """The Organization, for an Owner. `PermissionDenied` for Members, `Http404` for others."""
    organization = organization_of(request, pk)
    if not organization.is_owned_by(request.user):
        raise PermissionDenied
    return organization


CHOSEN = "organization"
"""Where the session keeps which Organization was chosen in the header."""


def organizations_of(request: SignedInRequest) -> list[Organization]:
    """Those the person belongs to, by name, each with the `role`; asked for once a request."""
    if not hasattr(request, "belongs_to"):
        mine = Organization.objects.of(request.user)
        request.belongs_to = list(mine.annotate(role=F("memberships__role")))
    return request.belongs_to


def owns(request: SignedInRequest, organization: Organization) -> bool:
    """Whether the person is an Owner, for what a page shows. Services ask for themselves."""
    mine = [each for each in organizations_of(request) if each == organization]
    return [getattr(each, "role", "") for each in mine] == [Membership.Role.OWNER]


def organization_here(request: SignedInRequest) -> Organization | None:
    """The one the page is about; else the one chosen in the header, or the first there is."""
    here = getattr(request, "organization", None)
    if here is not None:
        return here
    mine = organizations_of(request)
    chosen = request.session.get(CHOSEN)
    return next((each for each in mine if str(each.pk) == chosen), mine[0] if mine else None)

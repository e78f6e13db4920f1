"""Single sign-on: which connection an address leads to, whom a connection may let in, and joining."""

from dataclasses import dataclass

from onboarding.forms.providers import EVERYBODYS
from onboarding.models import Domain, Event, SsoConnection, User
from onboarding.services import members, organizations

WHY = {
    "switched_off": "The connection is switched off.",
    "no_address": "The identity provider gave no e-mail address.",
    "not_confirmed": "The identity provider says that the address is not confirmed.",
    "foreign_domain": "The address is at {domain}, which is no confirmed domain of {organization}.",
    "other_person": "The address is not the one of the sign-in it was to be connected to.",
}
"""Reasons to refuse an assertion, as an Owner and support read them."""


@dataclass
class Refused(Exception):
    """An assertion of an identity provider that lets nobody in. `reason` is a key of `WHY`."""

    connection: SsoConnection
    reason: str
    domain: str = ""

    @property
    def note(self) -> str:
        organization = self.connection.organization
        return WHY[self.reason].format(domain=self.domain, organization=organization)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def connection_for(address: str) -> SsoConnection | None:
    """The connection of the Organization whose confirmed domain `address` is at."""
    connections = SsoConnection.objects.filter(
        is_enabled=True,
        organization__domains__name=domain_of(address),
        organization__domains__verified_at__isnull=False,
    )
    return connections.select_related("app").order_by("-created_at", "-pk").first()


def connection_called(provider_id: str) -> SsoConnection | None:
    """The connection with that provider ID; None for GitHub and Google, which are nobody's own."""
    connections = SsoConnection.objects.select_related("app", "organization")
    return connections.filter(app__provider_id=provider_id).first()


def anybody_has_single_sign_on() -> bool:
    return SsoConnection.objects.filter(is_enabled=True).exists()


def check(connection: SsoConnection, address: str, *, confirmed: bool) -> None:
    """Raises `Refused` unless the connection may speak for `address`, each time anew.

    `confirmed`: False when the provider itself says that it has not confirmed the address.
    """
    if not connection.is_enabled:
        raise Refused(connection, "switched_off")
    if not address:
        raise Refused(connection, "no_address")
    domain = domain_of(address)
    known = Domain.objects.filter(
        organization=connection.organization, name=domain, verified_at__isnull=False
    )
    if not known.exists():
        raise Refused(connection, "foreign_domain", domain)
    if not confirmed:
        raise Refused(connection, "not_confirmed", domain)


def record(refused: Refused, *, by: User | None) -> None:
    """Tell the Organization and support. The address stays out of it: it may be a stranger's."""
    Event.objects.create(
        organization=refused.connection.organization,
        kind=Event.Kind.SSO_REFUSED,
        by=by,
        note=refused.note,
        data={
            "connection": str(refused.connection.app),
            "reason": refused.reason,
            "domain": refused.domain,
        },
    )


def first_time(connection: SsoConnection, user: User) -> None:
    """Let `user` into the connection's Organization as Member, unless an Owner removed them."""
    try:
        organizations.join_by_sso(connection.organization, user)
    except members.WasRemoved:
        return


def names_of(provider_ids: set[str]) -> dict[str, str]:
    """What people call these providers."""
    rows = SsoConnection.objects.filter(app__provider_id__in=provider_ids)
    own = dict(rows.values_list("app__provider_id", "app__name"))
    return {each: EVERYBODYS[each] for each in provider_ids if each in EVERYBODYS} | own

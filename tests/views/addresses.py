"""Every address of the portal, as its URLconf has them, with arguments that fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from onboarding import urls
from tests.views.cast import SECRET, Cast

SLUGS = {"live": "access", "preview": "cluster"}
"""The step whose address stands for all, where the first one has none."""
NOBODY = UUID(int=7)


@dataclass(frozen=True)
class Address:
    name: str
    names: tuple[str, ...]
    """Of its arguments."""
    route: str = ""

    def of(self, cast: Cast) -> str:
        """The address of the cast's own installation or Organization."""
        of_organization = self.route.startswith("organizations/")
        ours = cast.organization if of_organization else cast.installation
        theirs = {
            "member": cast.organization.memberships.get(user=cast.people["member"]).pk,
            "invitation": cast.organization.invitations.get().pk,
            "secret": SECRET,
            "webhook": cast.organization.webhooks.get().pk,
            "delivery": cast.organization.webhooks.get().deliveries.latest("created_at").pk,
        }
        return reverse(self.name, kwargs=self._arguments(ours.pk, **theirs))

    def sample(self) -> str:
        """Some address of that pattern, of nothing there is."""
        return reverse(self.name, kwargs=self._arguments(NOBODY))

    def _arguments(self, pk: Any, **others: Any) -> dict[str, Any]:
        values = {
            "pk": pk,
            "member": 0,
            "view": 0,
            "invitation": NOBODY,
            "handover": NOBODY,
            "webhook": NOBODY,
            "delivery": NOBODY,
            "slug": SLUGS.get(self.name, "account"),
            "code": "on_demand_quota",
            "object_id": "1",
            "number": 1,
            "content_type_id": 1,
            "app_label": "onboarding",
            "key": "abc",
            "uidb36": "1",
        } | others
        if self.name.startswith("mfa_"):
            values["pk"] = 7  # allauth numbers its rows
        return {name: values.get(name, "x") for name in self.names}


def ours() -> list[Address]:
    """The customer's side."""
    return list(_addresses(urls.urlpatterns, ""))


def all_of_them() -> list[Address]:
    """With sign-in, the desk, and what Django brings along."""
    return list(_addresses(get_resolver().url_patterns, ""))


def _addresses(
    patterns: list[Any], namespace: str, before: tuple[str, ...] = ()
) -> Iterator[Address]:
    for each in patterns:
        names = getattr(each.pattern, "converters", None) or each.pattern.regex.groupindex
        all_names = (*before, *names)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _addresses(each.url_patterns, inner, all_names)
        elif isinstance(each, URLPattern) and each.name:
            yield Address(namespace + each.name, all_names, str(each.pattern))

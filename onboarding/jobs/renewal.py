"""The change to a new external ID: which roles have it, and the end of the former one."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from onboarding.models import CheckResult, Event, Installation, Mail, Organization, Status, User
from onboarding.notifications import EXTERNAL_ID_RETIRED, tell


def in_use(organization: Organization) -> QuerySet[Any]:
    """The installations in whose account a role may be, each with what is known of that role:
    `was_proved`, `is_renewed`, and `opens`, the status of the proof that it opens.
    """
    told = Event.objects.filter(installation=OuterRef("pk")).annotate(
        # Text, or SQLite would take the other side of the comparison for JSON.
        account=Cast(KT("data__account_id"), TextField()),
        version=Cast(KT("data__version"), TextField()),
    )
    here = told.filter(account=OuterRef("aws_account_id"))
    renewed = here.filter(
        kind=Event.Kind.EXTERNAL_ID_ROTATED, version=organization.external_id_version
    )
    results = CheckResult.objects.filter(installation=OuterRef("pk"), code="role_opens")
    return (
        organization.installations.exclude(status=Status.CANCELLED)
        .exclude(aws_account_id="")
        .annotate(
            was_proved=Exists(here.filter(kind=Event.Kind.ROLE_PROVED)),
            is_renewed=Exists(renewed),
            opens=Subquery(results.values("status")[:1]),
        )
    )


def is_left(installation: Any) -> bool:
    """Whether a role of `in_use` is still to be updated."""
    has_former = installation.opens == CheckResult.Status.WARNING
    return bool(has_former or (installation.was_proved and not installation.is_renewed))


def has_changed(organization: Organization) -> bool:
    """Whether the external ID was renewed, or the former one retired, since this was read."""
    now = Organization.objects.get(pk=organization.pk)
    return _ids(now) != _ids(organization)


def _ids(organization: Organization) -> tuple[str, bool]:
    return organization.external_id_fingerprint, organization.is_renewing_external_id


@transaction.atomic
def note(installation: Installation) -> None:
    """Its role is proved with the new external ID and refuses the former one. Say so, once; the
    last role of the Organization ends the renewal.
    """
    organization = installation.organization
    held = Organization.objects.select_for_update().get(pk=organization.pk)
    if _ids(held) != _ids(organization):
        return
    here = next((each for each in in_use(held) if each.pk == installation.pk), None)
    if here and not here.is_renewed:
        Event.objects.create(
            organization=held,
            installation=installation,
            kind=Event.Kind.EXTERNAL_ID_ROTATED,
            note="The role has the new external ID, and refuses the former one.",
            data={
                "account_id": installation.aws_account_id,
                "version": held.external_id_version,
            },
        )
    if not any(is_left(each) for each in in_use(held)):
        retire(held)


def retire(organization: Organization, *, by: User | None = None) -> list[Mail]:
    """From now on the former external ID opens nothing. In the caller's transaction, which holds
    the Organization.
    """
    organization.retiring_external_id_sealed = ""
    organization.save(update_fields=["retiring_external_id_sealed"])
    Event.objects.create(organization=organization, kind=Event.Kind.EXTERNAL_ID_RETIRED, by=by)
    return tell(EXTERNAL_ID_RETIRED, owners(organization), organization, by=by)


def owners(organization: Organization) -> list[str]:
    """The addresses of its Owners."""
    return sorted(organization.owners().values_list("user__email", flat=True))

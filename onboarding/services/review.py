"""What support does in a review besides moving it on: who has it, what is let pass, what is noted."""

from django.db import transaction
from django.db.models.functions import Now

from onboarding import notifications
from onboarding.models import (
    EDITABLE,
    CheckResult,
    Event,
    Installation,
    InternalNote,
    Override,
    Status,
    User,
)
from onboarding.services.rights import HANDLE, LEAD, allow
from onboarding.services.told import notify, record
from onboarding.wizard import question_fields

CLAIMED_IN = (Status.IN_REVIEW, Status.CHANGES_REQUESTED, Status.BUILDING, Status.FAILED)
"""The statuses in which somebody of support has it, or will have it again."""


class NotOverridable(Exception):
    """The check cannot be let pass. The text is for the person who tried."""


class NameTaken(Exception):
    """Another open installation of the Organization has the cluster's name meanwhile."""


@transaction.atomic
def release(installation: Installation, *, note: str = "", by: User) -> None:
    """Back into the queue, for somebody else to claim. Raises `IllegalMove`, `PermissionError`."""
    allow(by, HANDLE)
    installation.move(Status.SUBMITTED, start=(Status.IN_REVIEW,))
    installation.assignee = None
    installation.save(update_fields=["assignee"])
    record(installation, Event.Kind.RELEASED, by=by, note=note)


@transaction.atomic
def assign(installation: Installation, *, to: User, by: User) -> None:
    """Give it to somebody of support; a lead does. What is not claimed yet is claimed for them.

    Raises `IllegalMove`, `PermissionError`, or ValueError for who does not handle installations.
    """
    allow(by, LEAD)
    if not (to.is_active and to.is_staff and to.has_perm(HANDLE)):
        raise ValueError(f"{to} does not handle installations.")
    if installation.status == Status.SUBMITTED:
        installation.move(Status.IN_REVIEW)
        notify(notifications.CLAIMED, installation)
    elif installation.status not in CLAIMED_IN:
        raise ValueError("There is nothing to review here now.")
    installation.assignee = to
    installation.save(update_fields=["assignee"])
    record(installation, Event.Kind.ASSIGNED, by=by, data={"to": to.email})


@transaction.atomic
def override(installation: Installation, *, code: str, reason: str, by: User) -> Override:
    """Let a failed check of the account pass, as long as the answers it is about stay the same.

    A lead decides. What is proved of the role is never let pass: it keeps the account safe.
    Raises `PermissionError` or `NotOverridable`.
    """
    allow(by, LEAD)
    rows = CheckResult.objects.select_for_update().filter(installation=installation)
    result = rows.filter(code=code).first()
    if result is None or not overridable(installation, result):
        raise NotOverridable("This check does not stop the installation, or may not be let pass.")
    if not reason.strip():
        raise NotOverridable("Say why, for the record and for the customer.")
    standing = Override.objects.standing().filter(installation=installation, code=code)
    standing.update(withdrawn_at=Now(), withdrawn_by=by)
    made = Override.objects.create(
        installation=installation,
        code=code,
        reason=reason,
        saw=result.saw,
        relied_on=result.relied_on,
        by=by,
    )
    result.override = made
    result.save(update_fields=["override"])
    data = {"code": code, "title": result.title}
    record(installation, Event.Kind.OVERRIDDEN, by=by, note=reason, data=data)
    notify(notifications.OVERRIDDEN, installation, title=result.title, reason=reason)
    return made


def overridable(installation: Installation, result: CheckResult) -> bool:
    """Whether a lead may let it pass: seen in AWS with the present answers, and it stops."""
    return (
        (installation.status in EDITABLE or installation.status == Status.IN_REVIEW)
        and result.stops
        and not result.code.startswith("role_")
        and result.source == CheckResult.Source.AWS
        and not result.is_stale(installation.answers())
    )


@transaction.atomic
def withdraw_override(installation: Installation, *, code: str, by: User) -> None:
    """The check counts again. Raises `PermissionError` or `NotOverridable`."""
    allow(by, LEAD)
    standing = Override.objects.standing().filter(installation=installation, code=code)
    if not standing.update(withdrawn_at=Now(), withdrawn_by=by):
        raise NotOverridable("Nothing is let pass there.")
    record(installation, Event.Kind.OVERRIDE_WITHDRAWN, by=by, data={"code": code})


@transaction.atomic
def withdraw_request(installation: Installation, *, pk: int, by: User) -> None:
    """Support no longer asks for this change. Raises `PermissionError`, or ValueError if it is gone.

    The answers stay with the customer, who submits them again: the status page says so.
    """
    allow(by, HANDLE)
    wish = installation.change_requests.open().select_for_update(of=("self",)).filter(pk=pk).first()
    if wish is None:
        raise ValueError("It is not asked for any more.")
    wish.resolved_at = Now()
    wish.save(update_fields=["resolved_at"])
    label = question_fields().get(wish.field, wish.field)
    note = f"{label} may stay as it is."
    data = {"field": wish.field}
    record(installation, Event.Kind.REQUEST_WITHDRAWN, by=by, note=note, data=data)


@transaction.atomic
def note(installation: Installation, *, text: str, by: User) -> InternalNote:
    """Support to support: no event, no mail, nothing that a customer's page reads."""
    allow(by, HANDLE)
    return InternalNote.objects.create(installation=installation, text=text, by=by)


@transaction.atomic
def report_cluster(
    installation: Installation, *, facts: dict[str, str], connections: dict[int, str], by: User
) -> None:
    """What support knows of the cluster: `facts` by field, peering connection IDs by peer.

    It may be corrected; every correction is an event with what stood there before.
    Raises `PermissionError`, or ValueError before the build.
    """
    allow(by, HANDLE)
    if installation.status not in (Status.BUILDING, Status.READY, Status.CONFIRMED, Status.FAILED):
        raise ValueError("The build has not begun.")
    changed: dict[str, list[str]] = {}
    for field, value in facts.items():
        if (before := getattr(installation, field)) != value:
            changed[field] = [before, value]
            setattr(installation, field, value)
    installation.save(update_fields=[*facts])
    if "external_ips" in changed and installation.status in (Status.READY, Status.CONFIRMED):
        _tell_addresses(installation, *changed["external_ips"])
    for peer in installation.peers.filter(pk__in=connections):
        value = connections[peer.pk]
        if peer.connection_id != value:
            changed[f"{peer}"] = [peer.connection_id, value]
            peer.connection_id = value
            peer.save(update_fields=["connection_id"])
    if changed:
        record(installation, Event.Kind.CLUSTER_REPORTED, by=by, data={"changed": changed})


def _tell_addresses(installation: Installation, before: str, now: str) -> None:
    """The customer has allow-listed what the cluster had: say what to add, and what to take out."""
    old, new = ([each for each in said.split(",") if each] for said in (before, now))
    added = [each for each in new if each not in old]
    removed = [each for each in old if each not in new]
    if added or removed:
        notify(notifications.CLUSTER_CORRECTED, installation, added=added, removed=removed)


@transaction.atomic
def reopen(installation: Installation, *, note: str, by: User) -> None:
    """A lead takes back an end: a cancelled one is the customer's draft again, a built one goes
    back to support. Raises `IllegalMove`, `PermissionError` or `NameTaken`.
    """
    allow(by, LEAD)
    if installation.status == Status.CANCELLED:
        others = installation.organization.installations.exclude(status=Status.CANCELLED)
        name = installation.cluster_name
        if name and others.filter(cluster_name__iexact=name).exists():
            raise NameTaken(f"Another installation is called {name} meanwhile.")
        installation.move(Status.DRAFT)
    else:
        installation.move(Status.BUILDING, start=(Status.READY, Status.CONFIRMED))
    record(installation, Event.Kind.REOPENED, by=by, note=note)
    notify(notifications.REOPENED, installation, note=note)

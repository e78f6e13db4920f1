"""What the customer and support do with an installation."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from onboarding import notifications
from onboarding.jobs import turn
from onboarding.models import (
    EDITABLE,
    Event,
    Installation,
    Membership,
    Operation,
    Organization,
    Status,
    Submission,
    User,
)
from onboarding.services.access import enqueue, prove_again
from onboarding.services.rights import HANDLE, allow
from onboarding.services.told import notify, record
from onboarding.wizard import Flow, Page, Step, StepForm, flow, question_fields


class EditedMeanwhile(Exception):
    """Somebody saved this installation after the page was opened. Nothing was stored."""


class NotReported(Exception):
    """Something of the cluster must be reported first. The text is for support."""


class NotAnswered(Exception):
    """Something is left to do before the installation may be submitted."""

    def __init__(self, missing: list[Page]) -> None:
        super().__init__(", ".join(page.step.title for page in missing))
        self.missing = missing


@transaction.atomic
def start(organization: Organization, *, by: User) -> Installation:
    installation = Installation.objects.create(organization=organization)
    record(installation, Event.Kind.STARTED, by=by)
    return installation


@transaction.atomic
def save_step(
    installation: Installation, step: Step, form: StepForm, *, by: User, version: int
) -> Installation:
    """Store one step. Checks that relied on what changed no longer count, by comparison.

    Raises `EditedMeanwhile` when `version` is not the present one.
    """
    saved = Installation.objects.filter(
        pk=installation.pk, version=version, status__in=["draft", "changes_requested"]
    ).update(version=F("version") + 1)
    if not saved:
        raise EditedMeanwhile
    before = installation.answers()
    form.save()
    changed = sorted(form.changed_data)
    now = Installation.objects.with_everything().get(pk=installation.pk)
    now.change_requests.open().filter(field__in=changed).update(resolved_at=Now())
    record(now, Event.Kind.STEP_SAVED, by=by, data={"step": step.slug, "fields": changed})
    if now.aws_account_id and now.aws_account_id != before["aws_account_id"]:
        # A role made beforehand is found without anybody asking.
        enqueue(now, Operation.Kind.VERIFY_ROLE)
    turn.settle(now)
    return now


@transaction.atomic
def submit(installation: Installation, *, by: User) -> None:
    """Hand the answers to support; an Owner does. Raises `NotAnswered`, `IllegalMove` or
    `PermissionError`.
    """
    if not installation.organization.is_owned_by(by):
        raise PermissionError("Only an Organization Owner may submit.")
    whole = flow(installation)
    if not whole.is_answered:
        raise NotAnswered(whole.missing)
    installation.change_requests.open().update(resolved_at=Now())
    installation.move(Status.SUBMITTED, start=EDITABLE)
    _keep_submitted(installation, whole, by=by)
    record(installation, Event.Kind.SUBMITTED, by=by)
    notify(notifications.SUBMITTED, installation, review_takes=turn.review_takes())
    notify(notifications.SUBMITTED_TO_SUPPORT, installation)


def _keep_submitted(installation: Installation, whole: Flow, *, by: User) -> None:
    """What was handed in, so that a later change can be seen as one."""
    answers = [
        {"field": answer.field, "label": answer.label, "value": answer.value}
        for page in whole.pages
        for answer in page.answers
    ]
    number = installation.submissions.count() + 1
    Submission.objects.create(installation=installation, number=number, answers=answers, by=by)


@transaction.atomic
def claim(installation: Installation, *, by: User) -> None:
    """Support takes the review on. Raises `IllegalMove` or `PermissionError`."""
    allow(by, HANDLE)
    installation.move(Status.IN_REVIEW)
    installation.assignee = by
    installation.save(update_fields=["assignee"])
    record(installation, Event.Kind.CLAIMED, by=by)
    notify(notifications.CLAIMED, installation)


@transaction.atomic
def ask_for_changes(
    installation: Installation, *, wanted: dict[str, str], note: str, by: User
) -> None:
    """Send the installation back with what is wanted, by field.

    Raises `IllegalMove`, `PermissionError`, or ValueError if nothing is wanted.
    """
    allow(by, HANDLE)
    if not wanted and not note:
        raise ValueError("Say what should change.")
    installation.move(Status.CHANGES_REQUESTED)
    for field, text in wanted.items():
        installation.change_requests.create(field=field, text=text, by=by)
    record(installation, Event.Kind.CHANGES_REQUESTED, by=by, note=note, data={"fields": [*wanted]})
    labels = question_fields()
    named = [(labels.get(field, field), text) for field, text in wanted.items()]
    notify(notifications.CHANGES_REQUESTED, installation, wanted=named, note=note)


def start_building(installation: Installation, *, note: str = "", by: User) -> None:
    """Raises `IllegalMove` or `PermissionError`."""
    allow(by, HANDLE)
    start = (Status.IN_REVIEW, Status.FAILED)
    _report(installation, Status.BUILDING, notifications.BUILDING, note=note, by=by, start=start)


def report_ready(installation: Installation, *, note: str = "", by: User) -> None:
    """The cluster is there, and its facts are reported.

    Raises `IllegalMove`, `NotReported` or `PermissionError`.
    """
    allow(by, HANDLE)
    if not installation.cluster_id:
        raise NotReported("Report the facts of the cluster first.")
    _report(installation, Status.READY, notifications.READY, note=note, by=by)


def report_failed(installation: Installation, *, note: str, by: User) -> None:
    """Raises `IllegalMove` or `PermissionError`."""
    allow(by, HANDLE)
    _report(installation, Status.FAILED, notifications.FAILED, note=note, by=by)


def confirm(installation: Installation, *, by: User) -> None:
    """The customer says that the cluster is there."""
    _report(installation, Status.CONFIRMED, notifications.CONFIRMED, note="", by=by)


def cancel(installation: Installation, *, note: str = "", by: User) -> None:
    """Whichever side cancels, the other one is told. Of the customer's, an Owner does, as an Owner
    submits; of support, whoever handles installations. Raises `PermissionError` or `IllegalMove`.
    """
    memberships = installation.organization.memberships.filter(user=by)
    roles = list(memberships.values_list("role", flat=True))
    if Membership.Role.MEMBER in roles:
        raise PermissionError("Only an Organization Owner may cancel.")
    ours = not roles
    if ours:
        allow(by, HANDLE)
    told = notifications.CANCELLED_BY_SUPPORT if ours else notifications.CANCELLED
    _report(installation, Status.CANCELLED, told, note=note, by=by)


@transaction.atomic
def _report(
    installation: Installation,
    to: Status,
    notification: notifications.Notification,
    *,
    note: str,
    by: User,
    start: tuple[Status, ...] = (),
) -> None:
    """Move, record, tell. Raises `IllegalMove`, changing nothing."""
    installation.move(to, start=start)
    # A status and the event that leads to it have one name.
    record(installation, Event.Kind(to.value), by=by, note=note)
    if to in (Status.BUILDING, Status.READY):
        prove_again(installation)
    notify(notification, installation, note=note)

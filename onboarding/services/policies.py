"""The ledger of the permission document: proposing, approving, putting into effect.

What may take effect when is the database's to decide (`onboarding.models.policy_version`); here it
is asked in order, and what it refuses is said in words.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from onboarding import tasks
from onboarding.jobs import edition as editions
from onboarding.jobs import policies as job
from onboarding.models import Event, Mail, Notice, PolicyVersion, User
from onboarding.policy.compare import compare
from onboarding.policy.document import Edition
from onboarding.services import policy_progress

State = PolicyVersion.State


class Refused(Exception):
    """It cannot be done as things stand; the message says why, for the person."""


@transaction.atomic
def propose(edition: Edition, *, what: str, why: str, by: User) -> PolicyVersion:
    """Enter a new version. The comparison, and nobody, decides whether it expands access: against
    the version in effect, and against every other one that may be in effect before it.

    Raises `PermissionError` and `Refused`.
    """
    _allow(by, "propose")
    ledger = _held()
    newest = max((row.number for row in ledger), default=0)
    if edition.number <= newest:
        raise Refused(f"Version {newest} is in the ledger already. A proposal is newer.")
    if same := PolicyVersion.objects.filter(checksum=edition.checksum).first():
        raise Refused(f"It allows exactly what version {same.number} does.")
    before = [row for row in ledger if row.is_undecided or row.state == State.EFFECTIVE]
    expands, differences = verdict(before, edition)
    return PolicyVersion.objects.create(
        number=edition.number,
        source=dict(edition.source),
        checksum=edition.checksum,
        what=what,
        why=why,
        expands=expands,
        differences=differences,
        proposed_by=by,
    )


def verdict(
    before: list[PolicyVersion], edition: Edition
) -> tuple[bool, list[dict[str, str | int]]]:
    """Whether `edition` may allow anything that one of `before` does not, and what differs.

    Told are the differences to the version in effect, and those for which it expands another.
    """
    expands, told = False, []
    for row in before:
        found = compare(editions.of_row(row).policies, edition.policies)
        expands = expands or found.expands
        if row.state == State.EFFECTIVE or found.expands:
            told += [each.as_data() | {"against": row.number} for each in found.differences]
    return expands, told


@transaction.atomic
def approve(version: PolicyVersion, *, by: User) -> None:
    """Announce an expanding version: every Owner gets a notice. Raises `PermissionError` for whoever
    proposed it or may not approve, and `Refused`.
    """
    _allow(by, "approve")
    present = _one(version)
    if present.proposed_by_id == by.pk:
        raise PermissionError("A second person approves it, not the one who proposed it.")
    if present.state != State.PROPOSED or not present.expands:
        raise Refused("There is nothing to approve: only a proposal that expands access needs it.")
    _change(present, state=State.ANNOUNCED, approved_by=by, approved_at=Now())
    tasks.after_commit(tasks.tell_of_policies, str(present.pk))


@transaction.atomic
def withdraw(version: PolicyVersion, *, by: User) -> None:
    """Take it back before it is in effect. Raises `PermissionError` and `Refused`."""
    _allow(by, "propose")
    present = _one(version)
    if not present.is_undecided:
        raise Refused("It can be withdrawn only before it is in effect.")
    _change(present, state=State.WITHDRAWN, withdrawn_by=by, withdrawn_at=Now())


@transaction.atomic
def activate(version: PolicyVersion, *, by: User) -> None:
    """Put it into effect: at once what only reduces access; what expands it, once every Owner was
    told 14 × 24 hours ago. Raises `PermissionError` and `Refused`.
    """
    _allow(by, "activate")
    present = _one(version)
    in_effect = PolicyVersion.objects.get(state=State.EFFECTIVE)
    if not present.is_undecided or present.number < in_effect.number:
        raise Refused(f"It is {present.get_state_display().lower()}: that cannot take effect.")
    if present.expands and present.state == State.PROPOSED:
        raise Refused("It expands access: somebody else has to approve it first.")
    if not present.expands and verdict([in_effect], editions.of_row(present))[0]:
        # The comparison has become stricter since. Its word of today counts.
        raise Refused("Compared again, it expands access. Propose it under a newer number.")
    try:
        _change(present, state=State.EFFECTIVE, effective_by=by, effective_at=Now())
    except IntegrityError as error:
        raise Refused(
            "Not every Owner was told 14 × 24 hours ago. Below is what is missing."
        ) from error
    tasks.after_commit(tasks.tell_of_policies, str(present.pk))


@transaction.atomic
def acknowledge(notice: Notice, *, by: User) -> None:
    """The Owner has read it: from now on it counts as received, also if the mail came back.

    Raises `PermissionError` for anybody but that Owner.
    """
    if notice.owner_id != by.pk or not notice.organization.is_owned_by(by):
        raise PermissionError("Only the Owner who got the notice can acknowledge it.")
    unread = Notice.objects.filter(pk=notice.pk, acknowledged_at=None)
    if unread.update(acknowledged_at=Now()):
        Event.objects.create(
            organization=notice.organization,
            kind=Event.Kind.POLICY_ACKNOWLEDGED,
            by=by,
            data={"version": notice.version.number},
        )


@transaction.atomic
def send_again(version: PolicyVersion, *, by: User) -> int:
    """Give those a new notice whose last one came back, also to the same address; as many as one
    batch has. Raises `PermissionError` and `Refused`.
    """
    _allow(by, "approve")
    present = _one(version)
    if present.state != State.ANNOUNCED:
        raise Refused("Notices go out while a version is announced.")
    failed = policy_progress.owners(present, "failed")
    mails: list[Mail] = job.give(present, failed)
    tasks.after_commit(tasks.send_mail, *(str(mail.pk) for mail in mails))
    return len(mails)


def _allow(by: User, verb: str) -> None:
    if not by.is_active or not by.has_perm(f"onboarding.{verb}_policyversion"):
        raise PermissionError(f"You may not {verb} a version of the permissions.")


def _held() -> list[PolicyVersion]:
    """The whole ledger, held so that verbs take turns: always in the same order."""
    return list(PolicyVersion.objects.select_for_update(of=("self",)).order_by("number"))


def _one(version: PolicyVersion) -> PolicyVersion:
    """The version as it is now, for a verb whose turn it is."""
    return next(row for row in _held() if row.pk == version.pk)


def _change(version: PolicyVersion, **values: Any) -> None:
    """The one statement that the law of the database judges."""
    with transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(**values)

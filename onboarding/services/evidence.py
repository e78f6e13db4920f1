"""The evidence pack of an installation, for the customer's own security review: what is in it.

Every value stands here by name: a column added later is in no pack by itself. Internal notes,
messages, mails and secrets are in none; the trust policy has a placeholder for the external ID. As
everywhere on the customer's side, support speaks with one voice and no names.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Now

from onboarding.jobs import edition as editions
from onboarding.models import (
    AwsCall,
    CheckResult,
    Event,
    Handover,
    HandoverVisit,
    Installation,
    Override,
    Submission,
    User,
)
from onboarding.policy import document
from onboarding.policy.document import Edition, Grant

PLACEHOLDER = "the external ID of your Organization"
A_CHUNK = 2_000
"""Calls read at a time: a log is never in memory as a whole."""

E = Event.Kind
APPROVALS = (
    E.SUBMITTED, E.CLAIMED, E.RELEASED, E.ASSIGNED, E.CHANGES_REQUESTED, E.REQUEST_WITHDRAWN,
    E.BUILDING, E.CLUSTER_REPORTED, E.READY, E.CONFIRMED, E.FAILED, E.CANCELLED, E.REOPENED,
)  # fmt: skip
PROOFS = (E.ROLE_REQUESTED, E.ROLE_CREATED, E.ROLE_PROVED, E.ROLE_UNSAFE, E.ROLE_DRIFTED)

Record = dict[str, Any]


def record(installation: Installation, *, by: User, kind: str) -> None:
    """That the pack was taken, by whom. `kind`: `json` or `pdf`."""
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=E.EVIDENCE_EXPORTED,
        by=by,
        data={"format": kind},
    )


def content(installation: Installation, *, by: User) -> Record:
    """Everything but the AWS calls, by section. The database's clock dates it."""
    events = _events(installation)
    return {
        "account_checks": _checks(installation, of_role=False),
        "approvals": [_happened(event) for event in events if event.kind in APPROVALS],
        "exported": {"at": _now(installation), "by": by.email if not by.is_staff else _who(by)},
        "external_id_shown": [_shown(event) for event in events if event.kind == E.EXTERNAL_ID_SHOWN],
        "hand_overs": [_handover(one) for one in _handovers(installation)],
        "installation": _installation(installation),
        "monitoring": [_watching(event) for event in events if event.kind == E.MONITORING_CREATED],
        "organization": {
            "name": installation.organization.name,
            "short_name": installation.organization.short_name,
        },
        "overrides": [_override(one) for one in _overrides(installation)],
        "permissions": _permissions(_edition(installation)),
        "role_checks": _checks(installation, of_role=True),
        "role_proofs": [_proof(event) for event in events if event.kind in PROOFS],
        "submissions": [_submission(one) for one in _submissions(installation)],
        "trust_policy": document.trust_document(PLACEHOLDER),
    }  # fmt: skip


def calls(installation: Installation, *, most: int | None = None) -> Iterator[Record]:
    """The AWS calls, newest first; all of them, or `most`."""
    names = ("service", "action", "region", "identity", "outcome", "milliseconds", "request_id")
    rows = installation.aws_calls.values_list("at", *names)[:most]
    for at, *rest in rows.iterator(chunk_size=A_CHUNK):
        yield {"at": time(at, precise=True), **dict(zip(names, rest, strict=True))}


def time(moment: datetime | None, *, precise: bool = False) -> str:
    """UTC, as ISO 8601; empty for what has not happened."""
    if moment is None:
        return ""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if precise else "seconds")
    return text.replace("+00:00", "Z")


def _now(installation: Installation) -> str:
    now = Installation.objects.annotate(now=Now()).values_list("now", flat=True)
    return time(now.get(pk=installation.pk))


def _who(user: User | None) -> str:
    if user is None:
        return "Astro"
    return "Astronomer support" if user.is_staff else user.get_full_name()


def _events(installation: Installation) -> list[Event]:
    kinds = (*APPROVALS, *PROOFS, E.EXTERNAL_ID_SHOWN, E.MONITORING_CREATED)
    return list(installation.events.filter(kind__in=kinds).select_related("by"))


def _installation(installation: Installation) -> Record:
    return {
        "id": str(installation.pk),
        "cluster_name": installation.cluster_name,
        "cluster_id": installation.cluster_id,
        "aws_account_id": installation.aws_account_id,
        "region": installation.region,
        "status": installation.get_status_display(),
        "status_since": time(installation.status_since),
        "started": time(installation.created_at),
        "role_arn": installation.role_arn if installation.aws_account_id else "",
    }


def _edition(installation: Installation) -> Edition:
    """The version that the role was last seen to have; before that, the one in effect."""
    number = installation.policy_version
    return editions.in_effect() if number is None else editions.of(number)


def _permissions(edition: Edition) -> Record:
    return {
        "version": edition.number,
        "checksum": edition.checksum,
        "services": [
            {
                "service": group.service,
                "title": group.title,
                "purpose": group.purpose,
                "reference": group.reference,
                "grants": [_grant(grant) for grant in group.grants],
            }
            for group in edition.groups
        ],
        "never": [
            {
                "sentence": denial.sentence,
                "actions": list(denial.actions),
                "policy": denial.policy,
                "statement": denial.statement,
            }
            for denial in edition.denials
        ],
        "left_out": [
            {"sentence": one.sentence, "actions": list(one.actions)} for one in edition.left_out
        ],
    }


def _grant(grant: Grant) -> Record:
    return {
        "purpose": grant.purpose,
        "limit": grant.limit,
        "actions": list(grant.actions),
        "policy": grant.policy,
        "statement": grant.statement,
    }


def _checks(installation: Installation, *, of_role: bool) -> list[Record]:
    results: QuerySet[CheckResult] = installation.check_results.all()
    answers = installation.answers()
    return [
        {
            "code": result.code,
            "title": result.title,
            "status": result.get_status_display(),
            "blocks": result.blocking,
            "saw": result.saw,
            "needed": result.needed,
            "source": result.get_source_display(),
            "checked_at": time(result.checked_at),
            "request_ids": list(result.request_ids),
            "is_of_present_answers": not result.is_stale(answers),
        }
        for result in results
        if result.code.startswith("role_") == of_role
    ]


def _happened(event: Event) -> Record:
    return {
        "at": time(event.at),
        "what": event.get_kind_display(),
        "by": _who(event.by),
        "note": event.note,
    }


def _shown(event: Event) -> Record:
    """To whom and what for; never the external ID."""
    return {"at": time(event.at), "to": _who(event.by), "for": str(event.data.get("reason", ""))}


def _watching(event: Event) -> Record:
    steps = [str(step) for step in event.data.get("steps", ())]
    return {"at": time(event.at), "steps": steps}


def _proof(event: Event) -> Record:
    looks = event.data.get("looks", ())
    return {
        "at": time(event.at),
        "what": event.get_kind_display(),
        "version": event.data.get("version"),
        "permissions": str(event.data.get("permissions", "")),
        "looks": [{name: str(value) for name, value in look.items()} for look in looks],
        "note": event.note,
    }


def _handovers(installation: Installation) -> Iterable[Handover]:
    visits = HandoverVisit.objects.all()
    rows: QuerySet[Handover] = installation.handovers.select_related("created_by")
    return rows.prefetch_related(Prefetch("visits", queryset=visits))


def _handover(one: Handover) -> Record:
    return {
        "to": one.email,
        "by": _who(one.created_by),
        "at": time(one.created_at),
        "expires_at": time(one.expires_at),
        "withdrawn_at": time(one.revoked_at),
        "done_at": time(one.done_at),
        "visits": [
            {"at": time(visit.at), "what": visit.get_kind_display()} for visit in one.visits.all()
        ],
    }


def _overrides(installation: Installation) -> Iterable[Override]:
    rows: QuerySet[Override] = installation.overrides.select_related("by", "withdrawn_by")
    return rows


def _override(one: Override) -> Record:
    return {
        "code": one.code,
        "saw": one.saw,
        "reason": one.reason,
        "by": _who(one.by),
        "at": time(one.at),
        "withdrawn_at": time(one.withdrawn_at),
    }


def _submissions(installation: Installation) -> Iterable[Submission]:
    rows: QuerySet[Submission] = installation.submissions.select_related("by")
    return rows.order_by("number")


def _submission(one: Submission) -> Record:
    names = ("field", "label", "value")
    return {
        "number": one.number,
        "at": time(one.at),
        "by": _who(one.by),
        "answers": [{name: answer.get(name, "") for name in names} for answer in one.answers],
    }


def as_whom(identity: str) -> str:
    return str(AwsCall.Identity(identity).label)

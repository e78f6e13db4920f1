"""The status page's progress: what has happened, what is happening, what is to come."""

from dataclasses import dataclass
from datetime import datetime

from onboarding.models import Event, Installation, Status

E, S = Event.Kind, Status

TOLD = {
    E.SUBMITTED: "Submitted",
    E.CLAIMED: "Review started",
    E.RELEASED: "Back in the queue",
    E.CHANGES_REQUESTED: "Changes requested",
    E.REQUEST_WITHDRAWN: "A change is no longer asked for",
    E.BUILDING: "Build started",
    E.READY: "Cluster ready",
    E.CONFIRMED: "Confirmed",
    E.FAILED: "Build stopped",
    E.CANCELLED: "Cancelled",
    E.OVERRIDDEN: "A check was let pass",
    E.CLUSTER_REPORTED: "Facts of the cluster reported",
    E.REOPENED: "Opened again",
    E.MAIL_BOUNCED: "A mail came back",
}
NOW = {
    S.SUBMITTED: ("Waiting for review", "Support reads your answers next."),
    S.IN_REVIEW: ("Being reviewed", "Support reads your answers."),
    S.CHANGES_REQUESTED: ("Your changes", "Change what support asked for, then submit again."),
    S.BUILDING: ("Cluster being built", "Usually one to three hours."),
    S.READY: ("Confirm the cluster", "See that it appears in the Cluster list."),
    S.FAILED: ("Support looks into it", "Nothing for you to do now."),
}
TO_COME = (
    (S.IN_REVIEW, "Review", "Support reads your answers."),
    (S.BUILDING, "Cluster being built", "Usually one to three hours."),
    (S.READY, "Create a Deployment", "Confirm that the cluster appears in the Cluster list."),
)
# A submitted installation already waits for its review, so that is not to come any more.
ORDER = (S.DRAFT, S.CHANGES_REQUESTED, S.IN_REVIEW, S.SUBMITTED, S.FAILED, S.BUILDING, S.READY)
BAD = (E.CHANGES_REQUESTED, E.FAILED, E.CANCELLED, E.MAIL_BOUNCED)


@dataclass(frozen=True)
class Line:
    title: str
    text: str = ""
    state: str = "todo"
    """How it is drawn: `passed`, `warning`, `running`, `todo`."""
    at: datetime | None = None


def timeline(installation: Installation, events: list[Event]) -> list[Line]:
    """Past, present and future, one line each."""
    past = [_past(event) for event in events if event.kind in TOLD]
    status = Status(installation.status)
    present = [Line(*NOW[status], state="running")] if status in NOW else []
    if status not in ORDER:
        return past
    rank = ORDER.index(status)
    future = [Line(title, text) for at, title, text in TO_COME if ORDER.index(at) > rank]
    return past + present + future


def _past(event: Event) -> Line:
    who = "by Astronomer support" if event.by and event.by.is_staff else ""
    if event.by and not event.by.is_staff:
        who = f"by {event.by.get_full_name()}"
    if event.kind == E.MAIL_BOUNCED:
        who = f"It was to {event.data['email']}."
    return Line(
        TOLD[Event.Kind(event.kind)],
        f"Support: “{event.note}”" if event.note else who,
        state="warning" if event.kind in BAD else "passed",
        at=event.at,
    )

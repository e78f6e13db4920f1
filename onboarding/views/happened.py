"""What happened in an Organization, in sentences."""

from dataclasses import dataclass
from datetime import datetime

from onboarding.models import Event, Membership

E = Event.Kind

HAPPENED: dict[E, str] = {
    E.FOUNDED: "{by} founded the Organization",
    E.RENAMED: "{by} renamed it from “{before}” to “{after}”",
    E.INVITED: "{by} invited {email} as {role}",
    E.INVITATION_WITHDRAWN: "{by} withdrew the invitation to {email}",
    E.JOINED: "{by} joined",
    E.ROLE_CHANGED: "{by} made {email} {a_role}",
    E.REMOVED: "{by} removed {email}",
    E.LEFT: "{by} left",
    E.SECOND_FACTOR_REQUIRED: "{by} asked everybody for a second factor",
    E.SECOND_FACTOR_OPTIONAL: "{by} left the second factor to each",
    E.SSO_REFUSED: "A sign-in by {connection} was refused. {note}",
    E.EXTERNAL_ID_ROTATED: "{by} renewed the external ID",
    E.EXTERNAL_ID_RETIRED: "The former external ID was retired",
    E.WEBHOOK_ADDED: "{by} added the webhook “{name}”",
    E.WEBHOOK_CHANGED: "{by} changed the webhook “{name}”",
    E.WEBHOOK_REMOVED: "{by} removed the webhook “{name}”",
    E.POLICY_ANNOUNCED: "Version {version} of Astro's permissions was announced to the Owners",
    E.POLICY_ACKNOWLEDGED: "{by} has read what changes with version {version} of Astro's permissions",
    E.POLICY_EFFECTIVE: "Version {version} of Astro's permissions took effect",
    E.MAIL_BOUNCED: "A mail to {email} came back",
}
"""The kinds that are about the Organization and its people. Names come from the event's data."""

A_ROLE: dict[str, str] = {
    Membership.Role.OWNER: "an Organization Owner",
    Membership.Role.MEMBER: "a Member",
}


@dataclass(frozen=True)
class Line:
    text: str
    at: datetime


class _Said(dict[str, str]):
    """What an event does not tell is left blank, so that an old event never breaks a page."""

    def __missing__(self, name: str) -> str:
        return ""


def happened(event: Event) -> Line:
    said = _Said({name: str(value) for name, value in event.data.items()})
    said["by"], said["note"] = _who(event), event.note
    said["a_role"] = A_ROLE.get(said["role"], said["role"])
    said["role"] = dict(Membership.Role.choices).get(said["role"], said["role"])
    return Line(HAPPENED[E(event.kind)].format_map(said), event.at)


def _who(event: Event) -> str:
    if event.by is None:
        return "The portal"
    return "Astronomer support" if event.by.is_staff else event.by.get_full_name()

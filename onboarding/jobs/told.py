"""What other systems are told: which events, and in which words.

Never what somebody wrote, nor who did it: a channel has more readers than a page.
"""

from typing import Any

from django.utils import timezone

from onboarding.models import Event, Organization
from onboarding.notifications import absolute

E = Event.Kind

TOLD: dict[Event.Kind, str] = {
    E.STARTED: "Somebody started an installation",
    E.SUBMITTED: "Submitted to Astronomer support",
    E.CLAIMED: "Support has begun the review",
    E.CHANGES_REQUESTED: "Support asks for changes",
    E.MESSAGE: "A message was written",
    E.BUILDING: "Support is building the cluster",
    E.CLUSTER_REPORTED: "Support reported the facts of the cluster",
    E.READY: "The cluster is ready to be looked at",
    E.CONFIRMED: "Confirmed: the cluster works",
    E.FAILED: "The build failed",
    E.CANCELLED: "Cancelled",
    E.REOPENED: "Opened again",
    E.ROLE_CREATED: "The role was created",
    E.ROLE_PROVED: "The role is proved",
    E.ROLE_UNSAFE: "The role was found unsafe",
    E.ROLE_DRIFTED: "The role has changed since it was proved",
    E.QUOTA_DECIDED: "AWS has decided on a quota increase",
    E.REGION_ENABLED: "The Region is turned on",
    E.POLICY_ANNOUNCED: "A change of Astro's permissions is announced",
    E.POLICY_EFFECTIVE: "A change of Astro's permissions is in effect",
}

PREFIX = "onboarding."


def type_of(kind: str) -> str:
    """The event's name in a delivery, such as `onboarding.role_proved`."""
    return f"{PREFIX}{kind}"


def test_body(organization: Organization | None) -> dict[str, Any]:
    """What a test says: it looks like the real ones, and says that it is none."""
    name = organization.name if organization else "Astronomer support"
    return {
        "type": type_of("test"),
        "timestamp": timezone.now().isoformat(),
        "text": f"{name}: This is a test of the Astro install portal. Nothing has happened.",
        "organization": {"id": str(organization.pk), "name": name} if organization else None,
        "installation": None,
    }


def body(event: Event) -> dict[str, Any]:
    """What a signed delivery says of `event`; a Slack message is made of its `text`."""
    about, organization = event.installation, event.organization
    said = TOLD[E(event.kind)]
    found: dict[str, Any] = {
        "type": type_of(event.kind),
        "timestamp": event.at.isoformat(),
        "text": f"{organization.name}: {said}.",
        "organization": {"id": str(organization.pk), "name": organization.name},
        "installation": None,
    }
    if about is not None:
        found["text"] = f"{organization.name}, {about}: {said}."
        found["installation"] = {
            "id": str(about.pk),
            "cluster_name": about.cluster_name,
            "status": about.status,
            "waits_for": about.waits_for,
            "url": absolute("status", about.pk),
        }
    return found

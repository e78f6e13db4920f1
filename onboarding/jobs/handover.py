"""The end of a hand-over: the role is proved, and the link has done its work."""

from django.db.models.functions import Now

from onboarding.jobs.renewal import owners
from onboarding.models import Event, Handover, Installation
from onboarding.notifications import HANDOVER_DONE, HANDOVER_THANKS, absolute, tell


def close(installation: Installation) -> None:
    """End the open hand-overs, thank the colleagues and tell the Owners. In the caller's
    transaction, which has stored that the role is proved.
    """
    organization = installation.organization
    waiting = Handover.objects.open().filter(installation=installation)
    for handover in waiting.select_related("created_by"):
        ended = Handover.objects.filter(pk=handover.pk, done_at=None)
        if not ended.update(done_at=Now(), code_fingerprint=""):
            continue
        Event.objects.create(
            organization=organization,
            installation=installation,
            kind=Event.Kind.HANDOVER_DONE,
            note=f"By {handover.email}.",
            data={"handover": str(handover.pk), "email": handover.email},
        )
        about = {
            "installation": installation,
            "handover": handover,
            "by": handover.created_by,
            "status_url": absolute("status", installation.pk),
        }
        tell(HANDOVER_THANKS, [handover.email], organization, **about)
        tell(HANDOVER_DONE, owners(organization), organization, **about)

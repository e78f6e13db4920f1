"""What every verb leaves behind, in its own transaction: an event, and mail where somebody must know."""

from typing import Any

from onboarding import notifications, tasks
from onboarding.models import Event, Installation, User


def record(
    installation: Installation,
    kind: Event.Kind,
    *,
    by: User,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=kind,
        by=by,
        note=note,
        data=data or {},
    )


def notify(
    notification: notifications.Notification, installation: Installation, **context: object
) -> None:
    """Into the outbox, and out after the transaction."""
    mails = notifications.notify(notification, installation, **context)
    tasks.after_commit(tasks.send_mail, *(str(mail.pk) for mail in mails))

"""Wanting no more courtesy reminders about an installation, and wanting them again."""

from django.db import transaction

from onboarding.models import Event, Installation, ReminderStop, User


@transaction.atomic
def stop(installation: Installation, *, by: User) -> None:
    """For this person alone. Mail about what happens goes on. Twice is once."""
    _, is_new = ReminderStop.objects.get_or_create(installation=installation, user=by)
    if is_new:
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=Event.Kind.REMINDERS_STOPPED,
            by=by,
        )


def start_again(installation: Installation, *, by: User) -> None:
    ReminderStop.objects.filter(installation=installation, user=by).delete()

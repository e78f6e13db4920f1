"""What customer and support say to each other about an installation. Nothing said is ever changed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from onboarding import notifications
from onboarding.models import Event, Installation, Mail, Message, MessagesSeen, User
from onboarding.notifications import MESSAGE_TO_CUSTOMER, MESSAGE_TO_SUPPORT, Notification
from onboarding.wizard import question_fields

AFTERWARDS = timedelta(days=30)
"""How long one may still write once an installation is over. Reading is possible for good."""
MOST_AN_HOUR = 30
"""Messages of one person about one installation."""
GATHERED = timedelta(minutes=2)
"""How long the mail about a message waits for more of them."""

Side = Message.Side
TOLD: dict[str, Notification] = {
    Side.CUSTOMER: MESSAGE_TO_SUPPORT,
    Side.SUPPORT: MESSAGE_TO_CUSTOMER,
}
"""Who is told, by the side that writes."""


class NotWritten(Exception):
    """Nothing was stored. The text is for the writer."""


def is_writable(installation: Installation) -> bool:
    """While somebody has something to do, and 30 days after."""
    return installation.is_open or timezone.now() - installation.status_since < AFTERWARDS


@transaction.atomic
def write_to_support(
    installation: Installation, *, text: str, field: str = "", by: User
) -> Message:
    """Anybody of the Organization may. Raises `NotWritten` or `PermissionError`."""
    if not installation.organization.memberships.filter(user=by).exists():
        raise PermissionError("Only people of the Organization write to support.")
    return _write(installation, Side.CUSTOMER, text, field, by)


@transaction.atomic
def write_to_customer(
    installation: Installation, *, text: str, field: str = "", by: User
) -> Message:
    """Who handles installations may. Raises `NotWritten` or `PermissionError`."""
    if not (by.is_staff and by.has_perm("onboarding.handle_installation")):
        raise PermissionError("Only who handles installations writes to customers.")
    return _write(installation, Side.SUPPORT, text, field, by)


def _write(
    installation: Installation, side: Message.Side, text: str, field: str, by: User
) -> Message:
    # One writer at a time: the limit holds, and messages gather in one mail.
    now = Installation.objects.select_for_update().get(pk=installation.pk)
    if not is_writable(now):
        raise NotWritten("This installation is over for more than 30 days. Nothing was sent.")
    lately = now.messages.filter(by=by, at__gt=Now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise NotWritten(
            f"You have sent {MOST_AN_HOUR} messages within an hour. Nothing is lost: wait a little, "
            "then send this one again."
        )
    message = Message.objects.create(installation=now, side=side, by=by, field=field, text=text)
    message.refresh_from_db(fields=["at"])
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.MESSAGE,
        by=by,
        data={"side": side.value, "field": field},
    )
    see(installation, until=message, by=by)
    _tell(installation, message)
    return message


def message_named(typed: str, installation: Installation) -> Message | None:
    """The message of that id, if it is one of this installation's."""
    try:
        found: Message | None = installation.messages.filter(pk=UUID(typed)).first()
    except ValueError:
        return None
    return found


def see(installation: Installation, *, until: Message, by: User) -> None:
    """Note that `by` has read everything up to that message. Never goes back."""
    seen, _ = MessagesSeen.objects.get_or_create(
        installation=installation, user=by, defaults={"at": until.at}
    )
    MessagesSeen.objects.filter(pk=seen.pk, at__lt=until.at).update(at=until.at)


def _tell(installation: Installation, message: Message) -> None:
    """Mail the other side, never the writer. What waits to be sent is written anew, with this in."""
    told = TOLD[message.side]
    since = _take_back(installation, told, message)
    labels = question_fields()
    of_side = installation.messages.filter(side=message.side, at__gte=since).select_related("by")
    said = [
        {"who": who_wrote(each), "label": labels.get(each.field, ""), "text": each.text}
        for each in of_side
    ]
    to = [address for address in told.to(installation) if address != message.by.email]
    mails = notifications.notify(replace(told, to=lambda _: to), installation, said=said)
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(run_after=since + GATHERED)


def _take_back(installation: Installation, told: Notification, message: Message) -> datetime:
    """Delete the mails that still wait for more; gives when the first message in them was written.

    A mail that a worker has just taken is not among them: it is sent as it is.
    """
    waiting = installation.mails.filter(
        name=told.name, state=Mail.State.QUEUED, attempts=0, run_after__gt=Now()
    )
    due = min(waiting.values_list("run_after", flat=True), default=message.at + GATHERED)
    waiting.delete()
    return due - GATHERED


def who_wrote(message: Message) -> str:
    """As the customer reads it: support speaks with one voice."""
    return "Astronomer support" if message.side == Side.SUPPORT else message.by.get_full_name()

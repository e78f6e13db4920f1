"""The conversation as pages show it: messages, and what was asked, done and answered, in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from onboarding.models import ChangeRequest, Installation, Message, MessagesSeen, User
from onboarding.services.conversation import is_writable, who_wrote
from onboarding.wizard import question_fields

LATEST = 20
A_PAGE = 100
Side = Message.Side


@dataclass(frozen=True)
class Line:
    """`kind`: `message`, `asked` or `done`. `label`: of the question it is about, if any."""

    kind: str
    at: datetime
    who: str
    label: str = ""
    text: str = ""
    is_support: bool = False
    is_mine: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Conversation:
    lines: list[Line]
    """Oldest first."""
    new: int
    """How many messages of the other side the reader has not marked as read."""
    newest: str
    """The id of the last message here: up to it everything is marked as read."""
    older: str
    """Where the page before this one ends; empty where there is none."""
    can_write: bool


def read(
    installation: Installation,
    *,
    by: User,
    side: Message.Side,
    most: int = LATEST,
    before: datetime | None = None,
) -> Conversation:
    """The last `most` messages, in one query however many there are. `side`: the reader's."""
    seen = MessagesSeen.objects.filter(installation=installation, user=by)
    there = (
        installation.messages.select_related("by")
        .annotate(seen=Subquery(seen.values("at")[:1]), new=_unread(side, seen, installation.pk))
        .order_by("-at", "-pk")
    )
    found = list((there.filter(at__lt=before) if before else there)[: most + 1])
    shown = found[:most][::-1]
    start = shown[0].at if len(found) > most else None
    labels = question_fields()
    lines = [_of_message(each, labels, side, by) for each in shown]
    for wish in installation.change_requests.all():
        lines += [
            line
            for line in _of_wish(wish, labels, side)
            if (start is None or line.at >= start) and (before is None or line.at < before)
        ]
    return Conversation(
        lines=sorted(lines, key=lambda line: line.at),
        new=found[0].new if found else 0,  # type: ignore[attr-defined]  # annotated above
        newest=str(shown[-1].pk) if shown else "",
        older=start.isoformat() if start else "",
        can_write=is_writable(installation),
    )


def _of_message(
    message: Message,
    labels: dict[str, str],
    side: Message.Side,
    by: User,
) -> Line:
    seen = message.seen  # type: ignore[attr-defined]  # annotated above
    return Line(
        "message",
        message.at,
        who_wrote(message) if side == Side.CUSTOMER else message.by.get_full_name(),
        labels.get(message.field, ""),
        message.text,
        is_support=message.side == Side.SUPPORT,
        is_mine=message.by_id == by.pk,
        is_new=message.side != side and (seen is None or message.at > seen),
    )


def _of_wish(wish: ChangeRequest, labels: dict[str, str], side: Message.Side) -> list[Line]:
    who = "Astronomer support" if side == Side.CUSTOMER else wish.by.get_full_name()
    label = labels.get(wish.field, wish.field)
    lines = [Line("asked", wish.created_at, who, label, wish.text, is_support=True)]
    if wish.resolved_at:
        lines.append(Line("done", wish.resolved_at, "", label))
    return lines


def wished(installation: Installation) -> tuple[str, ...]:
    """The questions one may be about to answer: those with an open wish."""
    open_ones = [wish for wish in installation.change_requests.all() if not wish.resolved_at]
    return tuple(dict.fromkeys(wish.field for wish in open_ones))


def moment(typed: str) -> datetime | None:
    """The `older` of a page, as its address has it; None when it makes no sense."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else None


def with_news(installations: QuerySet[Installation], *, by: User) -> QuerySet[Installation]:
    """Each with `news`: how many messages of support's the person has not marked as read."""
    seen = MessagesSeen.objects.filter(user=by, installation=OuterRef("installation"))
    return installations.annotate(news=_unread(Side.CUSTOMER, seen, OuterRef("pk")))


def _unread(side: Message.Side, seen: QuerySet[MessagesSeen], of: Any) -> Coalesce:
    """How many messages of the other side came after what was seen."""
    fresh = (
        Message.objects.filter(installation=of)
        .exclude(side=side)
        .annotate(seen=Subquery(seen.values("at")[:1]))
        .filter(Q(seen=None) | Q(at__gt=F("seen")))
        .order_by()
        .values("installation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(fresh, output_field=IntegerField()), 0)

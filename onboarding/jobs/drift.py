"""Whether what was proved of the role still holds, and what is said when it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from onboarding.aws.check import Finding, Status, Turn
from onboarding.aws.verify import RoleFinding
from onboarding.models import Event, Installation
from onboarding.notifications import ROLE_DRIFTED, ROLE_DRIFTED_TO_SUPPORT, notify

SURE_AFTER = timedelta(seconds=120)
"""How long AWS must answer the same before it is said: a stack's update, a hiccup are no alarm."""
LEAST_LOOKS = 3
TOLD = (Event.Kind.ROLE_PROVED, Event.Kind.ROLE_UNSAFE, Event.Kind.ROLE_DRIFTED)


class Change(IntEnum):
    """What no longer holds; the higher, the worse."""

    MORE = 1
    """It may do more than was published."""
    LESS = 2
    """It may do less than was published."""
    GONE = 3
    """AWS refuses Astro with the right external ID."""
    OPEN = 4
    """Somebody else gets in too."""


@dataclass(frozen=True)
class Standing:
    """What was last told about the role of the account as it is answered now."""

    event: Event | None

    @property
    def was_proved(self) -> bool:
        return self.event is not None and self.event.kind == Event.Kind.ROLE_PROVED

    @property
    def drift(self) -> Event | None:
        """The change that nothing has put right yet."""
        drifted = self.event is not None and self.event.kind == Event.Kind.ROLE_DRIFTED
        return self.event if drifted else None

    @property
    def proved_at(self) -> datetime | None:
        """When the proof that no longer holds last held."""
        text = self.said("proved_at")
        return datetime.fromisoformat(text) if text else None

    @property
    def was_known_safe(self) -> bool:
        """Whether it was proved once, whatever has become of it."""
        return self.was_proved or self.drift is not None

    def said(self, name: str) -> str:
        return str(self.event.data.get(name, "")) if self.event else ""


def standing(installation: Installation, events: Iterable[Event] | None = None) -> Standing:
    """A proof of another account says nothing about this one. `events`: those of the kinds in `TOLD`
    at least, oldest first, where they are at hand.
    """
    if events is None:
        event = installation.events.filter(kind__in=TOLD).order_by("at", "pk").last()
    else:
        event = next((each for each in [*events][::-1] if each.kind in TOLD), None)
    if event and event.data.get("account_id") != installation.aws_account_id:
        return Standing(None)
    return Standing(event)


def change(findings: Iterable[RoleFinding], before: Standing, version: int) -> Change | None:
    """The worst of what no longer holds; None while all holds, or where AWS gave no clear answer.

    Permissions are measured by the version they were proved with: publishing another one changes
    nothing in the customer's account.
    """
    found = {each.code: each.finding for each in findings}
    refusals = ("role_opens", "role_refuses_without", "role_refuses_wrong")
    if any(found[code].status is Status.FAILED for code in refusals):
        return Change.OPEN
    if found["role_opens"].status is Status.WAITING:
        return Change.GONE
    if before.said("version") != str(version):
        return None
    return _of_permissions(found["role_permissions"], before.said("permissions"))


def _of_permissions(found: Finding, before: str) -> Change | None:
    unreadable = found.status is Status.COULD_NOT_CHECK and found.turn is Turn.CUSTOMER
    was_enough = before in (Status.PASSED, Status.WARNING)
    if was_enough and (found.status is Status.FAILED or unreadable):
        return Change.LESS
    if before == Status.PASSED and found.status is Status.WARNING:
        return Change.MORE
    return None


def is_news(now: Change, before: Standing) -> bool:
    """Whether people are told: of the first change since a proof, and of a worse one."""
    return before.was_proved or now > Change[before.said("change")]


def last_proved(installation: Installation, before: Standing) -> datetime | None:
    """When the proof last held. Call before new findings replace it."""
    if before.drift is not None:
        return before.proved_at
    passed = installation.check_results.of_role().filter(status="passed")
    newest = passed.order_by("checked_at").last()
    if newest:
        return newest.checked_at
    return before.event.at if before.event else None


def tell(
    installation: Installation,
    now: Change,
    findings: tuple[RoleFinding, ...],
    before: Standing,
    proved_at: datetime | None,
) -> None:
    """Write the event, once a change, and the mails. Call in the transaction that stores it."""
    if before.drift is not None and before.said("change") == now.name:
        return
    what = list(dict.fromkeys(_sentences(now, findings)))
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_DRIFTED,
        note="\n".join(what),
        data={
            "account_id": installation.aws_account_id,
            "change": now.name,
            "proved_at": proved_at.isoformat() if proved_at else "",
            "permissions": before.said("permissions"),
            "version": before.said("version"),
        },
    )
    if is_news(now, before):
        for mail in (ROLE_DRIFTED, ROLE_DRIFTED_TO_SUPPORT):
            notify(mail, installation, change=now.name, what=what, proved_at=proved_at)


def _sentences(now: Change, findings: tuple[RoleFinding, ...]) -> Iterable[str]:
    if now is Change.GONE:
        yield "AWS refuses Astro, though it gives your external ID."
        return
    for each in findings:
        found = each.finding
        if now is Change.OPEN and found.status is Status.FAILED and each.code != "role_permissions":
            yield found.saw
            yield from found.cause.splitlines()
        elif now in (Change.LESS, Change.MORE) and each.code == "role_permissions":
            yield found.saw
            yield from filter(None, [found.cause])

"""Where a person is signed in, for how long, and ending it."""

import time
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from onboarding.models import User

IDLE = timedelta(hours=12)
IDLE_STAFF = timedelta(minutes=30)
ABSOLUTE = timedelta(days=7)
ABSOLUTE_STAFF = timedelta(hours=12)
"""Stricter for support, who can reach every customer (ASVS 5.0, 7.3.1 and 7.3.2)."""

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
"""In the session, in seconds since 1970: on the server, where nobody can change them."""
NOTED_EVERY = 60
"""Seconds between two notes that somebody is still there."""


def limits(user: User) -> tuple[timedelta, timedelta]:
    """How long a session lasts without use, and at most."""
    return (IDLE_STAFF, ABSOLUTE_STAFF) if user.is_staff else (IDLE, ABSOLUTE)


def begin(session: SessionBase) -> None:
    session[SIGNED_IN_AT] = session[SEEN_AT] = time.time()


def is_over(session: SessionBase, user: User) -> bool:
    """Whether the person was away for too long, or signed in too long ago."""
    now, (idle, absolute) = time.time(), limits(user)
    if SIGNED_IN_AT not in session:
        begin(session)  # from before there were limits
    return bool(
        now - session[SEEN_AT] > idle.total_seconds()
        or now - session[SIGNED_IN_AT] > absolute.total_seconds()
    )


def is_fresh(session: SessionBase) -> bool:
    """Whether the person signed in within the minutes for which a confirmation holds."""
    age = time.time() - session.get(SIGNED_IN_AT, 0)
    return bool(age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def note_use(session: SessionBase) -> None:
    """Remember that the person is there, once a minute at most."""
    if time.time() - session[SEEN_AT] < NOTED_EVERY:
        return
    session[SEEN_AT] = time.time()
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def standing(user: User) -> list[UserSession]:
    """Where the person is signed in, most recently seen first."""
    return list(_standing(user).order_by("-last_seen_at", "pk"))


def forget_ended(user: User) -> None:
    """Drop the rows of the person's sessions that are over."""
    standing = _standing(user).values("pk")
    UserSession.objects.filter(user=user).exclude(pk__in=standing).delete()


def _standing(user: User) -> QuerySet[UserSession]:
    now, (idle, absolute) = timezone.now(), limits(user)
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    standing: QuerySet[UserSession] = UserSession.objects.filter(
        user=user,
        session_key__in=alive,
        last_seen_at__gt=now - idle,
        created_at__gt=now - absolute,
    )
    return standing


def end(user: User, number: int) -> None:
    """End one of the person's sessions; of anybody else's there is nothing to end."""
    _end(list(UserSession.objects.filter(user=user, pk=number).values_list("session_key")))


def end_all(user: User, *, but: str | None = None) -> None:
    """Sign the person out everywhere, save in the session with the key `but`."""
    mine = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    _end(list(mine.values_list("session_key")))


def renew(session: SessionBase) -> None:
    """Give the session another key: whoever knew the old one knows nothing any more."""
    old = session.session_key
    session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=session.session_key)


def _end(keys: list[tuple[str]]) -> None:
    names = [key for (key,) in keys]
    Session.objects.filter(session_key__in=names).delete()
    UserSession.objects.filter(session_key__in=names).delete()

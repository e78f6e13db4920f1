"""Rows of the policy ledger, brought to where a test begins."""

import itertools
from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction
from django.db.models.functions import Now

from onboarding.models import (
    Mail,
    Membership,
    Notice,
    NoticeText,
    Organization,
    PolicyVersion,
    User,
    groups,
    triggers,
)
from onboarding.policy.document import Edition, shipped
from tests.factories import make_user

FORTNIGHT = timedelta(hours=336)
State = PolicyVersion.State
_numbers = itertools.count(1)


def someone(using: str = "default") -> User:
    return User.objects.using(using).create(email=f"somebody{next(_numbers)}@ledger.example")


def owner(using: str = "default") -> Membership:
    """The Owner of an Organization of their own."""
    number = next(_numbers)
    organization = Organization.objects.using(using).create(
        name=f"Ledger {number}",
        short_name=f"ledger{number}",
        external_id_sealed="sealed",
        external_id_fingerprint=f"fingerprint-{number}",
    )
    return Membership.objects.using(using).create(
        organization=organization, user=someone(using), role=Membership.Role.OWNER
    )


def first(using: str = "default") -> PolicyVersion:
    """The version in effect; made where there is none."""
    rows = PolicyVersion.objects.using(using)
    return rows.filter(state=State.EFFECTIVE).first() or rows.create(
        number=1, source={}, checksum="first", expands=True, state=State.EFFECTIVE
    )


def proposed(*, expands: bool = True, using: str = "default") -> PolicyVersion:
    first(using)
    rows = PolicyVersion.objects.using(using)
    number = rows.latest("number").number + 1
    return rows.create(
        number=number,
        source={"number": number},
        checksum=f"checksum-{number}",
        what="What.",
        why="Why.",
        expands=expands,
        proposed_by=someone(using),
    )


def announced(using: str = "default") -> PolicyVersion:
    version = proposed(using=using)
    rows = PolicyVersion.objects.using(using).filter(pk=version.pk)
    rows.update(state=State.ANNOUNCED, approved_by=someone(using), approved_at=Now())
    return rows.get()


def notice(version: PolicyVersion, to: Membership, using: str = "default") -> Notice:
    """A notice whose mail waits in the outbox."""
    wording, _ = NoticeText.objects.using(using).get_or_create(version=version, sha256="0" * 64)
    mail = Mail.objects.using(using).create(name="policy_notice", to=to.user.email, text="Text.")
    return Notice.objects.using(using).create(
        version=version,
        organization=to.organization,
        owner=to.user,
        wording=wording,
        address=to.user.email,
        mail=mail,
    )


def settle(given: Notice, state: Mail.State, using: str = "default") -> Notice:
    """The mail server's word about the notice's mail."""
    mails = Mail.objects.using(using).filter(policy_notices=given)
    mails.update(state=state, reply=f"250 or not: {state}", accepted_at=Now())
    given.refresh_from_db()
    return given


def long_ago(given: Notice, name: str, ago: timedelta, using: str = "default") -> None:
    """Write a time of the past, which nobody can while the law is in force: it is lifted for it."""
    rows = Notice.objects.using(using).filter(pk=given.pk)
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE onboarding_notice DISABLE TRIGGER notice_law")
            rows.update(**{name: Now() - ago})
            cursor.execute("ALTER TABLE onboarding_notice ENABLE TRIGGER notice_law")
        else:
            cursor.execute("DROP TRIGGER notice_stays")
            # Its clock ticks in milliseconds.
            rows.update(**{name: Now() - ago - timedelta(milliseconds=1)})
            cursor.execute(triggers.triggers()["notice_stays"])
    given.refresh_from_db()


def told(
    version: PolicyVersion,
    to: Membership,
    ago: timedelta = FORTNIGHT,
    using: str = "default",
) -> Notice:
    """A notice that the mail server accepted so long ago."""
    given = settle(notice(version, to, using), Mail.State.ACCEPTED, using)
    long_ago(given, "accepted_at", ago, using)
    return given


def lead(*verbs: str) -> User:
    """Somebody at the desk who leads it, or who may do these alone."""
    if not verbs:
        return make_user(is_staff=True, group=groups.LEAD)
    group = Group.objects.create(name=f"Group {next(_numbers)}")
    names = [f"{verb}_policyversion" for verb in verbs]
    group.permissions.add(*Permission.objects.filter(codename__in=names))
    return make_user(is_staff=True, group=group.name)


def edition(*, more: str = "", less: str = "", number: int = 2) -> Edition:
    """What is shipped, with an action more or one less."""
    source = dict(shipped().source)
    groups = [dict(group) for group in source["groups"]]
    for group in groups:
        group["grants"] = [
            grant | {"actions": [one for one in grant["actions"] if one != less]}
            for grant in group["grants"]
        ]
    first = groups[0]["grants"][0]
    first["actions"] = [*first["actions"], *([more] if more else [])]
    return Edition(number, source | {"groups": groups})


def put_into_effect(version: PolicyVersion, using: str = "default") -> None:
    """Without any of the portal's own care."""
    by = version.approved_by_id or version.proposed_by_id
    rows = PolicyVersion.objects.using(using).filter(pk=version.pk)
    with transaction.atomic(using=using):
        rows.update(state="effective", effective_by=by, effective_at=Now())

"""Tells Owners of changes to the permissions: ahead of them, when a notice came back, and after.

Each is done in batches and looks in the rows for what is left to do, so that it may be run at any
time and twice: after an approval, and every minute for Owners who became so since.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from onboarding import notifications
from onboarding.models import (
    NOTICE,
    Event,
    Installation,
    Mail,
    Membership,
    Notice,
    NoticeText,
    Organization,
    PolicyVersion,
    Status,
)
from onboarding.models.policy_version import REACHED

BATCH = 200
HOUR = timedelta(hours=1)
State = PolicyVersion.State


@transaction.atomic
def tell_owners() -> list[Mail]:
    """Give notice of every announced version to Owners who have none: a batch of them.

    Whose notice came back gets another one once they have another address.
    """
    mails: list[Mail] = []
    for version in _in_turn(State.ANNOUNCED):
        mails += give(version, _without_notice(version))
    return mails


def _without_notice(version: PolicyVersion) -> QuerySet[Membership]:
    """Owners with no notice that arrived, is under way or was acknowledged, nor one that came back
    from the address they have now. One look a person, so that ten thousand take no longer.
    """
    enough = Q(bounced_at=None) | REACHED | Q(acknowledged_at__isnull=False)
    notices = Notice.objects.filter(
        enough | Q(address=OuterRef("user__email")),
        version=version,
        organization=OuterRef("organization"),
        owner=OuterRef("user"),
    )
    return Membership.objects.filter(~Exists(notices), role=Membership.Role.OWNER)


def give(version: PolicyVersion, owners: QuerySet[Membership]) -> list[Mail]:
    """A notice to each of the first of `owners`, and a mail to each person among them."""
    batch = list(owners.select_related("user", "organization").order_by("user", "pk")[:BATCH])
    if not batch:
        return []
    wording = _wording(version)
    people = {each.user_id: each.user.email for each in batch}
    mails = {
        user: Mail(
            name=notifications.POLICY_NOTICE.name,
            to=email,
            subject=wording.subject,
            text=wording.text,
            html=wording.html,
        )
        for user, email in people.items()
    }
    Mail.objects.bulk_create(mails.values())
    Notice.objects.bulk_create(
        Notice(
            version=version,
            organization=each.organization,
            owner=each.user,
            wording=wording,
            address=each.user.email,
            mail=mails[each.user_id],
        )
        for each in batch
    )
    organizations = {each.organization_id: each.organization for each in batch}
    _record(organizations.values(), Event.Kind.POLICY_ANNOUNCED, version)
    return list(mails.values())


@transaction.atomic
def tell_of_bounces() -> list[Mail]:
    """Tell support, and the other Owners of the Organization, whose notice came back."""
    untold = Notice.objects.filter(bounced_at__isnull=False, bounce_told_at=None)
    rows = untold.select_for_update(skip_locked=True, of=("self",)).select_related(
        "version", "organization"
    )
    batch = list(rows.order_by("bounced_at")[:BATCH])
    mails: list[Mail] = []
    missed = [each for each in batch if each.has_failed and each.version.state == State.ANNOUNCED]
    for notice in missed:
        others = notice.organization.owners().exclude(user=notice.owner_id)
        mails += notifications.tell(
            notifications.POLICY_BOUNCED,
            others.values_list("user__email", flat=True),
            notice.organization,
            version=notice.version,
            address=notice.address,
            policy_url=_page(notice.version),
        )
        Event.objects.create(
            organization=notice.organization,
            kind=Event.Kind.MAIL_BOUNCED,
            data={"email": notice.address, "version": notice.version.number},
        )
    for version in {notice.version for notice in missed}:
        mails.append(_to_support(version, sum(each.version == version for each in missed)))
    Notice.objects.filter(pk__in=[each.pk for each in batch]).update(bounce_told_at=Now())
    return mails


@transaction.atomic
def tell_of_effect() -> list[Mail]:
    """Tell the Owners whose roles are of an older version that a newer one is in effect."""
    mails: list[Mail] = []
    for version in _in_turn(State.EFFECTIVE):
        roles = Installation.objects.filter(
            organization=OuterRef("pk"), policy_version__lt=version.number
        ).exclude(status=Status.CANCELLED)
        told = Event.objects.filter(
            organization=OuterRef("pk"),
            kind=Event.Kind.POLICY_EFFECTIVE,
            data__version=version.number,
        )
        missing = Organization.objects.filter(Exists(roles), ~Exists(told)).order_by("pk")
        batch = list(missing[:BATCH])
        for organization in batch:
            mails += notifications.tell(
                notifications.POLICY_EFFECTIVE,
                organization.owners().values_list("user__email", flat=True),
                organization,
                version=version,
                policy_url=_page(version),
            )
        _record(batch, Event.Kind.POLICY_EFFECTIVE, version)
    return mails


def _in_turn(state: State) -> QuerySet[PolicyVersion]:
    """The versions in that state that nobody else is telling of at this moment."""
    rows = PolicyVersion.objects.filter(Q(state=state), proposed_by__isnull=False)
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("number")


def _wording(version: PolicyVersion) -> NoticeText:
    """What is sent now. The earliest date is the promise's, so it changes with the hour."""
    context = {
        "version": version,
        "not_before": _full_hour(_clock(version) + NOTICE),
        "differences": version.differences,
        "policy_url": _page(version),
        "site_url": settings.SITE_URL,
        "why": notifications.POLICY_NOTICE.why,
    }
    written = notifications.write(notifications.POLICY_NOTICE.name, context)
    joined = "\n".join((written["subject"], written["text"], written["html"]))
    digest = hashlib.sha256(joined.encode()).hexdigest()
    return NoticeText.objects.get_or_create(version=version, sha256=digest, defaults=written)[0]


def _clock(version: PolicyVersion) -> datetime:
    """The database's."""
    now: datetime = (
        PolicyVersion.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=version.pk)
    )
    return now


def _full_hour(moment: datetime) -> datetime:
    """That one, or the next."""
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full if full == moment else full + HOUR


def _record(
    organizations: Iterable[Organization], kind: Event.Kind, version: PolicyVersion
) -> None:
    """Once an Organization, however many Owners it has."""
    wanted = list(organizations)
    known = set(
        Event.objects.filter(
            organization__in=wanted, kind=kind, data__version=version.number
        ).values_list("organization_id", flat=True)
    )
    for organization in wanted:
        if organization.pk not in known:
            # One by one: whoever listens to events hears of each.
            Event.objects.create(
                organization=organization, kind=kind, data={"version": version.number}
            )


def _to_support(version: PolicyVersion, count: int) -> Mail:
    context = {
        "version": version,
        "count": count,
        "desk_url": notifications.absolute("admin:onboarding_policyversion_change", version.pk),
        "site_url": settings.SITE_URL,
        "why": notifications.POLICY_BOUNCED_TO_SUPPORT.why,
    }
    return notifications.compose(
        notifications.POLICY_BOUNCED_TO_SUPPORT.name, settings.SUPPORT_EMAIL, context
    )


def _page(version: PolicyVersion) -> str:
    return notifications.absolute("policy", version.number)

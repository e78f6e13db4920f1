"""Every mail the portal sends: its name, and who gets it. The name is the template folder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from onboarding.models import Installation, Mail, Membership, Organization


@dataclass(frozen=True)
class Notification:
    name: str
    to: Callable[[Installation], list[str]]
    """The addresses it goes to, one mail each."""
    why: str
    """Why the reader gets it, said at its end."""


def customer(installation: Installation) -> list[str]:
    """The Organization's Owners, and whoever started the installation."""
    return _addresses(_in_charge(installation))


def _in_charge(installation: Installation) -> QuerySet[Membership]:
    members = Membership.objects.filter(organization=installation.organization)
    owners = members.filter(role=Membership.Role.OWNER)
    starters = members.filter(user__in=installation.events.filter(kind="started").values("by"))
    return owners | starters


def _addresses(members: QuerySet[Membership]) -> list[str]:
    return sorted(members.distinct().values_list("user__email", flat=True))


def who_talk(installation: Installation) -> list[str]:
    """The customer's side, with those who took part in the conversation and still belong to it."""
    members = Membership.objects.filter(organization=installation.organization)
    talking = members.filter(user__in=installation.messages.values("by"))
    return _addresses(_in_charge(installation) | talking)


def reminded(installation: Installation) -> list[str]:
    """The customer's side, without those who want no more reminders about this installation."""
    stopped = installation.reminder_stops.values("user")
    return _addresses(_in_charge(installation).exclude(user__in=stopped))


def support(installation: Installation) -> list[str]:
    """Whoever has claimed the installation, else support's own address."""
    return [installation.assignee.email if installation.assignee else settings.SUPPORT_EMAIL]


FOR_CUSTOMER = "You get this because you are an Organization Owner or started this installation."
FOR_WHO_TALK = "You get this because you are an Organization Owner, started this installation, or wrote about it."
FOR_SUPPORT = "You get this because Astronomer support reviews this installation."

SUBMITTED = Notification("submitted", customer, FOR_CUSTOMER)
SUBMITTED_TO_SUPPORT = Notification("submitted_to_support", support, FOR_SUPPORT)
CLAIMED = Notification("claimed", customer, FOR_CUSTOMER)
CHANGES_REQUESTED = Notification("changes_requested", customer, FOR_CUSTOMER)
BUILDING = Notification("building", customer, FOR_CUSTOMER)
READY = Notification("ready", customer, FOR_CUSTOMER)
CLUSTER_CORRECTED = Notification("cluster_corrected", customer, FOR_CUSTOMER)
FAILED = Notification("failed", customer, FOR_CUSTOMER)
OVERRIDDEN = Notification("overridden", customer, FOR_CUSTOMER)
REOPENED = Notification("reopened", customer, FOR_CUSTOMER)
CONFIRMED = Notification("confirmed", support, FOR_SUPPORT)
CANCELLED = Notification("cancelled", support, FOR_SUPPORT)
CANCELLED_BY_SUPPORT = Notification("cancelled_by_support", customer, FOR_CUSTOMER)
ROLE_PROVED = Notification("role_proved", customer, FOR_CUSTOMER)
ROLE_DRIFTED = Notification("role_drifted", customer, FOR_CUSTOMER)
ROLE_DRIFTED_TO_SUPPORT = Notification("role_drifted_to_support", support, FOR_SUPPORT)
QUOTA_GRANTED = Notification("quota_granted", customer, FOR_CUSTOMER)
QUOTA_GRANTED_LESS = Notification("quota_granted_less", customer, FOR_CUSTOMER)
QUOTA_REFUSED = Notification("quota_refused", customer, FOR_CUSTOMER)
QUOTA_UNANSWERED = Notification("quota_unanswered", customer, FOR_CUSTOMER)
REGION_ENABLED = Notification("region_enabled", customer, FOR_CUSTOMER)
MAIL_BOUNCED = Notification("mail_bounced", support, FOR_SUPPORT)
MESSAGE_TO_CUSTOMER = Notification("message_to_customer", who_talk, FOR_WHO_TALK)
MESSAGE_TO_SUPPORT = Notification("message_to_support", support, FOR_SUPPORT)
REMINDER_DRAFT = Notification("reminder_draft", reminded, FOR_CUSTOMER)
REMINDER_CHANGES = Notification("reminder_changes", reminded, FOR_CUSTOMER)
REMINDER_READY = Notification("reminder_ready", reminded, FOR_CUSTOMER)
REMINDER_PEERING = Notification("reminder_peering", customer, FOR_CUSTOMER)
REMINDER_UNCLAIMED = Notification("reminder_unclaimed", support, FOR_SUPPORT)
REMINDER_OVERDUE = Notification("reminder_overdue", support, FOR_SUPPORT)

NOTIFICATIONS = (
    SUBMITTED,
    SUBMITTED_TO_SUPPORT,
    CLAIMED,
    CHANGES_REQUESTED,
    BUILDING,
    READY,
    CLUSTER_CORRECTED,
    FAILED,
    OVERRIDDEN,
    REOPENED,
    CONFIRMED,
    CANCELLED,
    CANCELLED_BY_SUPPORT,
    ROLE_PROVED,
    ROLE_DRIFTED,
    ROLE_DRIFTED_TO_SUPPORT,
    QUOTA_GRANTED,
    QUOTA_GRANTED_LESS,
    QUOTA_REFUSED,
    QUOTA_UNANSWERED,
    REGION_ENABLED,
    MAIL_BOUNCED,
    MESSAGE_TO_CUSTOMER,
    MESSAGE_TO_SUPPORT,
    REMINDER_DRAFT,
    REMINDER_CHANGES,
    REMINDER_READY,
    REMINDER_PEERING,
    REMINDER_UNCLAIMED,
    REMINDER_OVERDUE,
)


@dataclass(frozen=True)
class PeopleMail:
    """About an Organization and its people; whoever causes it says whom it goes to."""

    name: str
    why: str


INVITATION = PeopleMail("invitation", "You get this because somebody invited this address.")
JOINED = PeopleMail("joined", "You get this because you are an Organization Owner.")
ROLE_CHANGED = PeopleMail("membership_role", "You get this because it is about your own access.")
REMOVED = PeopleMail("membership_ended", "You get this because it is about your own access.")

FOR_OWNERS = "You get this because you are an Organization Owner."
FOR_COLLEAGUE = "You get this because an Organization Owner gave this address for it."
EXTERNAL_ID_RENEWED = PeopleMail("external_id_renewed", FOR_OWNERS)
EXTERNAL_ID_RETIRED = PeopleMail("external_id_retired", FOR_OWNERS)
HANDOVER = PeopleMail("handover", FOR_COLLEAGUE)
HANDOVER_CODE = PeopleMail("handover_code", FOR_COLLEAGUE)
HANDOVER_THANKS = PeopleMail("handover_thanks", FOR_COLLEAGUE)
HANDOVER_OPENED = PeopleMail("handover_opened", FOR_OWNERS)
HANDOVER_DONE = PeopleMail("handover_done", FOR_OWNERS)
HANDOVER_LOCKED = PeopleMail("handover_locked", FOR_OWNERS)

FOR_DESK = "You get this because you look after the permissions of Astro at the desk."
POLICY_NOTICE = PeopleMail("policy_notice", FOR_OWNERS)
POLICY_BOUNCED = PeopleMail("policy_bounced", FOR_OWNERS)
POLICY_BOUNCED_TO_SUPPORT = PeopleMail("policy_bounced_to_support", FOR_DESK)
POLICY_EFFECTIVE = PeopleMail("policy_effective", FOR_OWNERS)

PEOPLE_MAILS = (
    INVITATION,
    JOINED,
    ROLE_CHANGED,
    REMOVED,
    EXTERNAL_ID_RENEWED,
    EXTERNAL_ID_RETIRED,
    HANDOVER,
    HANDOVER_CODE,
    HANDOVER_THANKS,
    HANDOVER_OPENED,
    HANDOVER_DONE,
    HANDOVER_LOCKED,
    POLICY_NOTICE,
    POLICY_BOUNCED,
    POLICY_BOUNCED_TO_SUPPORT,
    POLICY_EFFECTIVE,
)


def tell(
    mail: PeopleMail, to: Iterable[str], organization: Organization, **context: Any
) -> list[Mail]:
    """Put the mail into the outbox, one row a reader, in the caller's transaction."""
    context |= about_organization(organization, mail.why)
    installation = context.get("installation")
    return [compose(mail.name, address, context, installation) for address in to]


def notify(notification: Notification, installation: Installation, **context: Any) -> list[Mail]:
    """Put the mail into the outbox, one row a reader, in the caller's transaction."""
    to = notification.to(installation)
    context |= about_installation(installation, notification.why)
    return [compose(notification.name, address, context, installation) for address in to]


def about_organization(organization: Organization, why: str) -> dict[str, Any]:
    """What every mail about an Organization and its people may say."""
    return {
        "organization": organization,
        "organization_url": absolute("organization", organization.pk),
        "home_url": absolute("home"),
        "site_url": settings.SITE_URL,
        "why": why,
    }


def about_installation(installation: Installation, why: str) -> dict[str, Any]:
    """What every mail about an installation may say."""
    return {
        "installation": installation,
        "organization": installation.organization,
        "status_url": absolute("status", installation.pk),
        "access_url": absolute("step", installation.pk, "access"),
        "conversation_url": absolute("conversation", installation.pk),
        "reminders_url": absolute("reminders", installation.pk),
        "desk_url": absolute("admin:onboarding_installation_change", installation.pk),
        "site_url": settings.SITE_URL,
        "why": why,
    }


def compose(
    name: str, to: str, context: dict[str, Any], installation: Installation | None = None
) -> Mail:
    """One mail, put into the outbox."""
    written = write(name, {"to": to} | context)
    return Mail.objects.create(installation=installation, name=name, to=to, **written)


def write(name: str, context: dict[str, Any]) -> dict[str, str]:
    """Subject, text and HTML, from `templates/emails/<name>/{subject.txt,body.txt,body.html}`."""
    folder = f"emails/{name}"
    # A subject is one line; what people typed in it loses its line breaks here.
    subject = " ".join(render_to_string(f"{folder}/subject.txt", context).split())
    return {
        "subject": subject[:200],
        "text": render_to_string(f"{folder}/body.txt", context).strip() + "\n",
        "html": render_to_string(f"{folder}/body.html", context),
    }


def absolute(view: str, *args: Any) -> str:
    """The address of a page for use in a mail: from SITE_URL, never from a request's Host."""
    return settings.SITE_URL + reverse(view, args=args)

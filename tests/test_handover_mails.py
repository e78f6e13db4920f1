"""The mails of a renewal and of a hand-over: readable in both forms, harmless, without any ID."""

import re

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from onboarding import notifications
from onboarding.jobs import renewal
from onboarding.jobs.handover import close
from onboarding.models import Handover, HandoverVisit, Installation, Mail, Organization, User
from onboarding.services import external_id, handover
from tests.factories import make_installation

pytestmark = pytest.mark.django_db

EVIL = "<b>Evil</b> & 'Co'"
NAMES = [
    each.name
    for each in notifications.PEOPLE_MAILS
    if each.name.startswith(("external_id", "handover"))
]


def everything_happens(name: str, organization_name: str) -> dict[str, Mail]:
    """One mail of each kind, as the services and jobs write them."""
    installation = make_installation(aws_account_id="740000000099", cluster_name=name)
    organization = installation.organization
    owner = organization.owners().get().user
    User.objects.filter(pk=owner.pk).update(name=organization_name)
    Organization.objects.filter(pk=organization.pk).update(name=organization_name)
    installation = Installation.objects.with_everything().get(pk=installation.pk)
    owner.refresh_from_db()
    hand_over(installation, owner)
    lock(hand_over(installation, owner))
    close_one(installation, owner)
    external_id.renew(installation.organization, by=owner)
    renewal.retire(Organization.objects.get(pk=organization.pk))
    return {mail.name: mail for mail in Mail.objects.all()}


def hand_over(installation: Installation, owner: User) -> Handover:
    sent = handover.hand_over(installation, email="colleague@acme.example", by=owner)
    handover.opened(sent)
    return sent


def lock(sent: Handover) -> None:
    wrong = (HandoverVisit(handover=sent, kind="wrong_code") for _ in range(19))
    HandoverVisit.objects.bulk_create(wrong)
    handover.send_code(sent)
    handover.confirm(sent, "no code")


def close_one(installation: Installation, owner: User) -> None:
    hand_over(installation, owner)
    close(installation)


def test_each_kind_is_written_by_something() -> None:
    assert set(everything_happens("analytics", "Acme")) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_happened_and_leads_somewhere(name: str) -> None:
    mail = everything_happens("analytics", "Acme")[name]
    assert len(mail.subject) <= 78
    why = next(each.why for each in notifications.PEOPLE_MAILS if each.name == name)
    for body in (mail.text, mail.html):
        assert "Acme" in body or "analytics" in body
        assert why in body
        assert "None" not in body
    links = re.findall(rf"^{re.escape(settings.SITE_URL)}/\S+$", mail.text, re.MULTILINE)
    assert links == re.findall(r'class="button" href="([^"]+)"', mail.html)
    assert len(links) == 1


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_in_it_and_add_no_header(name: str) -> None:
    mail = everything_happens("<i>prod</i>", EVIL)[name]
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to]).message()
    assert message.get_all("To") == [mail.to]
    assert not re.search(r"&(amp|lt|gt|quot|#)", mail.subject + mail.text)
    for tag in ("<i>", "<b>Evil"):
        assert tag not in mail.html


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_no_external_id(name: str) -> None:
    mail = everything_happens("analytics", "Acme")[name]
    assert "astro-" not in mail.subject + mail.text + mail.html

"""The mails about the permissions: readable in both forms, harmless, without a way to opt out."""

import re

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from onboarding import notifications
from onboarding.jobs import policies as job
from onboarding.models import Mail, Membership, Notice, Organization
from onboarding.services import policies
from tests import policy_ledger as ledger
from tests.factories import make_installation, make_user

pytestmark = pytest.mark.django_db

EVIL = "<b>Evil</b> & 'Co'"
WHAT = "It may <tag> & 'count'.\nAnd more."
NAMES = [each.name for each in notifications.PEOPLE_MAILS if each.name.startswith("policy_")]


def everything_happens() -> dict[str, Mail]:
    """One mail of each kind, as the jobs write them."""
    installation = make_installation(policy_version=1)
    organization = installation.organization
    Organization.objects.filter(pk=organization.pk).update(name=EVIL)
    Membership.objects.create(
        organization=organization, user=make_user(), role=Membership.Role.OWNER
    )
    wider = ledger.edition(more="eks:CreateFargateProfile")
    version = policies.propose(wider, what=WHAT, why=EVIL, by=ledger.lead())
    policies.approve(version, by=ledger.lead())
    job.tell_owners()
    mails = {mail.name: mail for mail in Mail.objects.filter(name="policy_notice")}
    lost, *others = Notice.objects.all()
    ledger.settle(lost, Mail.State.BOUNCED)
    job.tell_of_bounces()
    policies.acknowledge(lost, by=lost.owner)
    ledger.long_ago(lost, "acknowledged_at", ledger.FORTNIGHT)
    for notice in others:
        ledger.settle(notice, Mail.State.ACCEPTED)
        ledger.long_ago(notice, "accepted_at", ledger.FORTNIGHT)
    policies.activate(version, by=ledger.lead())
    job.tell_of_effect()
    return mails | {mail.name: mail for mail in Mail.objects.exclude(name="policy_notice")}


def test_each_kind_is_written_by_something() -> None:
    assert set(NAMES) <= set(everything_happens())
    assert len(NAMES) == 4


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_happened_why_it_came_and_leads_to_one_page(name: str) -> None:
    mail = everything_happens()[name]
    assert len(mail.subject) <= 78
    why = next(each.why for each in notifications.PEOPLE_MAILS if each.name == name)
    for body in (mail.text, mail.html):
        assert why in body
        assert "version 2" in body.lower()
        assert "None" not in body
        assert "unsubscribe" not in body.lower()
    assert "\n\n\n\n" not in mail.text
    links = re.findall(rf"^{re.escape(settings.SITE_URL)}/\S+$", mail.text, re.MULTILINE)
    assert links == re.findall(r'class="button" href="([^"]+)"', mail.html)
    assert len(links) == 1


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_in_it_and_add_no_header(name: str) -> None:
    mail = everything_happens()[name]
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to]).message()
    assert message.get_all("To") == [mail.to]
    assert message["List-Unsubscribe"] is None
    assert not re.search(r"&(amp|lt|gt|quot|#)", mail.subject + mail.text)
    for tag in ("<tag>", "<b>Evil"):
        assert tag not in mail.html


def test_the_notice_says_what_why_the_differences_the_date_and_what_to_do() -> None:
    mail = everything_happens()["policy_notice"]
    version = Notice.objects.all()[0].version
    for text in (
        WHAT,
        EVIL,
        version.differences[0]["sentence"],
        "00 UTC at the earliest",
        "Now: nothing",
    ):
        assert text in mail.text

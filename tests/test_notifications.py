"""Every mail: there, readable in both forms, harmless whatever people are called."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from onboarding import notifications
from onboarding.models import Installation, Mail, Organization
from onboarding.notifications import NOTIFICATIONS, PEOPLE_MAILS, Notification, notify
from tests.factories import make_answered

FOLDERS = Path(settings.BASE_DIR) / "templates" / "emails"
EVIL = "<b>Evil</b> & 'Co'\r\nBcc: x@y.example"
CONTEXT: dict[str, Any] = {
    "note": "Please <look> & 'see'.\nSecond line.",
    "wanted": [("Most nodes at once", "Fewer than <20> & 'cheap'.")],
}
each = pytest.mark.parametrize("notification", NOTIFICATIONS, ids=lambda one: one.name)


@pytest.fixture
def hostile(db: None) -> Installation:
    installation = make_answered(cluster_name="<i>prod</i>\r\nTo: y@z.example")
    Organization.objects.update(name=EVIL)
    return Installation.objects.with_everything().get(pk=installation.pk)


def written(notification: Notification, installation: Installation) -> Mail:
    return notify(notification, installation, **CONTEXT)[0]


def test_every_folder_belongs_to_a_notification_and_the_other_way_round() -> None:
    folders = {path.name for path in FOLDERS.iterdir() if path.is_dir()}
    assert {one.name for one in (*NOTIFICATIONS, *PEOPLE_MAILS)} == {
        name for name in folders if not name.startswith("sign_in_")
    }
    listed = [one for one in vars(notifications).values() if isinstance(one, Notification)]
    assert len(listed) == len(NOTIFICATIONS)
    for name in folders:
        assert {path.name for path in (FOLDERS / name).iterdir()} == {
            "subject.txt",
            "body.txt",
            "body.html",
        }


@each
def test_it_says_what_happened_what_to_do_and_why_it_came(
    notification: Notification, db: None
) -> None:
    installation = make_answered()
    mail = written(notification, installation)
    assert "analytics" in mail.subject
    assert len(mail.subject) <= 78
    for body in (mail.text, mail.html):
        assert "analytics" in body
        assert notification.why in body
        assert f"{settings.SITE_URL}/" in body
    address = re.escape(settings.SITE_URL)
    links = re.findall(rf"^{address}/\S+$", mail.text, re.MULTILINE)
    assert links == re.findall(rf'class="button" href="({address}/[^"]+)"', mail.html)
    assert len(links) == 1


@each
def test_plain_text_is_plain_and_html_is_escaped(
    notification: Notification, hostile: Installation
) -> None:
    mail = written(notification, hostile)
    for text in (mail.subject, mail.text):
        assert "<i>prod</i>" in text
        assert not re.search(r"&(amp|lt|gt|quot|#)", text)
    assert "&lt;i&gt;prod&lt;/i&gt;" in mail.html
    for tag in ("<i>", "<b>Evil", "<look>", "<20>"):
        assert tag not in mail.html


@each
def test_names_add_no_header(notification: Notification, hostile: Installation) -> None:
    mail = written(notification, hostile)
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to]).message()
    assert "\n" not in mail.subject
    assert message["Bcc"] is None
    assert message.get_all("To") == [mail.to]


@each
def test_it_tells_no_secret(notification: Notification, db: None) -> None:
    installation = make_answered()
    organization = installation.organization
    secrets = (organization.reveal_external_id(), organization.external_id_sealed)
    mail = written(notification, installation)
    for body in (mail.subject, mail.text, mail.html):
        assert not [secret for secret in secrets if secret in body]


@pytest.mark.parametrize("name", ["changes_requested", "building", "ready", "failed", "cancelled"])
def test_what_support_wrote_is_in_the_mail(name: str, db: None) -> None:
    notification = next(one for one in NOTIFICATIONS if one.name == name)
    mail = written(notification, make_answered())
    assert CONTEXT["note"] in mail.text
    assert "&lt;look&gt;" in mail.html
    without = notify(notification, make_answered())[0]
    assert "None" not in without.text
    assert "\n\n\n\n" not in without.text


def test_wanted_changes_are_listed_with_the_name_of_their_field(db: None) -> None:
    mail = written(notifications.CHANGES_REQUESTED, make_answered())
    assert "Most nodes at once:\nFewer than <20> & 'cheap'." in mail.text
    assert "<b>Most nodes at once</b>" in mail.html


def test_owners_and_whoever_started_it_get_one_mail_each(db: None) -> None:
    installation = make_answered()
    owner = installation.organization.owners().get().user
    assert [mail.to for mail in notify(notifications.READY, installation)] == [owner.email]
    assert [mail.to for mail in notify(notifications.CONFIRMED, installation)] == [
        settings.SUPPORT_EMAIL
    ]

"""Every mail there is, shown at the desk with made-up data."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from onboarding.admin import mail_preview, mail_samples
from onboarding.admin.mail_list import GROUPS, LISTED
from onboarding.jobs.send_mail import message_of
from onboarding.models import Mail
from onboarding.models.groups import GROUPS as DESK
from onboarding.notifications import NOTIFICATIONS, PEOPLE_MAILS
from tests.factories import make_user

FOLDERS = Path(settings.BASE_DIR) / "templates" / "emails"
NAMES = sorted(path.name for path in FOLDERS.iterdir() if path.is_dir())
each = pytest.mark.parametrize("name", NAMES)
INDEX = "admin:onboarding_mail_previews"


def url(name: str, what: str = "preview", **query: str) -> str:
    found = reverse(f"admin:onboarding_mail_{what}", args=[name])
    return found + (
        "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    )


def test_every_mail_is_listed_once() -> None:
    listed = [one.name for rows in GROUPS.values() for one in rows]
    assert sorted(listed) == NAMES
    assert {one.name for one in (*NOTIFICATIONS, *PEOPLE_MAILS)} <= set(LISTED)


@each
def test_its_sample_leaves_nothing_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that the made-up data do not have would be blank in the preview."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING(%s)")  # type: ignore[attr-defined]
    for part in mail_preview.written(name).values():
        assert "MISSING" not in part
        assert "None" not in part


@each
def test_it_says_why_it_came_and_what_to_do_in_both_forms(name: str) -> None:
    mail = mail_preview.written(name)
    for body in (mail["text"], mail["html"]):
        assert re.search(r"You get this because [^<]+\.", body)
    links = re.findall(r"(?m)^(https?://\S+)$", mail["text"])
    buttons = re.findall(r'class="button" href="([^"]+)"', mail["html"])
    assert len(buttons) == 1
    assert buttons[0] in links
    assert 0 < len(mail["subject"]) <= 90
    assert not re.search(r"&(amp|lt|gt|quot|#)", mail["text"])
    assert "\n\n\n" not in mail["text"]


def plain(text: str) -> str:
    """Words alone, so that a text and its HTML can be compared."""
    text = re.sub(r"(?s)<(head|style).*?</\1>", " ", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = (
        text.replace("&#x27;", "'").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    )
    return " ".join(re.findall(r"[\w'@.:/…]+", text.replace("&nbsp;", " ").replace("&quot;", '"')))


@each
def test_both_forms_say_the_same(name: str) -> None:
    """What the HTML says stands in the text: nobody misses a sentence for their mail program."""
    mail = mail_preview.written(name)
    text = plain(mail["text"])
    for block in re.findall(r"(?s)<(?:p|li)[ >].*?</(?:p|li)>", mail["html"]):
        if 'class="button"' in block:
            continue
        sentences = [plain(part) for part in re.split(r"(?<=[.:?])\s|<br>", block)]
        missing = [one for one in sentences if one.strip(" .:") and one.strip(" .:") not in text]
        assert not missing, missing


@each
def test_no_mail_of_the_service_offers_to_unsubscribe(name: str) -> None:
    """One cannot: an Owner who did would miss the notice of 14 days."""
    message = message_of(Mail(name=name, to="owner@acme.example", **mail_preview.written(name)))
    headers = {header.lower() for header in message.message()}
    assert not {header for header in headers if "unsubscribe" in header or header == "precedence"}
    assert {"message-id", "auto-submitted"} <= headers


@pytest.mark.django_db
@each
def test_the_page_of_each_shows_text_and_html(name: str, desk: Client) -> None:
    page = desk.get(url(name))
    assert page.status_code == 200
    assert url(name, "preview_html", scheme="light") in page.text
    assert escape(LISTED[name].when) in page.text
    frame = desk.get(url(name, "preview_html"))
    assert frame.status_code == 200
    policy = frame["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "'self'" in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_writing_a_sample_asks_and_changes_nothing_in_the_database() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for name in NAMES:
            mail_preview.written(name)
    assert len(asked) == 0


@pytest.mark.django_db
def test_the_list_has_them_all(desk: Client) -> None:
    page = desk.get(reverse(INDEX)).text
    for name in NAMES:
        assert url(name) in page
    assert desk.get(reverse(INDEX)).context["groups"]


@pytest.mark.django_db
def test_light_and_dark_are_shown_whatever_the_reader_s_own(desk: Client) -> None:
    light, dark = (
        desk.get(url("ready", "preview_html", scheme=one)).text for one in ("light", "dark")
    )
    assert "@media not all" in light
    assert "@media all" in dark
    assert "prefers-color-scheme" not in light + dark
    assert 'content="dark"' in dark
    assert 'class="mail-frame narrow"' in desk.get(url("ready", width="narrow")).text
    assert desk.get(url("ready", scheme="x", width="y")).status_code == 200


@pytest.mark.django_db
def test_a_name_nobody_knows_is_not_found(desk: Client) -> None:
    assert desk.get(url("nothing")).status_code == 404
    assert desk.get(url("nothing", "preview_html")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("group", DESK)
def test_every_group_of_the_desk_may_look(group: str, client: Client) -> None:
    client.force_login(make_user(is_staff=True, group=group))
    for address in (reverse(INDEX), url("ready"), url("ready", "preview_html")):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_nobody_else_may(client: Client) -> None:
    outside: list[Any] = [make_user(), make_user(is_staff=True, group="None of them")]
    for user in outside:
        client.force_login(user)
        for address in (reverse(INDEX), url("ready"), url("ready", "preview_html")):
            assert client.get(address).status_code in (302, 403)


def test_the_made_up_people_are_stored_nowhere() -> None:
    assert mail_samples.ACME._state.adding
    assert mail_samples.INSTALLATION._state.adding

"""Signing up and in: mail through the outbox, links from SITE_URL, no telling who is known."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.test import Client, RequestFactory
from pytest_django import Settings

from onboarding import tasks
from onboarding.models import Mail, User
from onboarding.views.accounts import AccountAdapter
from tests.factories import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
ASKED = (
    "email_confirmation_signup",
    "email_confirmation",
    "password_reset_key",
    "account_already_exists",
    "unknown_account",
)
CHANGES = ("password_changed", "password_reset", "password_set", "email_changed", "email_deleted")
MAILS = ASKED + CHANGES


def link_in(mail: Mail) -> str:
    """Where the mail's one button leads."""
    (link,) = re.findall(r'class="button" href="([^"]+)"', mail.html)
    assert html.unescape(link) in mail.text
    return html.unescape(link)


def test_signing_up_puts_one_mail_into_the_outbox_and_sends_none_itself(
    client: Client, mailoutbox: list[object]
) -> None:
    client.post("/accounts/signup/", NEW)
    mail = Mail.objects.get()
    assert (mail.name, mail.to) == ("sign_in_email_confirmation_signup", "new@example.com")
    assert (mail.state, mail.installation) == (Mail.State.QUEUED, None)
    assert mailoutbox == []


def test_the_mail_is_handed_to_a_worker_after_the_commit(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks, "after_commit", lambda *said: handed.append(said))
    client.post("/accounts/signup/", NEW)
    assert handed == [(tasks.send_mail, str(Mail.objects.get().pk))]


def test_the_link_confirms_the_address_signs_in_and_leads_to_founding_an_organization(
    client: Client,
) -> None:
    client.post("/accounts/signup/", NEW)
    link = link_in(Mail.objects.get())
    assert link.startswith(f"{settings.SITE_URL}/accounts/confirm-email/")
    response = client.post(urlsplit(link).path)
    assert response["Location"] == "/organizations/new/"
    assert str(client.get(response["Location"]).context["user"]) == "new@example.com"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("", "/organizations/new/"),
        ("/permissions/", "/permissions/"),
        ("//evil.example/", "/organizations/new/"),
        ("https://evil.example/", "/organizations/new/"),
    ],
)
def test_next_goes_before_founding_an_organization_unless_it_leads_away(
    client: Client, wanted: str, given: str
) -> None:
    make_user("known@example.com")
    known = {"login": "known@example.com", "password": PASSWORD, "next": wanted}
    assert client.post("/accounts/login/", known)["Location"] == given


def test_members_land_at_home(client: Client) -> None:
    user = make_user("known@example.com")
    make_organization(user)
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/"


def answer(client: Client, url: str, data: dict[str, str]) -> tuple[int, str, str]:
    """What a stranger sees, without what differs from page to page."""
    response = client.post(url, data)
    page = client.get(response["Location"]).text if response.status_code == 302 else response.text
    page = re.sub(r'value="[A-Za-z0-9]{64}"', "", page)
    return response.status_code, response.get("Location", ""), page.replace(data["email"], "")


def test_a_changed_password_is_told_by_mail(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    user = make_user("known@example.com")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    new = "another long passphrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", form)
    assert Mail.objects.get().name == "sign_in_password_changed"


@pytest.mark.parametrize(
    ("url", "known", "unknown"),
    [
        ("/accounts/signup/", "account_already_exists", "email_confirmation_signup"),
        ("/accounts/password/reset/", "password_reset_key", "unknown_account"),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(
    url: str, known: str, unknown: str
) -> None:
    make_user("known@example.com")
    answers = [
        answer(Client(), url, NEW | {"email": email})
        for email in ("known@example.com", "unknown@example.com")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    names = dict(Mail.objects.values_list("to", "name"))
    assert names["known@example.com"] == f"sign_in_{known}"
    assert names["unknown@example.com"] == f"sign_in_{unknown}"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    make_user("known@example.com")
    pages = []
    for email in ("known@example.com", "unknown@example.com"):
        wrong = {"login": email, "password": "not the password at all"}
        page = Client().post("/accounts/login/", wrong).text.replace(email, "")
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", page))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("url", ["/accounts/signup/", "/accounts/password/reset/"])
def test_a_forged_host_gets_400_and_no_mail(client: Client, url: str) -> None:
    make_user("known@example.com")
    response = client.post(url, NEW | {"email": "known@example.com"}, HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert not Mail.objects.exists()


def test_another_allowed_host_does_not_show_in_a_link(client: Client) -> None:
    make_user("known@example.com")
    for url in ("/accounts/signup/", "/accounts/password/reset/"):
        for email in ("known@example.com", "new@example.com"):
            client.post(url, NEW | {"email": email}, HTTP_HOST="localhost")
            client.cookies.clear()
    assert Mail.objects.count() == 4
    for mail in Mail.objects.all():
        assert link_in(mail).startswith(f"{settings.SITE_URL}/accounts/")
        assert "localhost" not in mail.text + mail.html


def test_the_reset_link_sets_a_new_password(client: Client) -> None:
    user = make_user("known@example.com")
    client.post("/accounts/password/reset/", {"email": user.email})
    path = urlsplit(link_in(Mail.objects.get(name="sign_in_password_reset_key"))).path
    form = client.get(path)["Location"]
    client.post(
        form, {"password1": "another long passphrase", "password2": "another long passphrase"}
    )
    user.refresh_from_db()
    assert user.check_password("another long passphrase")


def test_every_mail_of_allauths_has_a_folder_but_those_with_codes_which_are_off() -> None:
    subjects = (Path(allauth.__file__).parent / "templates/account/email").glob("*_subject.txt")
    names = {path.name.removesuffix("_subject.txt") for path in subjects}
    # email_confirm is left over from an older allauth, which sent it.
    assert set(MAILS) == names - {"login_code", "password_reset_code", "email_confirm"}


@pytest.mark.parametrize("name", MAILS)
def test_each_of_allauths_mails_reads_well_and_is_harmless(name: str, rf: RequestFactory) -> None:
    evil, link = "<b>evil</b> & co", "https://portal.example/a?b=1&c=2"
    context = {
        "request": rf.get("/", HTTP_HOST="localhost"),
        "activate_url": link,
        "password_reset_url": link,
        "timestamp": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "ip": "192.0.2.7",
        "user_agent": evil,
        "from_email": evil,
        "to_email": evil,
        "deleted_email": evil,
    }
    AccountAdapter(context["request"]).send_mail(f"account/email/{name}", "a@b.example", context)
    mail = Mail.objects.get()
    assert mail.name == f"sign_in_{name}"
    assert mail.subject
    for body in (mail.text, mail.html):
        assert "You get this because" in body
        assert "None" not in body
    assert "&amp;" not in mail.text
    assert "<b>evil" not in mail.html
    assert link_in(mail).startswith("http")
    if name in CHANGES:
        assert "2 January 2026, 03:04 UTC, from the internet address 192.0.2.7" in mail.text


def test_the_adapter_is_the_one_in_use() -> None:
    assert type(get_adapter()) is AccountAdapter
    assert User.objects.count() == 0

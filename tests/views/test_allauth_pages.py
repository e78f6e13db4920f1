"""Every page that allauth brings along wears the portal's look: none of its own shows through."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from onboarding.models import Mail, User
from onboarding.views.accounts import AccountAdapter
from tests.factories import PASSWORD, give_second_factor, make_user

pytestmark = pytest.mark.django_db

OURS = str(Path(settings.BASE_DIR) / "templates")
THEIRS = Path(allauth.__file__).parent / "templates"
BARE = re.compile(r"\s*(\{%\s*(extends|load)[^%]*%\}\s*)*(\{% block extra_body %\}.*)?", re.DOTALL)
"""A template that only extends another: nothing of it shows."""
PROTOCOL = re.compile(r"/accounts/(github|google|oidc|saml)/")
"""What identity providers and browsers speak with each other: in tests/views/providers."""
FOLDERS = ("account", "mfa", "socialaccount", "usersessions", "allauth")
UNREACHED = {
    # Signing in, confirming and resetting by code, by telephone, and trusted browsers: all off
    "account/base_confirm_code.html", "account/base_manage_phone.html",
    "account/confirm_email_verification_code.html", "account/confirm_login_code.html",
    "account/confirm_password_reset_code.html", "account/confirm_phone_verification_code.html",
    "account/phone_change.html", "account/request_login_code.html",
    "account/signup_by_passkey.html", "mfa/trust.html", "mfa/webauthn/signup_form.html",
    # More than one address each: off
    "account/email.html", "account/snippets/warn_no_email.html",
    # Included by templates of theirs, which ours replace
    "account/snippets/already_logged_in.html", "mfa/webauthn/snippets/login_script.html",
    "socialaccount/snippets/login_extra.html", "socialaccount/snippets/login.html",
    "socialaccount/snippets/provider_list.html",
    # Views of theirs that ours replace
    "socialaccount/login.html", "socialaccount/login_redirect.html", "socialaccount/signup.html",
}  # fmt: skip


def passkey(user: User) -> Authenticator:
    """A row as WebAuthn leaves it; what it signs with is in tests/journey/test_second_factors.py."""
    data = {"name": "Laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def nobody() -> Client:
    return Client()


def somebody() -> Client:
    client = Client()
    client.force_login(make_user("ann@example.com"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def with_app() -> Client:
    client = somebody()
    user = User.objects.get()
    give_second_factor(user)
    RecoveryCodes.activate(user)
    EmailAddress.objects.create(user=user, email="new@example.com")
    return client


def without_password() -> Client:
    client, user = somebody(), User.objects.get()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return client


def half_way() -> Client:
    user, client = make_user("ann@example.com"), Client()
    give_second_factor(user)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


STATES: tuple[Callable[[], Client], ...] = (nobody, somebody, with_app, without_password, half_way)
ARGUMENTS = {"uidb36": "1", "key": "x-y", "pk": "1", "provider_id": "x", "organization_slug": "x"}


def addresses() -> Iterator[str]:
    (accounts,) = [
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and str(each.pattern) == "accounts/"
    ]
    yield from (each for each in named(accounts.url_patterns) if not PROTOCOL.match(each))


def named(patterns: list[Any], before: tuple[str, ...] = ()) -> Iterator[str]:
    for each in patterns:
        names = getattr(each.pattern, "converters", None) or each.pattern.regex.groupindex
        all_names = (*before, *names)
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, all_names)
        elif isinstance(each, URLPattern) and each.name:
            yield reverse(each.name, kwargs={name: ARGUMENTS[name] for name in all_names})


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_allauth_is_drawn_by_our_templates(state: Callable[[], Client]) -> None:
    client = state()
    seen = 0
    for address in addresses():
        for method in (client.get, client.post):
            if address in ("/accounts/logout/", "/accounts/2fa/totp/deactivate/") and (
                method == client.post
            ):
                continue  # the others need what these end
            response = method(address)
            if response.status_code in (302, 405) or "text/html" not in response["Content-Type"]:
                continue
            seen += 1
            assert_ours(address, response)
    assert seen >= 8


def assert_ours(address: str, response: Any) -> None:
    names = {each.name for each in response.templates}
    assert "base.html" in names or "parts/plain.html" in names, address
    for each in response.templates:
        origin = each.origin.name
        if "/allauth/templates/" in origin:
            assert BARE.fullmatch(Path(origin).read_text()), f"{each.name} at {address}"
    page = response.text
    assert '<header class="top">' in page, address
    assert page.count("<h1") == 1, address
    assert " style=" not in page.split("<main")[1].split("</main")[0], address
    assert not re.search(r"<script(?![^>]*(\ssrc=|type=\"application/json\"))", page), address


def test_every_template_of_allauths_that_shows_is_replaced() -> None:
    left = []
    for folder in FOLDERS:
        for path in sorted((THEIRS / folder).rglob("*.html")):
            name = str(path.relative_to(THEIRS))
            if not BARE.fullmatch(path.read_text()) and not (Path(OURS) / name).exists():
                left.append(name)
    elements = {each for each in left if each.startswith("allauth/elements/")}
    assert set(left) - elements - UNREACHED == set()


def test_every_message_of_allauths_is_ours() -> None:
    theirs = {str(path.relative_to(THEIRS)) for path in THEIRS.rglob("messages/*.txt")}
    ours = {str(path.relative_to(OURS)) for path in Path(OURS).rglob("messages/*.txt")}
    off = {f"account/messages/{name}.txt" for name in ("login_code_sent", "phone_verification_sent", "phone_verified")}  # fmt: skip
    assert theirs - ours == off


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_passkeys_are_listed_renamed_and_removed(action: str) -> None:
    client = somebody()
    user = User.objects.get()
    key = passkey(user)
    assert "Signs in by itself" in client.get("/accounts/2fa/webauthn/").text
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/{action}/"
    page = client.get(address)
    assert_ours(address, page)
    assert "Laptop" in page.text
    assert client.post(address, {"name": "Work laptop"}).status_code == 302
    left = Authenticator.objects.filter(type="webauthn")
    assert [str(each) for each in left] == (["Work laptop"] if action == "edit" else [])


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_nobody_renames_or_removes_the_passkey_of_another(action: str) -> None:
    key = passkey(make_user("other@example.com"))
    client = Client()
    client.force_login(make_user("ann@example.com"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/{action}/"
    assert client.post(address, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert str(key) == "Laptop"


def test_a_message_about_each_change_is_sent_and_reads_well(rf: RequestFactory) -> None:
    subjects = (THEIRS / "mfa" / "email").glob("*_subject.txt")
    names = {path.name.removesuffix("_subject.txt") for path in subjects}
    assert len(names) == 5
    context: dict[str, Any] = {
        "request": rf.get("/"),
        "timestamp": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "ip": "192.0.2.7",
        "user_agent": "<b>evil</b>",
    }
    for name in names:
        AccountAdapter(context["request"]).send_mail(f"mfa/email/{name}", "a@b.example", context)
        mail = Mail.objects.get(name=f"sign_in_{name}")
        for body in (mail.text, mail.html):
            assert "2 January 2026, 03:04 UTC, from the internet address 192.0.2.7" in body
            assert "You get this because" in body
        assert "<b>evil" not in mail.html

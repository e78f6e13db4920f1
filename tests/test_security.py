"""What holds for every answer, named by the rule of ASVS 5.0 that asks for it."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from csp.constants import NONE, SELF
from django.conf import settings
from django.test import Client
from django.urls import reverse

from onboarding.models import Event
from onboarding.services import installations
from tests.factories import PASSWORD
from tests.harness.environment import PLAIN
from tests.views.addresses import all_of_them, ours
from tests.views.cast import Cast, everything_stored, make_cast

pytestmark = pytest.mark.django_db

CSP = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "form-action": [SELF, settings.AWS_CONSOLE_URL],
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def answers(cast: Cast, *people: str) -> list[tuple[str, Any]]:
    """Every page of the customer's side and of sign-in as those people get it, errors too."""
    found = []
    for who in people:
        client = cast.client(who)
        paths = [address.of(cast) for address in ours()]
        # GET before POST: the last of these move the installation on.
        found += [(f"{who} GET {path}", client.get(path)) for path in paths]
        found += [(f"{who} POST {path}", client.post(path)) for path in paths]
        for path in ("/nowhere/", "/accounts/login/", "/accounts/signup/", "/admin/"):
            found.append((f"{who} GET {path}", client.get(path)))
    return found


def failing(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> Any:
    def broken(*args: object, **values: object) -> None:
        raise RuntimeError("canary-of-the-fault")

    monkeypatch.setattr(installations, "start", broken)
    client = Client(raise_request_exception=False)
    client.force_login(cast.people["owner"])
    return client.post(reverse("installation_new"))


def without(answers: list[tuple[str, Any]], header: str, value: str) -> list[str]:
    return [where for where, response in answers if response.get(header) != value]


def policy_of(response: Any) -> dict[str, list[str]]:
    lines = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for line in lines if (words := line.split())}


def test_asvs_3_4_3_every_answer_has_the_whole_content_security_policy(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = answers(cast, "anonymous", "member", "stranger")
    seen.append(("500", failing(monkeypatch, cast)))
    seen.append(("400", Client().get("/", HTTP_HOST="evil.example")))
    assert {response.status_code for _, response in seen} >= {200, 302, 400, 403, 404, 405, 500}
    assert [where for where, response in seen if policy_of(response) != CSP] == []


def test_asvs_3_4_4_to_3_4_6_every_answer_is_not_sniffed_framed_or_told_of(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [*answers(cast, "anonymous", "owner"), ("500", failing(monkeypatch, cast))]
    assert without(seen, "X-Content-Type-Options", "nosniff") == []
    assert without(seen, "Referrer-Policy", "same-origin") == []
    assert without(seen, "X-Frame-Options", "DENY") == []
    assert without(seen, "Cross-Origin-Opener-Policy", "same-origin") == []


def test_asvs_3_4_2_no_other_site_may_read_an_answer(cast: Cast) -> None:
    client = cast.client("owner")
    for address in ours():
        response = client.get(address.of(cast), headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in response


def test_asvs_4_1_1_every_body_says_what_it_is(cast: Cast) -> None:
    for where, response in answers(cast, "owner"):
        if b"".join(response) and response.get("Content-Type") != "application/json":
            assert "charset=utf-8" in response["Content-Type"], where


def test_asvs_14_3_2_nothing_made_for_somebody_signed_in_is_kept(cast: Cast) -> None:
    seen = answers(cast, "member", "staff")
    kept = [where for where, got in seen if "no-store" not in got.get("Cache-Control", "")]
    assert kept == []


def loaded(site_url: str) -> dict[str, Any]:
    """The settings and the answers of a portal at `site_url`, in a process of its own."""
    script = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "portal.example"})
secure = settings.SITE_URL.startswith("https")
page = client.get("/accounts/password/reset/", secure=secure)
cookie = page.cookies[settings.CSRF_COOKIE_NAME]
missing = client.get("/static/none.css", secure=secure)
print(json.dumps({
    "hsts": [page.get("Strict-Transport-Security"), missing.get("Strict-Transport-Security")],
    "plain": client.get("/accounts/password/reset/").get("Location"),
    "live": client.get("/health/live").status_code,
    "csrf": [cookie.key, cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
                settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
    "forwarded_host": settings.USE_X_FORWARDED_HOST,
}))
"""
    known = PLAIN | {"SITE_URL": site_url, "ALLOWED_HOSTS": "portal.example"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | known | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_asvs_3_3_1_and_3_4_1_a_site_with_tls_locks_its_cookies_and_itself() -> None:
    portal = loaded("https://portal.example")
    assert portal["hsts"] == ["max-age=31536000; includeSubDomains; preload"] * 2
    assert portal["plain"] == "https://portal.example/accounts/password/reset/"
    assert portal["live"] == 200
    assert portal["csrf"] == ["__Host-csrf", True, True, "/", ""]
    assert portal["session"] == ["__Host-session", True, True, "Lax", "/", None]
    assert portal["forwarded_host"] is False


def test_a_site_without_tls_asks_for_none(client: Client) -> None:
    page = client.get("/accounts/login/")
    assert page.status_code == 200
    assert "Strict-Transport-Security" not in page
    assert not page.cookies["csrf"]["secure"]


def test_asvs_3_5_1_nothing_is_taken_from_a_form_that_is_not_ours(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["owner"])
    before = everything_stored()
    paths = {address.name: address.of(cast) for address in ours()}
    paths |= {each.name: each.sample() for each in all_of_them() if each.name not in paths}
    assert len(paths) > 60
    answered = {n: client.post(path).status_code for n, path in paths.items()}
    # A provider's page posts there. What it says is signed, and answers a question of the browser's.
    assert answered.pop("saml_acs") == 404
    assert [n for n, status in answered.items() if status != 403] == []
    for method in (client.put, client.patch, client.delete):
        ways = [address.of(cast) for address in ours()]
        assert [path for path in ways if method(path).status_code != 403] == []
    assert everything_stored() == before


def test_asvs_3_5_1_a_token_does_not_help_another_site(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["owner"])
    page = client.get("/organizations/new/")
    posted = {"csrfmiddlewaretoken": str(page.context["csrf_token"])}
    evil = {"Origin": "https://evil.example"}
    assert client.post("/organizations/new/", posted).status_code == 200
    assert client.post("/organizations/new/", posted, headers=evil).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "127.0.0.1:x"]
)
def test_asvs_4_1_3_a_host_that_is_not_ours_is_refused(host: str, client: Client) -> None:
    assert client.get("/accounts/login/", HTTP_HOST=host).status_code == 400


def test_asvs_15_3_4_what_a_client_says_was_forwarded_does_not_count(cast: Cast) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    client = cast.client("owner")
    for path in ("/", "/accounts/login/", "/installations/new/"):
        response = client.get(path, headers=forged)
        told = response.content.decode() + str(response.headers)
        assert "evil.example" not in told
        assert not response.wsgi_request.is_secure()


def test_asvs_16_5_1_a_fault_shows_no_stack(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    response = failing(monkeypatch, cast)
    page = response.content.decode()
    assert response.status_code == 500
    assert not [word for word in ("canary", "Traceback", "site-packages") if word in page]


def test_asvs_14_2_1_the_console_link_keeps_the_external_id_behind_the_hash(cast: Cast) -> None:
    url = reverse("console", args=[cast.installation.pk])
    response = cast.confirmed("owner").post(url)
    parts = urlsplit(response["Location"])
    external_id = cast.organization.reveal_external_id()
    sent = parts._replace(fragment="").geturl()
    assert sent.startswith(settings.AWS_CONSOLE_URL)
    assert external_id not in sent
    filled_in = parse_qs(parts.fragment.partition("?")[2])
    assert filled_in["param_ExternalId"] == [external_id]
    assert Event.objects.get(kind=Event.Kind.EXTERNAL_ID_SHOWN).data == {"reason": "AWS console"}


def test_asvs_7_5_1_the_password_is_asked_for_and_then_the_page_goes_on(cast: Cast) -> None:
    client, url = cast.client("owner"), reverse("external_id", args=[cast.organization.pk])
    asked = client.post(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Event.objects.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN).exists()
    wrong = client.post(asked["Location"], {"password": "not the password"})
    assert wrong.status_code == 200
    shown = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert cast.organization.reveal_external_id() in shown.content.decode()

"""Mail by a provider's API in place of SMTP: Postmark's and Mailgun's, stood in for."""

import base64
import json
import time
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import include, path
from environ import FileAwareEnv
from pytest_django import Settings

from onboarding.jobs import send_mail
from onboarding.models import Mail
from portal import mail as configuration
from tests.harness.stand_in import Answer, Asked, StandIn, as_json, running

pytestmark = pytest.mark.django_db
State = Mail.State
TAKEN = as_json({"ErrorCode": 0, "Message": "OK", "To": "owner@acme.example", "MessageID": "m-1"})
SECRET = "postmark:a-long-secret"


@pytest.fixture
def api(settings: Settings) -> Generator[StandIn]:
    """The portal sends by Postmark, which is this."""
    with running() as there:
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.MAIL_PROVIDER = "postmark"
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "token",
            "POSTMARK_API_URL": there.url,
            "WEBHOOK_SECRET": SECRET,
            "REQUESTS_TIMEOUT": 0.3,
            "IGNORE_UNSUPPORTED_FEATURES": True,
        }
        yield there


def make_mail() -> Mail:
    return Mail.objects.create(
        name="ready", to="owner@acme.example", subject="Ready", text="Text.", html="<p>H.</p>"
    )


def send(mail: Mail) -> Mail:
    Mail.objects.filter(pk=mail.pk).update(run_after="2020-01-01T00:00Z")
    send_mail.run(str(mail.pk))
    mail.refresh_from_db()
    return mail


def answering(api: StandIn, *answers: Answer) -> None:
    left = list(answers)
    api.routes["/email"] = lambda asked: left.pop(0) if len(left) > 1 else left[0]


def test_the_provider_gets_both_parts_our_id_and_no_wish_to_track(api: StandIn) -> None:
    answering(api, TAKEN)
    mail = send(make_mail())
    assert mail.state == State.ACCEPTED
    assert mail.accepted_at is not None
    said = json.loads(api.asked[0].body)
    assert (said["TextBody"], said["HtmlBody"]) == ("Text.", "<p>H.</p>")
    assert said["Metadata"] == {"mail": str(mail.pk)}
    assert (said["TrackOpens"], said["TrackLinks"]) == (False, "None")
    headers = {each["Name"]: each["Value"] for each in said["Headers"]}
    assert headers["Auto-Submitted"] == "auto-generated"
    assert str(mail.pk) in headers["Message-ID"]
    assert "List-Unsubscribe" not in headers


@pytest.mark.parametrize(
    ("status", "state"),
    [(422, State.REFUSED), (400, State.REFUSED), (413, State.REFUSED)]
    + [(status, State.QUEUED) for status in (401, 403, 429, 500, 502, 503)],
)
def test_what_the_provider_answers_ends_it_or_is_tried_again(
    api: StandIn, status: int, state: str
) -> None:
    """A wrong key of ours, or too many at once, is not the mail's fault."""
    answering(api, as_json({"ErrorCode": 1, "Message": "No"}, status), TAKEN)
    mail = send(make_mail())
    assert mail.state == state
    if state == State.QUEUED:
        assert mail.copies == 0
        assert send(mail).state == State.ACCEPTED


def test_an_address_the_provider_does_not_send_to_is_refused(api: StandIn) -> None:
    """Postmark answers so for who bounced before."""
    words = (
        "You tried to send to a recipient that has been marked as inactive.\n"
        "Found inactive addresses: owner@acme.example.\n"
        "Inactive recipients are ones that have generated a hard bounce."
    )
    answering(api, as_json({"ErrorCode": 406, "Message": words}, 422))
    assert send(make_mail()).state == State.REFUSED


def test_what_is_no_plain_yes_does_not_count_as_one(api: StandIn) -> None:
    """The 14 days of a notice begin with a yes."""
    answering(api, as_json({"ErrorCode": 406, "Message": "Something else."}, 422))
    mail = send(make_mail())
    assert (mail.state, mail.accepted_at) == (State.QUEUED, None)


@pytest.mark.parametrize("lost", ["hang", "no JSON"])
def test_silence_after_the_mail_went_out_is_tried_once_more(api: StandIn, lost: str) -> None:
    def answer(asked: Asked) -> Answer:
        if lost == "hang":
            time.sleep(0.6)
        return Answer("<html>", 200)

    api.routes["/email"] = answer
    mail = send(make_mail())
    assert (mail.state, mail.copies) == (State.QUEUED, 1)
    mail = send(mail)
    assert (mail.state, mail.reply) == (State.REFUSED, send_mail.TWICE)
    assert len(api.asked) == 2


def test_a_provider_out_of_reach_has_no_copy(settings: Settings, api: StandIn) -> None:
    settings.ANYMAIL |= {"POSTMARK_API_URL": "http://127.0.0.1:1"}
    mail = send(make_mail())
    assert (mail.state, mail.copies) == (State.QUEUED, 0)


def test_mailgun_says_yes_and_no(settings: Settings, api: StandIn) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    settings.ANYMAIL = {"MAILGUN_API_KEY": "key", "MAILGUN_API_URL": api.url}
    route = "/localhost/messages"
    api.routes[route] = lambda asked: as_json({"id": "<1@mailgun>", "message": "Queued."})
    assert send(make_mail()).state == State.ACCEPTED
    api.routes[route] = lambda asked: as_json({"message": "to parameter is not valid"}, 400)
    assert send(make_mail()).state == State.REFUSED


def tracked(mail: Mail) -> dict[str, Any]:
    """As Postmark's webhook tells of a bounce."""
    return {
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 42, "MessageID": "m-1",
        "Email": mail.to, "BouncedAt": "2026-03-02T10:00:00Z", "Metadata": {"mail": str(mail.pk)},
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 No such user",
    }  # fmt: skip


@pytest.fixture
def hook(settings: Settings, api: StandIn) -> str:
    """The addresses as they are with a provider: `portal.urls` decides when it is loaded."""
    module = ModuleType("urls_with_provider")
    module.urlpatterns = [path("anymail/", include(configuration.webhooks("postmark")))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    return "/anymail/postmark/tracking/"


def tell(url: str, mail: Mail, secret: str = SECRET) -> int:
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    content = json.dumps(tracked(mail))
    response = Client(headers=headers if secret else {}).post(url, content, "application/json")
    return response.status_code


def test_the_provider_tells_of_a_bounce(hook: str, api: StandIn) -> None:
    answering(api, TAKEN)
    mail = send(make_mail())
    assert tell(hook, mail) == 200
    mail.refresh_from_db()
    assert mail.state == State.BOUNCED
    assert "550 5.1.1" in mail.reply


@pytest.mark.parametrize("secret", ["", "postmark:wrong", "x"])
def test_who_does_not_know_the_secret_tells_nothing(hook: str, secret: str, api: StandIn) -> None:
    answering(api, TAKEN)
    mail = send(make_mail())
    assert tell(hook, mail, secret) == 400
    mail.refresh_from_db()
    assert mail.state == State.ACCEPTED


def test_only_the_chosen_provider_has_an_address_and_none_without_a_secret(hook: str) -> None:
    assert Client().get("/anymail/mailgun/tracking/").status_code == 404
    assert Client().get("/anymail/postmark/inbound/").status_code == 404
    assert configuration.webhooks("") == []


def test_the_portal_as_tested_has_no_such_address() -> None:
    assert Client().post("/anymail/postmark/tracking/").status_code == 404


def test_a_provider_is_chosen_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("from-a-file")
    monkeypatch.setenv("MAIL_PROVIDER", "Postmark")
    monkeypatch.setenv("ANYMAIL_POSTMARK_SERVER_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", SECRET)
    env = FileAwareEnv()
    assert configuration.provider(env) == "postmark"
    assert configuration.sending(env)["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    anymail = configuration.of_provider(env)
    assert anymail["POSTMARK_SERVER_TOKEN"] == "from-a-file"
    assert anymail["WEBHOOK_SECRET"] == SECRET


def test_without_a_provider_mail_goes_by_smtp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://me:word@mail.example:587")
    found = configuration.sending(FileAwareEnv())
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (
        "mail.example", 587, True,
    )  # fmt: skip
    assert configuration.provider(FileAwareEnv()) == ""


def test_a_provider_nobody_knows_is_an_error_that_says_which_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAIL_PROVIDER", "pigeon")
    with pytest.raises(ImproperlyConfigured, match="postmark"):
        configuration.provider(FileAwareEnv())


@pytest.mark.parametrize("provider", configuration.PROVIDERS)
def test_every_provider_has_a_backend_and_a_webhook(provider: str) -> None:

    assert import_module(f"anymail.backends.{provider}").EmailBackend
    assert len(configuration.webhooks(provider)) == 1

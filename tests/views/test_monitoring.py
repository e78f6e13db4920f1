"""The page of the alarm: what it says, and that its button starts the work and keeps no secret."""

import html

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from onboarding.jobs import handoff
from onboarding.models import Event, Operation, Status
from onboarding.policy import monitoring, monitoring_shell, monitoring_template
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db

GIVEN = {
    "access_key_id": "ASIA" + "Q" * 16,
    "secret_access_key": "s3cr3t" + "S" * 34,
    "session_token": "t0k3n" + "T" * 200,
}
ADDRESS = "security@acme.example"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client("member")


def at(cast: Cast, name: str = "monitoring") -> str:
    return reverse(name, args=[cast.installation.pk])


def text(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def work(cast: Cast) -> Operation:
    return cast.installation.operations.get(kind=Operation.Kind.CREATE_MONITORING)


def test_the_page_shows_both_filters_and_what_the_guides_misses(cast: Cast, client: Client) -> None:
    shown = text(client, at(cast))

    assert monitoring.pattern() in shown
    assert monitoring.GUIDE_PATTERN in shown
    missed = shown.partition("It misses:")[2]
    for one in monitoring.WATCHED:
        assert one.what in shown
        assert (f"<code>{one.event}</code>: " in missed) is not one.in_guide
    assert monitoring_shell.script() in shown


def test_credentials_are_handed_over_and_the_page_follows_the_work(
    cast: Cast, client: Client, redis_url: str
) -> None:
    posted = {**GIVEN, "email": f" {ADDRESS}", "log_group": "/audit/trail"}

    response = client.post(at(cast, "monitoring_create"), posted)

    assert (response.status_code, response["Location"]) == (302, at(cast))
    assert work(cast).data == {"email": ADDRESS, "log_group": "/audit/trail"}
    held = handoff.take(str(work(cast).pk))
    assert held is not None
    assert held.secret_access_key == GIVEN["secret_access_key"]
    shown = text(client, at(cast))
    assert "Setting up the alarm in account" in shown
    assert 'hx-trigger="every' in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"access_key_id": "AKIA" + "Q" * 16}, "ASIA"),
        ({"session_token": ""}, "session token"),
        ({"email": "nobody"}, "Type one e-mail address"),
        ({"log_group": "a b"}, "Type the name of a log group"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form_and_no_secret_comes_back(
    cast: Cast, client: Client, wrong: dict[str, str], said: str
) -> None:
    response = client.post(at(cast, "monitoring_create"), GIVEN | wrong)

    shown = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert said in shown
    assert "<title>Error: " in shown
    assert 'id="way-for_me" checked' in shown
    for secret in (GIVEN["secret_access_key"], GIVEN["session_token"]):
        assert secret not in shown
    assert not cast.installation.operations.exists()


def test_an_alarm_may_be_set_up_after_the_build_and_not_for_a_cancelled_installation(
    cast: Cast, client: Client, redis_url: str
) -> None:
    put(cast.installation, Status.CANCELLED)
    assert client.post(at(cast, "monitoring_create"), GIVEN)["Location"] == at(cast)
    assert not cast.installation.operations.exists()
    assert "This installation is cancelled" in text(client, at(cast))

    put(cast.installation, Status.CONFIRMED)
    client.post(at(cast, "monitoring_create"), GIVEN)
    assert work(cast).state == Operation.State.QUEUED


def test_when_the_hand_off_is_down_nothing_is_kept(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.HANDOFF_REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.post(at(cast, "monitoring_create"), GIVEN)

    assert "Nothing was kept." in response.content.decode()
    assert not cast.installation.operations.exists()


def done(cast: Cast, **data: object) -> None:
    Operation.objects.create(
        installation=cast.installation, kind=Operation.Kind.CREATE_MONITORING, state="done"
    )
    Event.objects.create(
        organization=cast.organization,
        installation=cast.installation,
        kind=Event.Kind.MONITORING_CREATED,
        data={"steps": ["Made the trail astronomer-role-changes"], **data},
    )


@pytest.mark.parametrize(
    ("email", "said"),
    [(ADDRESS, f"AWS has sent a message to {ADDRESS}"), ("", "Nobody is told yet")],
)
def test_what_was_done_is_shown_and_what_is_left_to_do(
    cast: Cast, client: Client, email: str, said: str
) -> None:
    done(cast, email=email)

    shown = text(client, at(cast, "monitoring_live"))

    assert "The role is watched." in shown
    assert "Made the trail astronomer-role-changes" in shown
    assert said in shown
    assert "hx-trigger" not in shown


def test_a_failure_is_explained(cast: Cast, client: Client) -> None:
    operation = Operation.objects.create(
        installation=cast.installation, kind=Operation.Kind.CREATE_MONITORING, state="failed"
    )
    operation.problem = "The trail audit writes elsewhere."
    operation.data = {"details": ["Made the topic x"], "explanation": {}}
    operation.save()

    shown = text(client, at(cast, "monitoring_live"))

    assert "The alarm is not set up." in shown
    assert "The trail audit writes elsewhere." in shown
    assert "Made the topic x" in shown


def test_an_unchanged_fragment_is_not_sent_again(cast: Cast, client: Client) -> None:
    first = client.get(at(cast, "monitoring_live"))

    again = client.get(at(cast, "monitoring_live"), headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CONFIRMED])
def test_the_status_page_leads_here_and_that_of_a_cancelled_installation_does_not(
    cast: Cast, client: Client, status: Status
) -> None:
    put(cast.installation, status)
    assert f'href="{at(cast)}"' in text(client, at(cast, "status"))

    put(cast.installation, Status.CANCELLED)
    assert f'href="{at(cast)}"' not in text(client, at(cast, "status"))


@pytest.mark.parametrize("proved", [False, True])
def test_the_access_step_leads_here_once_the_role_is_proved(proved: bool) -> None:
    cast = make_cast(answered=proved)
    live = reverse("live", args=[cast.installation.pk, "access"])
    assert (f'href="{at(cast)}"' in text(cast.client("member"), live)) is proved


def test_who_had_it_created_for_them_goes_on_there(cast: Cast, client: Client) -> None:
    assert 'id="way-console" checked' in text(client, at(cast))
    assert 'id="way-script" checked' in text(client, at(cast) + "?way=script")
    assert 'id="way-console" checked' in text(client, at(cast) + "?way=%3Cb%3E")

    done(cast, email="")
    shown = text(client, at(cast))
    assert 'id="way-for_me" checked' in shown
    assert "Set it up again, or in another way" in shown


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("monitoring_template", "application/yaml", monitoring_template.template()),
        ("monitoring_script", "text/x-shellscript", monitoring_shell.script()),
    ],
)
def test_anybody_may_download_what_names_no_customer(name: str, kind: str, content: str) -> None:
    response = Client().get(reverse(name))

    assert response.content.decode() == content
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")

"""The page that updates a role: what is new, the ways, and that its button keeps no secret."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from onboarding.jobs import edition as editions
from onboarding.jobs import handoff
from onboarding.models import CheckResult, Installation, Operation, PolicyVersion, Status
from onboarding.policy import update_shell
from onboarding.policy.cloudformation import published_name
from tests.editions import put_into_effect, with_grant
from tests.views.cast import Cast, make_cast, put
from tests.views.test_monitoring import GIVEN

pytestmark = pytest.mark.django_db

NEXT = with_grant(2, ["eks:CreateAccessEntry"])


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client("member")


def see(cast: Cast, version: int | None) -> None:
    """As after a look at the role."""
    ours = cast.installation
    Installation.objects.filter(pk=ours.pk).update(policy_version=version)
    CheckResult.objects.update_or_create(
        installation=ours,
        code="role_permissions",
        defaults={
            "title": "Its permissions are the published ones",
            "status": "passed",
            "checked_at": timezone.now(),
            "relied_on": {"aws_account_id": ours.aws_account_id},
        },
    )


def at(cast: Cast, name: str = "update_role") -> str:
    return reverse(name, args=[cast.installation.pk])


def text(client: Client, address: str) -> str:
    return " ".join(html.unescape(client.get(address).content.decode()).split())


def start(cast: Cast, client: Client, **changed: Any) -> Any:
    return client.post(at(cast, "update_role_start"), GIVEN | {"version": "2"} | changed)


def work(cast: Cast) -> Operation:
    return cast.installation.operations.get(kind=Operation.Kind.UPDATE_ROLE)


def test_an_older_role_is_told_what_is_new_why_and_since_when(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.ROLE_TEMPLATE_URL = "https://templates.s3.amazonaws.com/astro-role.yaml"
    see(cast, 1)
    row = put_into_effect(NEXT)

    shown = text(client, at(cast))

    assert "The role has version 1. Version 2 is in effect since" in shown
    assert "What changes in version 2." in shown
    assert "Why version 2." in shown
    assert f"{row.effective_at:%b %Y}" in shown
    assert "How do you want to update it?" in shown
    script = update_shell.script(editions.in_effect(), editions.known())
    assert " ".join(script.split()) in shown
    template = f"https://templates.s3.amazonaws.com/{published_name(editions.in_effect())}"
    assert "aws cloudformation update-stack" in shown
    assert shown.count(template) == 2
    assert f'href="{reverse("role_module")}"' in shown


def test_all_versions_since_the_roles_own_are_told_of(cast: Cast, client: Client) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    put_into_effect(with_grant(3, ["eks:DeleteAccessEntry"], base=NEXT))

    shown = text(client, at(cast))

    assert shown.index("What changes in version 3.") < shown.index("What changes in version 2.")
    assert PolicyVersion.objects.get(number=1).what not in shown


def test_what_is_merely_announced_is_not_told_of(cast: Cast, client: Client) -> None:
    see(cast, 1)
    assert "The role has version 1, the one in effect." in text(client, at(cast))
    assert 'id="again"' in text(client, at(cast))


def test_a_role_between_versions_is_told_so(cast: Cast, client: Client) -> None:
    see(cast, None)
    put_into_effect(NEXT)
    shown = text(client, at(cast))
    assert "The policies of the role are those of no version." in shown
    assert "How do you want to update it?" in shown


def test_a_role_that_was_never_seen_is_to_be_created(cast: Cast, client: Client) -> None:
    put_into_effect(NEXT)
    shown = text(client, at(cast))
    assert "We have not seen the role in this account yet." in shown
    assert "How do you want" not in shown


def test_credentials_are_handed_over_and_the_page_follows_the_work(
    cast: Cast, client: Client, redis_url: str
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)

    response = start(cast, client)

    assert (response.status_code, response["Location"]) == (302, at(cast))
    assert work(cast).data == {"version": 2, "by": cast.people["member"].pk}
    held = handoff.take(str(work(cast).pk))
    assert held is not None
    assert held.secret_access_key == GIVEN["secret_access_key"]
    shown = text(client, at(cast))
    assert "Updating the role in account" in shown
    assert 'hx-trigger="every' in shown


@pytest.mark.parametrize("version", ["", "1", "3", "٢", "2 or 3"])
def test_what_was_not_read_is_not_started(
    version: str, cast: Cast, client: Client, redis_url: str
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)

    response = start(cast, client, version=version)

    assert response["Location"] == at(cast)
    assert not cast.installation.operations.exists()
    assert "Read what is new in this version" in text(client, at(cast))


@pytest.mark.parametrize("wrong", [{"access_key_id": "AKIA" + "Q" * 16}, {"session_token": ""}])
def test_what_is_wrong_is_said_beside_the_form_and_no_secret_comes_back(
    wrong: dict[str, str], cast: Cast, client: Client
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)

    response = start(cast, client, **wrong)

    shown = html.unescape(response.content.decode())
    assert "<title>Error: " in shown
    assert 'id="way-for_me" checked' in shown
    for secret in (GIVEN["secret_access_key"], GIVEN["session_token"]):
        assert secret not in shown
    assert not cast.installation.operations.exists()


def test_when_the_hand_off_is_down_nothing_is_kept(
    cast: Cast, client: Client, settings: Settings
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    settings.HANDOFF_REDIS_URL = "redis://127.0.0.1:1/0"
    assert "Nothing was kept." in start(cast, client).content.decode()
    assert not cast.installation.operations.exists()


def test_after_the_build_too_and_not_for_a_cancelled_installation(
    cast: Cast, client: Client, redis_url: str
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    put(cast.installation, Status.CANCELLED)
    assert start(cast, client)["Location"] == at(cast)
    assert not cast.installation.operations.exists()
    assert "This installation is cancelled" in text(client, at(cast))

    put(cast.installation, Status.CONFIRMED)
    start(cast, client)
    assert work(cast).state == Operation.State.QUEUED


def test_what_was_done_is_told(cast: Cast, client: Client) -> None:
    see(cast, 2)
    put_into_effect(NEXT)
    Operation.objects.create(
        installation=cast.installation,
        kind=Operation.Kind.UPDATE_ROLE,
        state="done",
        finished_at=timezone.now(),
        data={"version": 2, "steps": ["Updated the policy Network"]},
    )

    shown = text(client, at(cast, "update_role_live"))

    assert "The role has version 2, the one in effect." in shown
    assert "Updated the policy Network" in shown


def test_a_failure_is_explained(cast: Cast, client: Client) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    Operation.objects.create(
        installation=cast.installation,
        kind=Operation.Kind.UPDATE_ROLE,
        state="failed",
        problem="A policy differs.",
        data={"details": ["- s3:*"], "explanation": {}},
    )
    shown = text(client, at(cast, "update_role_live"))
    assert "The role is not updated." in shown
    assert "A policy differs." in shown
    assert "- s3:*" in shown


def test_looking_comes_back_to_this_page(cast: Cast, client: Client) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    response = client.post(at(cast, "look_for_role"), {"back": at(cast)})
    assert response["Location"] == at(cast)
    assert "Looking at the role in account" in text(client, at(cast, "update_role_live"))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CONFIRMED])
@pytest.mark.parametrize("version", [1, 2])
def test_the_pages_lead_here_while_the_role_is_older(
    version: int, status: Status, cast: Cast, client: Client
) -> None:
    see(cast, version)
    put_into_effect(NEXT)
    put(cast.installation, status)
    is_draft = status == Status.DRAFT
    live = reverse("live", args=[cast.installation.pk, "access"])
    shown = text(client, live if is_draft else at(cast, "status"))
    assert (f'href="{at(cast)}"' in shown) is (version == 1)


def test_an_unchanged_fragment_is_not_sent_again(cast: Cast, client: Client) -> None:
    see(cast, 1)
    first = client.get(at(cast, "update_role_live"))
    again = client.get(at(cast, "update_role_live"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_the_script_is_downloaded_by_anybody(client: Client) -> None:
    put_into_effect(NEXT)
    response = Client().get(reverse("update_script"))
    assert response.content.decode() == update_shell.script(editions.in_effect(), editions.known())
    assert 'filename="update-astro-role.sh"' in response["Content-Disposition"]


def test_an_older_role_costs_no_more_queries_than_any_page(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    see(cast, 1)
    put_into_effect(NEXT)
    client = cast.client("owner")
    client.get(at(cast))
    with django_assert_max_num_queries(12):
        client.get(at(cast))

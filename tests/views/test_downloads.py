"""The template, the permissions and the script, as customers get them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import Event, Installation, Status
from onboarding.policy import cloudformation, document, shell
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def script(cast: Cast, client: Client, **posted: str) -> Any:
    return client.post(reverse("script", args=[cast.installation.pk]), posted)


def test_aws_gets_the_template_that_the_permissions_make(client: Client) -> None:
    response = client.get(reverse("role_template"))
    assert response.content.decode() == cloudformation.template()
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert "astro-" not in response.content.decode().split("AllowedPattern")[0]


def test_everybody_may_read_every_permission_and_its_reason(client: Client) -> None:
    response = client.get(reverse("permissions"))
    assert document.checksum() in response.content.decode()
    for group in document.groups():
        for action in group.actions:
            assert f"<code>{action}</code>" in response.content.decode()


@pytest.mark.parametrize("who", ["member", "owner"])
def test_the_script_comes_without_the_external_id_unless_asked_for(cast: Cast, who: str) -> None:
    response = script(cast, cast.client(who))
    assert response.content.decode() == shell.script()
    assert response["Content-Disposition"] == 'attachment; filename="create-astro-role.sh"'
    assert response["Content-Type"] == "text/x-shellscript; charset=utf-8"
    assert cast.fresh().access_method == Installation.AccessMethod.SCRIPT
    assert not Event.objects.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN).exists()


def test_a_member_does_not_get_the_script_with_the_external_id(cast: Cast) -> None:
    assert script(cast, cast.confirmed("member"), with_external_id="yes").status_code == 403


def test_an_owner_gets_it_filled_in_after_giving_the_password(cast: Cast) -> None:
    asked = script(cast, cast.client("owner"), with_external_id="yes")
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    response = script(cast, cast.confirmed("owner"), with_external_id="yes")
    external_id = cast.organization.reveal_external_id()
    assert response.content.decode() == shell.script(external_id)
    assert response["Cache-Control"] == "no-store"
    assert Event.objects.get(kind=Event.Kind.EXTERNAL_ID_SHOWN).data == {"reason": "script"}


@pytest.mark.parametrize("button", ["script", "console", "create_role"])
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CANCELLED])
def test_the_ways_to_create_the_role_close_when_support_takes_over(
    cast: Cast, button: str, status: Status
) -> None:
    put(cast.installation, status)
    response = cast.confirmed("owner").post(reverse(button, args=[cast.installation.pk]))
    assert response["Location"] == reverse("step", args=[cast.installation.pk, "access"])
    assert not cast.installation.operations.exists()

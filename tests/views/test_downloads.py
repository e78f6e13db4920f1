"""The template, the permissions and the script, as customers get them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from onboarding.models import Event, Installation, Status
from onboarding.policy import cloudformation, document, shell, terraform
from onboarding.policy.document import Edition
from tests.editions import propose, put_into_effect, with_grant
from tests.views.cast import Cast, make_cast, put

EDITION = document.shipped()
NEWER = with_grant(2, ["eks:CreateAccessEntry"])

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def script(cast: Cast, client: Client, **posted: str) -> Any:
    return client.post(reverse("script", args=[cast.installation.pk]), posted)


def test_aws_gets_the_template_that_the_permissions_make(client: Client) -> None:
    response = client.get(reverse("role_template"))
    assert response.content.decode() == cloudformation.template(EDITION)
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert "astro-" not in response.content.decode().split("AllowedPattern")[0]


def test_everybody_may_read_every_permission_and_its_reason(client: Client) -> None:
    page = client.get(reverse("permissions")).content.decode()
    assert EDITION.checksum in page
    for group in EDITION.groups:
        assert group.reference in page
        for action in group.actions:
            assert f"<code>{action}</code>" in page
        for sentence in (group.purpose, *group.limits):
            assert escape(sentence) in page
    sentences = [row.sentence for row in EDITION.denials]
    for sentence in sentences + [row.sentence for row in EDITION.left_out]:
        assert escape(sentence) in page
    for policy in EDITION.policies:
        assert escape(json.dumps(policy.document, indent=2)) in page


def test_everybody_may_read_which_versions_there_were_and_since_when(client: Client) -> None:
    put_into_effect(NEWER)
    propose(with_grant(3, ["eks:DescribeAccessEntry"]))

    page = client.get(reverse("permissions")).content.decode()

    assert NEWER.checksum in page
    assert "<b>Version 2</b>" in page
    assert "What changes in version 2." in page
    assert "<b>Version 1</b>" in page
    assert "version 3" not in page, "Nobody was told of it yet."
    assert reverse("permissions_document", args=[1]) in page


@pytest.mark.parametrize("edition", [EDITION, NEWER])
def test_everybody_may_download_each_version(client: Client, edition: Edition) -> None:
    put_into_effect(NEWER)

    response = client.get(reverse("permissions_document", args=[edition.number]))

    assert response.json() == edition.as_data()
    name = f"astro-permissions-v{edition.number}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_version_that_nobody_was_told_of_is_not_there(client: Client) -> None:
    propose(NEWER)
    for number in (NEWER.number, 99):
        url = reverse("permissions_document", args=[number])
        assert client.get(url).status_code == 404


def test_all_files_are_those_of_the_version_in_effect(client: Client) -> None:
    put_into_effect(NEWER)
    for name, made in [
        ("role_template", cloudformation.template(NEWER)),
        ("role_script", shell.script(NEWER)),
        ("role_module", terraform.module(NEWER)),
    ]:
        assert client.get(reverse(name)).content.decode() == made


def test_the_permissions_can_be_searched_without_scripts(client: Client) -> None:
    page = client.get(reverse("permissions"), {"q": "  RDS:deletedbinstance "}).content.decode()
    assert "1 found for “RDS:deletedbinstance”." in page
    assert "<code>rds:DeleteDBInstance</code>" in page
    assert "<code>eks:CreateCluster</code>" not in page
    assert 'value="RDS:deletedbinstance"' in page


def test_what_is_not_found_is_said_with_what_it_means(client: Client) -> None:
    page = client.get(reverse("permissions"), {"q": "<b>sagemaker"}).content.decode()
    assert "Nothing found for “&lt;b&gt;sagemaker”." in page
    assert "What is not on this page, Astro may not do" in page
    assert "<b>sagemaker" not in page


@pytest.mark.parametrize(
    ("name", "content", "file"),
    [
        ("role_script", shell.script(EDITION), "create-astro-role.sh"),
        ("role_module", terraform.module(EDITION), "astro-role.tf"),
    ],
)
def test_anybody_may_read_the_script_and_the_module(
    client: Client, name: str, content: str, file: str
) -> None:
    response = client.get(reverse(name))
    assert response.content.decode() == content
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'inline; filename="{file}"'


@pytest.mark.parametrize("who", ["member", "owner"])
def test_the_module_comes_without_the_external_id_and_is_noted_as_the_way(
    cast: Cast, who: str
) -> None:
    response = cast.client(who).post(reverse("terraform", args=[cast.installation.pk]))
    assert response.content.decode() == terraform.module(EDITION)
    assert response["Content-Disposition"] == 'attachment; filename="astro-role.tf"'
    assert cast.fresh().access_method == Installation.AccessMethod.TERRAFORM
    assert not Event.objects.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN).exists()
    assert cast.installation.operations.filter(kind="verify_role").exists()


@pytest.mark.parametrize("who", ["member", "owner"])
def test_the_access_page_hands_every_way_over_without_the_external_id(who: str) -> None:
    cast = make_cast(answered=True)
    response = cast.client(who).get(reverse("step", args=[cast.installation.pk, "access"]))
    page = response.content.decode()
    assert cast.organization.reveal_external_id() not in page
    handovers = response.context["handovers"]
    assert set(handovers) == set(Installation.AccessMethod.values)
    for way, handover in handovers.items():
        assert escape(handover.text) in page
        assert f'id="handover-{way}"' in page
        assert f'href="{escape(handover.mailto)}"' in page
    assert EDITION.line in page


@pytest.mark.parametrize("who", ["member", "owner"])
def test_the_script_comes_without_the_external_id_unless_asked_for(cast: Cast, who: str) -> None:
    response = script(cast, cast.client(who))
    assert response.content.decode() == shell.script(EDITION)
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
    assert response.content.decode() == shell.script(EDITION, external_id)
    assert response["Cache-Control"] == "no-store"
    assert Event.objects.get(kind=Event.Kind.EXTERNAL_ID_SHOWN).data == {"reason": "script"}


@pytest.mark.parametrize("button", ["script", "console", "terraform", "create_role"])
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CANCELLED])
def test_the_ways_to_create_the_role_close_when_support_takes_over(
    cast: Cast, button: str, status: Status
) -> None:
    put(cast.installation, status)
    response = cast.confirmed("owner").post(reverse(button, args=[cast.installation.pk]))
    assert response["Location"] == reverse("step", args=[cast.installation.pk, "access"])
    assert not cast.installation.operations.exists()

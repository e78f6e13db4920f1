"""The account step."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.facts import CONTROL_PLANE_ACCOUNT
from onboarding.wizard.steps.account import STEP, AccountForm
from tests.factories import make_installation, make_organization

pytestmark = pytest.mark.django_db

TYPED: dict[str, Any] = {
    "aws_account_id": "1234-5678-9012",
    "account_is_dedicated": "on",
    "status_page_subscribed": "on",
    "domains_allowed": "on",
}


def test_what_is_saved_is_complete() -> None:
    installation = make_installation()
    assert not STEP.is_complete(installation)
    form = AccountForm(installation, TYPED)
    assert form.is_valid(), form.errors
    form.save()
    installation.refresh_from_db()
    assert installation.aws_account_id == "123456789012"
    assert STEP.is_complete(installation)


def test_every_box_must_be_ticked_to_be_complete_and_none_to_come_back_later() -> None:
    installation = make_installation()
    only_id = {"aws_account_id": "123456789012"}
    form = AccountForm(installation, only_id)
    assert set(form.errors) == set(TYPED) - {"aws_account_id"}
    assert AccountForm(installation, only_id, partial=True).is_valid()
    assert AccountForm(installation, {}, partial=True).is_valid()


def test_wrong_is_wrong_half_way_too() -> None:
    form = AccountForm(make_installation(), {"aws_account_id": "12345678901"}, partial=True)
    assert form.errors["aws_account_id"] == ["An AWS account ID has 12 digits. This one has 11."]


def test_the_vendors_own_account_is_refused() -> None:
    form = AccountForm(make_installation(), TYPED | {"aws_account_id": CONTROL_PLANE_ACCOUNT})
    assert "Astronomer’s own account" in form.errors["aws_account_id"][0]


def test_the_review_lines_are_short_and_say_what_was_answered() -> None:
    installation = make_installation(aws_account_id="123456789012", account_is_dedicated=True)
    answers = {answer.label: answer.value for answer in STEP.answers(installation)}
    assert answers == {
        "AWS account ID": "1234-5678-9012",
        "Dedicated account": "Yes",
        "Subscribed to the status page": "Not yet",
        "Domains allowed": "Not yet",
    }


def test_the_page_lists_the_eight_domains_with_the_short_name(client: Client) -> None:
    organization = make_organization(short_name="acme")
    installation = make_installation(organization)
    client.force_login(organization.owners().get().user)
    page = client.get(reverse("step", args=[installation.pk, "account"])).content.decode()
    block = page.partition('<pre id="domains"')[2].partition("</pre>")[0].partition(">")[2]
    domains = block.split()
    assert len(domains) == 8
    assert {"acme.astronomer.run", "astro-acme.datakin.com", "api.astronomer.io"} <= set(domains)
    assert "https://status.astronomer.io/" in page


def test_an_external_id_that_is_posted_changes_nothing(client: Client) -> None:
    installation = make_installation()
    organization = installation.organization
    before = organization.reveal_external_id()
    client.force_login(organization.owners().get().user)
    data = TYPED | {"external_id": "astro-" + "a" * 32, "version": "0"}
    client.post(reverse("step", args=[installation.pk, "account"]), data)
    installation.refresh_from_db()
    organization.refresh_from_db()
    assert installation.aws_account_id == "123456789012"
    assert organization.reveal_external_id() == before

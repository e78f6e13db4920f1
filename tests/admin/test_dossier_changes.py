"""What the customer changed, seen by support before and after it is submitted again."""

import pytest
from django.test import Client

from onboarding.models import CheckResult, Installation, User
from onboarding.services import installations
from onboarding.wizard import flow
from tests.admin.pages import dossier
from tests.factories import make_answered

pytestmark = pytest.mark.django_db


def test_what_was_changed_is_shown_while_it_is_changed_and_once_it_is_submitted_again(
    desk: Client, agent: User
) -> None:
    installation = make_answered(max_nodes=20)
    owner = installation.organization.owners().get().user
    installations.submit(installation, by=owner)
    assert "Nothing has changed since." in desk.get(dossier(installation)).text
    installations.claim(installation, by=agent)
    wanted = {"max_nodes": "Fewer."}
    installations.ask_for_changes(installation, wanted=wanted, note="", by=agent)
    Installation.objects.filter(pk=installation.pk).update(max_nodes=7)
    page = desk.get(dossier(installation)).text
    assert "Changed since the last submission" in page
    assert "<del>20</del> → <ins>7</ins>" in page
    for result in CheckResult.objects.filter(relied_on__has_key="max_nodes"):
        result.relied_on["max_nodes"] = 7
        result.save()
    installations.submit(Installation.objects.with_everything().get(), by=owner)
    page = desk.get(dossier(installation)).text
    assert "Changed since the submission before" in page
    assert "<del>20</del> → <ins>7</ins>" in page


def test_an_answer_that_is_gone_is_shown_as_removed(desk: Client) -> None:
    installation = make_answered(connectivity="peering")
    installation.peers.create(
        vpc="vpc-0a1b2c3d", account_id="210987654321", region="us-east-1", cidrs="10.0.0.0/16"
    )
    owner = installation.organization.owners().get().user
    CheckResult.objects.update(relied_on={})
    installation = Installation.objects.with_everything().get()
    before = {answer.field for page in flow(installation).pages for answer in page.answers}
    installations.submit(installation, by=owner)
    assert "Nothing has changed since." in desk.get(dossier(installation)).text
    Installation.objects.filter(pk=installation.pk).update(connectivity="public")
    installation = Installation.objects.with_everything().get()
    now = {answer.field for page in flow(installation).pages for answer in page.answers}
    assert before - now
    assert "<ins>removed</ins>" in desk.get(dossier(installation)).text

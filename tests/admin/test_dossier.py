"""The page of one installation: what it shows, what it hides, and what it survives."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import AwsCall, CheckResult, Installation, Mail, Organization, Status, User
from onboarding.services import installations
from onboarding.wizard import flow
from tests.admin.pages import QUEUE, act, dossier, put
from tests.factories import make_answered, make_installation, make_result

pytestmark = pytest.mark.django_db
EVIL = '<img src=x onerror="alert(1)">'


def test_it_shows_every_answer_of_every_step(desk: Client) -> None:
    installation = make_answered(cluster_name="prod-7", max_nodes=33)
    page = html.unescape(desk.get(dossier(installation)).text)
    answers = [answer for page in flow(installation).pages for answer in page.answers]
    assert len(answers) >= 10
    for answer in answers:
        assert answer.label in page
        assert answer.value in page


def test_it_shows_proofs_and_checks_with_their_evidence(desk: Client) -> None:
    installation = make_answered()
    make_result(
        installation,
        "quota",
        ("region",),
        status="failed",
        title="On-Demand quota",
        saw="The quota is 5 vCPU.",
        needed="At least 40 vCPU.",
        cause="The account is new.",
        request_ids=["11aa-22bb"],
    )
    Installation.objects.filter(pk=installation.pk).update(region="eu-west-1")
    page = desk.get(dossier(installation)).text
    for words in ("On-Demand quota", "The quota is 5 vCPU.", "At least 40 vCPU.", "11aa-22bb",
                  "The account is new.", "Stale", "Blocks then", "role_refuses_without"):  # fmt: skip
        assert words in page


def test_it_shows_wishes_history_mails_and_aws_calls(desk: Client, agent: User) -> None:
    installation = make_answered()
    put(installation, Status.IN_REVIEW)
    wanted = {"region": "Use eu-west-1.", "max_nodes": "Fewer."}
    installations.ask_for_changes(installation, wanted=wanted, note="Two things.", by=agent)
    installation.change_requests.filter(field="max_nodes").update(resolved_at=timezone.now())
    AwsCall.objects.create(
        installation=installation, at=timezone.now(), service="sts", action="AssumeRole",
        region="us-east-1", request_id="req-77", outcome="ok", milliseconds=12,
    )  # fmt: skip
    Mail.objects.update(state=Mail.State.REFUSED, reply="550 no such box")
    log = reverse("admin:onboarding_installation_log", args=[installation.pk])
    page = desk.get(dossier(installation)).text + desk.get(log).text
    for words in ("Use eu-west-1.", "Changes made (1)", "Fewer.", "Two things.", "Changes requested",
                  "agent@support.example", "550 no such box", "Refused", "sts:AssumeRole", "req-77"):  # fmt: skip
        assert words in page


def test_hostile_names_are_shown_and_not_obeyed(desk: Client, agent: User) -> None:
    installation = make_answered(cluster_name=EVIL)
    Organization.objects.update(name=EVIL)
    CheckResult.objects.update(saw=EVIL, title=EVIL)
    put(installation, Status.IN_REVIEW)
    installation.change_requests.create(field="region", text=EVIL, by=agent)
    installation.events.create(
        organization=installation.organization, kind="checked", note=EVIL, data={"step": EVIL}
    )
    for url in (dossier(installation), act(installation, "ask-for-changes"), QUEUE):
        page = desk.get(url).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_the_external_id_appears_nowhere_on_the_desk(desk: Client) -> None:
    installation = make_answered()
    organization = installation.organization
    secrets = (
        organization.reveal_external_id(),
        organization.external_id_sealed,
        organization.external_id_fingerprint,
    )
    pages = (
        f"{QUEUE}?status=all",
        dossier(installation),
        f"/admin/onboarding/organization/{organization.pk}/change/",
        "/admin/onboarding/organization/",
    )
    for url in pages:
        response = desk.get(url)
        assert response.status_code == 200
        assert organization.name in response.text
        assert not [secret for secret in secrets if secret in response.text]


def test_a_new_installation_without_answers_has_a_dossier_too(desk: Client) -> None:
    response = desk.get(dossier(make_installation()))
    assert response.status_code == 200
    assert "New cluster" in response.text
    assert "The role has not been looked for yet." in response.text


def test_no_answer_is_changed_by_posting_to_the_page(desk: Client) -> None:
    installation = make_answered()
    put(installation, Status.BUILDING)
    response = desk.get(dossier(installation))
    names = set(re.findall(r'name="([a-z_-]+)"', response.text))
    assert not names & {field.name for field in Installation._meta.fields}
    assert desk.post(dossier(installation), {"status": "ready"}).status_code == 200
    installation.refresh_from_db()
    assert installation.status == Status.BUILDING

"""What support notes among themselves stays there; and whoever opens a customer's pages is logged."""

import pytest
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from onboarding.models import Delivery, Event, Installation, Mail, Status, User, Webhook
from onboarding.services import (
    conversation,
    evidence_json,
    evidence_pdf,
    installations,
    review,
    webhooks,
)
from tests.admin.pages import QUEUE, act, dossier, put
from tests.factories import make_answered, make_user
from tests.services.pdf_text import pages

pytestmark = pytest.mark.django_db
CANARY = "canaryamongus"


@pytest.fixture
def installation(agent: User) -> Installation:
    """Noted, built and written about; support's channel and the customer's own hear of all."""
    installation = make_answered(cluster_id="c-1")
    organization = installation.organization
    owner = organization.owners().get().user
    lead = make_user(is_staff=True, group="Support lead")
    for whose, by in ((None, lead), (organization, owner)):
        webhooks.add(
            whose, name="Channel", format=Webhook.Format.SIGNED,
            url="https://hooks.example.com/all", events=[], by=by,
        )  # fmt: skip
    put(installation, Status.IN_REVIEW)
    review.note(installation, text=CANARY, by=agent)
    conversation.write_to_customer(installation, text="We begin.", field="", by=agent)
    installations.start_building(installation, by=agent)
    return Installation.objects.with_everything().get()


def test_a_note_among_support_goes_nowhere_else(
    desk: Client, agent: User, installation: Installation
) -> None:
    assert CANARY in desk.get(dossier(installation)).text
    mails = Mail.objects.values_list("subject", "text", "html")
    deliveries = Delivery.objects.values_list("body", flat=True)
    assert {str(each["type"]) for each in deliveries} >= {"onboarding.building"}
    left = {
        "mails": str(list(mails)),
        "webhooks": str(list(deliveries)),
        "events": str(list(Event.objects.values_list("note", "data"))),
        "CSV": b"".join(desk.post(f"{QUEUE}export/csv/").streaming_content).decode(),  # type: ignore[attr-defined]
        "JSON": b"".join(desk.post(f"{QUEUE}export/json/").streaming_content).decode(),  # type: ignore[attr-defined]
        "evidence, JSON": "".join(evidence_json.stream(installation, by=agent)),
        "evidence, PDF": "".join(pages(evidence_pdf.pdf(installation, by=agent))),
    }
    for name, text in left.items():
        assert name == "events" or installation.cluster_name in text, name
        assert CANARY not in text, name


def test_each_opening_of_a_customers_pages_is_logged(
    desk: Client, agent: User, installation: Installation
) -> None:
    about = [installation.pk]
    addresses = {
        "onboarding_installation_change": dossier(installation),
        "onboarding_installation_log": reverse("admin:onboarding_installation_log", args=about),
        "onboarding_installation_act": act(installation, "note"),
        "onboarding_message_talk": reverse("admin:onboarding_message_talk", args=about),
    }
    for page, address in addresses.items():
        with capture_logs() as logs:
            assert desk.get(address).status_code == 200
        (said,) = [each for each in logs if each["event"] == "dossier_opened"]
        opened = {"installation": str(installation.pk), "by": agent.pk, "page": page}
        assert opened.items() <= said.items()

"""A link in a colleague's hands: sent by the Owner, opened in a browser of its own."""

import re
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from onboarding.models import Handover, Installation, Mail
from tests.views.cast import Cast

COLLEAGUE = "colleague@acme.example"
PARTS = ("handover", "handover_live")
POSTS = (
    "handover_code", "handover_confirm", "handover_external_id", "handover_console",
    "handover_script", "handover_look",
)  # fmt: skip


def hand_over(cast: Cast, email: str = COLLEAGUE, installation: Installation | None = None) -> str:
    """Send a link as the Owner does, and take its secret out of the mail."""
    installation = installation or cast.installation
    url = reverse("handovers", args=[installation.pk])
    response = cast.confirmed("owner").post(url, {"email": email})
    assert response.status_code == 302, response.content.decode()
    return token_in(Mail.objects.filter(name="handover", to=email).latest("created_at"))


def token_in(mail: Mail) -> str:
    found = re.search(rf"{settings.SITE_URL}/handover/([\w-]+)/", mail.text)
    assert found
    return found[1]


def the() -> Handover:
    return Handover.objects.latest("created_at")


def post(client: Client, name: str, token: str, **data: str) -> Any:
    return client.post(reverse(name, args=[token]), data)


def code(client: Client, token: str) -> str:
    """Have a code sent, and read it in the mail."""
    assert post(client, "handover_code", token).status_code == 302
    mail = Mail.objects.filter(name="handover_code").latest("created_at")
    found = re.search(r"\b[0-9]{6}\b", mail.text)
    assert found
    return found[0]


def confirmed(token: str) -> Client:
    client = Client()
    response = post(client, "handover_confirm", token, code=code(client, token))
    assert response.status_code == 302
    return client


def told(response: Any) -> str:
    return response.content.decode() + str(response.headers) + str(response.cookies)


def shows(client: Client, cast: Cast, token: str) -> bool:
    response = post(client, "handover_external_id", token)
    return cast.organization.reveal_external_id() in told(response)

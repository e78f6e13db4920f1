"""What the SAML addresses answer besides an assertion."""

import base64
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from lxml import etree

from tests.harness.saml import (
    SAML,
    answer_to,
    response,
)
from tests.views.providers.test_saml import ID, client
from tests.views.providers.world import answer_with, is_signed_in, leave, make_saml

pytestmark = pytest.mark.django_db

__all__ = ["client"]  # fixtures


def test_the_portal_tells_providers_who_it_is(client: Client) -> None:
    make_saml()
    answer = client.get(f"/accounts/saml/{ID}/metadata/")
    root = etree.fromstring(answer.content)
    assert root.get("entityID").endswith(f"/accounts/saml/{ID}/metadata/")
    text = answer.content.decode()
    assert f"/accounts/saml/{ID}/acs/" in text
    assert 'WantAssertionsSigned="true"' in text
    assert "SingleLogoutService" not in text
    assert root.tag.endswith("EntityDescriptor")
    assert client.get("/accounts/saml/nobody/metadata/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_provider_signs_nobody_out(client: Client, method: str) -> None:
    make_saml()
    answer_with(client, ID, response(answer_to(leave(client, ID))))
    assert getattr(client, method)(f"/accounts/saml/{ID}/sls/").status_code == 404
    assert is_signed_in(client)


def test_only_what_could_be_an_answer_is_kept_and_out_of_scripts_reach(client: Client) -> None:
    make_saml()
    assert client.get(f"/accounts/saml/{ID}/acs/").status_code == 405
    assert client.post("/accounts/saml/nobody/acs/").status_code == 404
    assert not Session.objects.exists()
    posted = client.post(f"/accounts/saml/{ID}/acs/", {"SAMLResponse": "x"})
    cookie = posted.cookies["saml-acs-session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["path"] == f"/accounts/saml/{ID}/acs/finish/"


def test_what_was_posted_does_not_stay(client: Client) -> None:
    make_saml()
    xml = response(answer_to(leave(client, ID)))
    answer_with(client, ID, xml)
    kept: list[Any] = [session.get_decoded() for session in Session.objects.all()]
    assert "SAMLResponse" not in str(kept)
    assert base64.b64encode(xml.encode()).decode()[:40] not in str(kept)
    assert SAML not in str(kept)

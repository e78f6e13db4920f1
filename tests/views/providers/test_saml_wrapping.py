"""XML that says one thing to who checks the signature, and another to who reads it."""

import re
from collections.abc import Callable

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from onboarding.models import User
from tests.harness.saml import (
    Told,
    answer_to,
    assertion,
    response,
)
from tests.views.providers.world import answer_with, is_signed_in, leave, make_saml

pytestmark = pytest.mark.django_db
ID = "acme-saml"
Twist = Callable[[Told], Told]


def browser() -> Client:
    """It names the host, as browsers do: a provider's answer is for one address."""
    return Client(headers={"host": "127.0.0.1:8000"})


@pytest.fixture
def client() -> Client:
    return browser()


def refused(client: Client, xml: str) -> None:
    answer = answer_with(client, ID, xml)
    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert "You are not signed in" in answer.text
    assert not SocialAccount.objects.exists()


def moved(good: str, evil: str, into: str) -> str:
    """The evil assertion where the portal reads, the good and signed one `into` some corner."""
    corner = f"<samlp:Extensions>{good}</samlp:Extensions>"
    if into == "extensions":
        return f"{corner}{evil}"
    if into == "the signature of the evil one":
        signature = re.search(r"<ds:Signature.*</ds:Signature>", good, re.DOTALL)
        assert signature is not None
        bare = good.replace(signature[0], "")
        hidden = signature[0].replace(
            "</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>"
        )
        return evil.replace("</saml:Issuer>", f"</saml:Issuer>{hidden}", 1)
    return {"before": f"{evil}{good}", "after": f"{good}{evil}"}[into]


@pytest.mark.parametrize("into", ["before", "after", "extensions", "the signature of the evil one"])
@pytest.mark.parametrize("same_id", [False, True])
def test_asvs_1_5_1_a_signed_assertion_wrapped_around_another_is_refused(
    client: Client, into: str, same_id: bool
) -> None:
    """XML Signature Wrapping: Mallory has a good assertion of her own, and writes another."""
    make_saml()
    told = answer_to(leave(client, ID))
    good = assertion(told.but(name_id="mallory", attributes={"email": "mallory@example.com"}))
    evil = assertion(told.but(signs=None))
    if same_id:
        number = re.search(r'ID="(_a[0-9a-f]+)"', good)
        assert number is not None
        evil = re.sub(r'ID="_a[0-9a-f]+"', f'ID="{number[1]}"', evil)
    refused(client, response(told, inside=moved(good, evil, into)))


def test_asvs_1_5_1_a_comment_does_not_cut_a_signed_address_short(client: Client) -> None:
    """Mallory may choose her own address; what is behind a comment counts (CVE-2017-11427)."""
    make_saml()
    told = answer_to(leave(client, ID)).but(
        name_id="mallory", attributes={"email": "ada@example.com.evil.example"}
    )
    xml = response(told).replace("ada@example.com.evil", "ada@example.com<!-- -->.evil")
    assert answer_with(client, ID, xml).status_code in (401, 403)
    assert not User.objects.filter(email="ada@example.com").exists()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "no XML",
        "<a/>",
        "<samlp:Response",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b "c">]><samlp:Response xmlns:samlp="x">&b;</samlp:Response>',
    ],
)
def test_asvs_1_5_1_what_is_no_response_is_refused(client: Client, sent: str) -> None:
    make_saml()
    leave(client, ID)
    refused(client, sent)

"""SAML against answers that a test makes, also such as none should be believed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from onboarding.models import Membership, User
from tests.harness.saml import (
    MAIL,
    OTHER_KEYS,
    RSA_SHA1,
    SHA1,
    SSO_URL,
    TRANSIENT,
    Told,
    answer_to,
    asked,
    assertion,
    response,
)
from tests.views.providers.world import addresses, answer_with, is_signed_in, leave, make_saml

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


def test_a_colleague_comes_in_and_is_a_member(client: Client) -> None:
    connection = make_saml()
    url = leave(client, ID)
    assert url.startswith(f"{SSO_URL}?SAMLRequest=")
    assert asked(url)["format"].endswith(":persistent")
    answer = answer_with(client, ID, response(answer_to(url)))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    ada = User.objects.get(email="ada@example.com")
    assert addresses(ada).get().verified
    membership = ada.memberships.get()
    assert membership.organization == connection.organization
    assert membership.role == Membership.Role.MEMBER


def test_asvs_6_8_1_a_person_is_the_provider_and_its_name_for_them(client: Client) -> None:
    make_saml()
    answer_with(client, ID, response(answer_to(leave(client, ID))))
    identity = SocialAccount.objects.get()
    assert (identity.provider, identity.uid) == (ID, "8f7d0f1a-persistent")
    again = browser()
    renamed = answer_to(leave(again, ID)).but(attributes={"email": "ada.byron@example.com"})
    answer_with(again, ID, response(renamed))
    assert is_signed_in(again)
    assert SocialAccount.objects.get().user.email == "ada@example.com"


@pytest.mark.parametrize(
    "name",
    [
        "urn:oasis:names:tc:SAML:attribute:subject-id",
        "http://schemas.microsoft.com/identity/claims/objectidentifier",
    ],
)
def test_asvs_6_8_1_an_attribute_made_to_last_goes_before_the_name(
    client: Client, name: str
) -> None:
    make_saml()
    told = answer_to(leave(client, ID)).but(
        name_format=MAIL,
        name_id="ada@example.com",
        attributes={"email": "ada@example.com", name: "4f6e-lasting"},
    )
    answer_with(client, ID, response(told))
    assert SocialAccount.objects.get().uid == "4f6e-lasting"


@pytest.mark.parametrize(
    ("name_format", "name_id"),
    [
        (MAIL, "ada@example.com"),
        (TRANSIENT, "_ce3d2948b4cf20146dee0a0b3dd6f69b6cf86f62d7"),
        ("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "ada@example.com"),
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "Ada@Example.com"),
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "x" * 192),
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", ""),
    ],
)
def test_asvs_6_8_1_a_name_that_changes_hands_or_each_time_is_refused(
    client: Client, name_format: str, name_id: str
) -> None:
    make_saml()
    told = answer_to(leave(client, ID)).but(name_format=name_format, name_id=name_id)
    refused(client, response(told))


TWISTS: dict[str, Twist] = {
    "unsigned": lambda told: told.but(signs=None),
    "signed with another key": lambda told: told.but(signs=OTHER_KEYS),
    "signed with SHA-1": lambda told: told.but(signature=RSA_SHA1, digest=SHA1),
    "of another issuer": lambda told: told.but(issuer="https://evil.example/saml"),
    "for another audience": lambda told: told.but(audience="https://evil.example/metadata"),
    "for no audience": lambda told: told.but(audience=None),
    "sent elsewhere": lambda told: told.but(acs="https://evil.example/acs"),
    "for another recipient": lambda told: told.but(recipient="https://evil.example/acs"),
    "for a longer recipient": lambda told: told.but(recipient=f"https://evil.example/{told.acs}"),
    "for no recipient": lambda told: told.but(recipient=None),
    "expired": lambda told: told.but(ends=timedelta(hours=-1)),
    "not yet": lambda told: told.but(begins=timedelta(hours=1), ends=timedelta(hours=2)),
    "confirmed until an hour ago": lambda told: told.but(bound_until=timedelta(hours=-1)),
    "confirmed for ever": lambda told: told.but(bound_until=None),
    "answers nothing": lambda told: told.but(request=None, bound_to=None),
    "answers nothing of ours": lambda told: told.but(request="_other", bound_to="_other"),
    "bound to another question": lambda told: told.but(bound_to="_other"),
    "bound to no question": lambda told: told.but(bound_to=None),
}


@pytest.mark.parametrize("twist", TWISTS.values(), ids=TWISTS)
def test_asvs_6_8_2_an_assertion_that_is_not_ours_to_believe_is_refused(
    client: Client, twist: Twist
) -> None:
    make_saml()
    refused(client, response(twist(answer_to(leave(client, ID)))))


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("ada@example.com", "eve@example.com"),
        lambda xml: xml.replace("8f7d0f1a-persistent", "somebody-else"),
        lambda xml: re.sub(r"<ds:SignatureValue>.", "<ds:SignatureValue>A", xml, count=1),
    ],
)
def test_asvs_9_1_1_a_changed_assertion_is_refused(
    client: Client, change: Callable[[str], str]
) -> None:
    make_saml()
    xml = response(answer_to(leave(client, ID)))
    assert change(xml) != xml
    refused(client, change(xml))


def test_nothing_posted_and_no_base64_is_refused(client: Client) -> None:
    make_saml()
    for form in ({}, {"SAMLResponse": "%%%"}, {"SAMLResponse": "ä"}):
        client.post(f"/accounts/saml/{ID}/acs/", form)
        assert client.get(f"/accounts/saml/{ID}/acs/finish/").status_code == 401
    assert not is_signed_in(client)


def test_asvs_10_1_2_an_answer_counts_once(client: Client) -> None:
    make_saml()
    xml = response(answer_to(leave(client, ID)))
    answer_with(client, ID, xml)
    assert is_signed_in(client)
    client.logout()
    assert answer_with(client, ID, xml).status_code == 401
    assert not is_signed_in(client)


def test_asvs_10_1_2_an_answer_counts_in_the_browser_that_asked(client: Client) -> None:
    make_saml()
    leave(client, ID)
    refused(client, response(answer_to(leave(browser(), ID))))


def test_a_stolen_answer_around_a_question_of_ones_own_is_refused(client: Client) -> None:
    """The response is not signed: who has an assertion of Ada's could write another around it."""
    make_saml()
    stolen = assertion(answer_to(leave(browser(), ID)))
    refused(client, response(answer_to(leave(client, ID)), inside=stolen))


def test_asvs_10_2_2_an_answer_of_one_provider_is_not_taken_by_another(client: Client) -> None:
    make_saml()
    make_saml(provider_id="other-saml", domain="example.org")
    xml = response(answer_to(leave(client, ID)))
    assert answer_with(client, "other-saml", xml).status_code == 401
    assert not is_signed_in(client)

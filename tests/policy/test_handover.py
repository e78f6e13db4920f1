"""The texts for a colleague: complete, without the external ID, and nothing can be added to them."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from onboarding import facts
from onboarding.models import Installation
from onboarding.policy import document
from onboarding.policy.handover import WAYS, Handover, Places, handovers
from tests.policy.external_ids import HOSTILE

EDITION = document.shipped()

PLACES = Places(
    console="https://console.example/cloudformation/home?region=us-east-1#/stacks/create/review?a=b",
    script="https://portal.example/downloads/create-astro-role.sh",
    module="https://portal.example/downloads/astro-role.tf",
    permissions="https://portal.example/permissions/",
    page="https://portal.example/installations/1/steps/access/",
)
NAMED = {"console": PLACES.console, "script": PLACES.script, "terraform": PLACES.module}


def made(organization: str = "Acme Data") -> dict[str, Handover]:
    return handovers(EDITION, account_id="210987654321", organization=organization, places=PLACES)


def test_there_is_one_for_every_way() -> None:
    assert tuple(made()) == WAYS
    assert set(WAYS) == set(Installation.AccessMethod.values)


@pytest.mark.parametrize("way", WAYS)
def test_it_says_what_to_do_in_which_account(way: str) -> None:
    text = made()[way].text
    assert "2109-8765-4321" in text
    assert "Acme Data" in text
    assert facts.ROLE_NAME in text
    assert "1. " in text
    assert PLACES.permissions in text
    assert EDITION.line in text
    lines = text.replace(EDITION.line, "").splitlines()
    assert max(len(line) for line in lines if "https://" not in line) <= 80


@pytest.mark.parametrize("way", NAMED)
def test_it_names_the_address_and_from_whom_the_external_id_comes(way: str) -> None:
    text = made()[way].text
    assert NAMED[way] in text
    assert "from an Organization Owner of Acme Data, apart from this message" in text
    assert not re.search("astro-[a-z2-7]{32}", text)


def test_credentials_are_not_sent_to_anybody() -> None:
    text = made()["for_me"].text
    assert "not for sending" in text
    assert PLACES.page in text
    assert "No external ID is needed." in text


@pytest.mark.parametrize("way", WAYS)
def test_mail_link_opens_a_mail_to_nobody_with_the_whole_text(way: str) -> None:
    handover = made()[way]
    link = urlsplit(handover.mailto)
    assert (link.scheme, link.netloc, link.path, link.fragment) == ("mailto", "", "", "")
    fields = dict(parse_qsl(link.query, strict_parsing=True))
    assert fields == {
        "subject": handover.subject,
        "body": handover.text.replace("\n", "\r\n"),
    }
    assert len(handover.mailto) < 3000


@pytest.mark.parametrize(
    "name", [*HOSTILE, "A\nBcc: x@example.test", "A & B?to=x", "\u202eevil", "A%0ABcc:x"], ids=repr
)
def test_a_name_stays_one_line_of_the_text_and_no_field_of_the_mail(name: str) -> None:
    plain, odd = made(), made(name)
    for way in WAYS:
        assert odd[way].text.count("\n\n") == plain[way].text.count("\n\n")
        assert odd[way].subject == plain[way].subject
        query = urlsplit(odd[way].mailto).query
        assert [key for key, _ in parse_qsl(query)] == ["subject", "body"]
        assert odd[way].text.replace("\n", "").isprintable()
        assert not re.search("^(bcc|to|from|subject):", odd[way].text, re.IGNORECASE | re.MULTILINE)


@pytest.mark.parametrize("account_id", ["", "2109", "21098765432x", "\u0662" * 12, "2109876543210"])
def test_there_is_none_for_what_is_no_account(account_id: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        handovers(EDITION, account_id=account_id, organization="Acme", places=PLACES)

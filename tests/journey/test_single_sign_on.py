"""Support sets up single sign-on, a colleague comes by it: in a browser, at a real provider."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.harness import identity_providers
from tests.harness.identity_providers import CLIENT_ID, CLIENT_SECRET, PASSWORD
from tests.journey import desk, steps

ORGANIZATION = "Fresh Data"
NewPage = Callable[..., Page]


def leave(page: Page, address: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Continue with SSO").click()
    page.get_by_label("E-mail address at work").fill(address)
    page.get_by_role("button", name="Continue").click()


def enter(page: Page, user: str) -> None:
    """At the company: the provider's own page."""
    page.wait_for_url(re.compile(rf"//{identity_providers.NAME}:"))
    page.locator("[name=username]").fill(user)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()


def is_member(page: Page, address: str) -> None:
    page.wait_for_url(re.compile(r"127\.0\.0\.1:\d+/$"))
    expect(page.locator("header.top")).to_contain_text(address)
    expect(page.locator("header.top")).to_contain_text(ORGANIZATION)
    expect(page.get_by_role("button", name="Install a cluster")).to_be_visible()


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Where an identity provider keeps its files."""
    folder = tmp_path / "idp"
    folder.mkdir()
    return folder


@pytest.fixture
def at_the_desk(new_page: NewPage) -> Page:
    page = new_page()
    desk.sign_in(page)
    return page


def test_a_colleague_comes_by_openid_connect(
    at_the_desk: Page, new_page: NewPage, company: Path
) -> None:
    page = at_the_desk
    desk.confirm_domain(page, "fresh.example")
    callback = desk.begin(page, "OpenID Connect", "Fresh’s Okta")[0]
    people = {"00u1ada": "ada@fresh.example", "00u2eve": "eve@elsewhere.example"}
    with identity_providers.oidc(company, people, callback) as issuer:
        page.get_by_label("Issuer").fill(issuer)
        page.get_by_label("Client ID").fill(CLIENT_ID)
        page.get_by_label("Client secret").fill(CLIENT_SECRET)
        desk.turn_on(page)
        colleague = new_page()
        leave(colleague, "ada@fresh.example")
        enter(colleague, "00u1ada")
        is_member(colleague, "ada@fresh.example")
        stranger = new_page()
        leave(stranger, "ada@fresh.example")
        enter(stranger, "00u2eve")
        expect(steps.heading(stranger, "Fresh’s Okta does not let you in here")).to_be_visible()
        again = new_page(java_script_enabled=False)
        leave(again, "ada@fresh.example")
        enter(again, "00u1ada")
        is_member(again, "ada@fresh.example")
        first = new_page()
        steps.sign_in(first, FRESH_OWNER.email)
        leave_signed_in_owner_alone(first)


def leave_signed_in_owner_alone(page: Page) -> None:
    """The Owner has a sign-in of before: nothing is joined to it by the address."""
    page.goto("/accounts/3rdparty/")
    expect(page.get_by_role("button", name="Connect Fresh’s Okta")).to_be_visible()


def test_a_colleague_comes_by_saml(at_the_desk: Page, new_page: NewPage, company: Path) -> None:
    page = at_the_desk
    desk.confirm_domain(page, "saml.fresh.example")
    portal = desk.begin(page, "SAML", "Fresh’s Ping")[1]
    people = {"grace": "grace@saml.fresh.example", "owner": FRESH_OWNER.email}
    with identity_providers.saml(company, people, portal) as metadata:
        page.get_by_label("metadata").fill(metadata)
        desk.turn_on(page)
        colleague = new_page()
        leave(colleague, "grace@saml.fresh.example")
        enter(colleague, "grace")
        is_member(colleague, "grace@saml.fresh.example")
        other = new_page()
        leave(other, "grace@saml.fresh.example")
        enter(other, "owner")
        expect(steps.heading(other, re.compile("have a sign-in here already"))).to_be_visible()


def test_an_unknown_company_gets_a_calm_answer(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/accounts/sso/")
    page.get_by_label("E-mail address at work").fill("ada@nobody.example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("We know no single sign-on for this address")

"""Second factors, passkeys and sessions as a person meets them, in a real browser.

The passkeys are made by Chromium's own virtual authenticator; what the page and the server say to
it is the true protocol. Browsers keep passkeys by name, so these pages are opened on localhost.
"""

import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demo.people import MEMBER, PASSWORD
from tests.conftest import NewPage
from tests.harness.demo import Demo
from tests.journey import factors, steps
from tests.journey.inbox import Inbox
from tests.journey.test_access_for_all import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

numbers = count(1)


@pytest.fixture
def newcomer(page: Page, inbox: Inbox) -> str:
    """The address of somebody who has just signed up, with an Organization of their own."""
    name = f"walker{next(numbers)}"
    steps.sign_up(page, inbox, f"{name}@example.com")
    steps.found_organization(page, name.title(), name)
    return f"{name}@example.com"


@pytest.fixture
def by_name(new_page: NewPage, demo: Demo) -> Page:
    page = new_page()
    page.goto(f"http://localhost:{demo.port}/accounts/login/")
    return page


def sign_out(page: Page) -> None:
    factors.go(page, "/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(steps.heading(page, "Sign in")).to_be_visible()


def is_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Install a cluster")).to_be_visible()


def test_a_passkey_is_second_factor_sign_in_and_confirmation(
    newcomer: str, by_name: Page, tmp_path: Path
) -> None:
    page, faults = by_name, []
    factors.plug_in_key(page)
    factors.give_password(page, newcomer)
    is_in(page)
    factors.go(page, "/accounts/2fa/webauthn/add/")
    steps.confirm_identity(page)
    faults += faults_of(page, "passkey-add")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(steps.heading(page, "Your recovery codes")).to_be_visible()
    faults += faults_of(page, "recovery-codes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "codes.txt")
    shown = page.locator("#recovery-codes").inner_text().split()
    assert len(shown) == 10
    assert re.findall(r"\d{8}", (tmp_path / "codes.txt").read_text()) == shown
    sign_out(page)
    # Instead of address and password
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in(page)
    factors.go(page, "/accounts/2fa/recovery-codes/generate/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(steps.heading(page, "New recovery codes")).to_be_visible()
    sign_out(page)
    # After the password
    factors.give_password(page, newcomer)
    expect(steps.heading(page, "Your second factor")).to_be_visible()
    faults += faults_of(page, "second-factor")
    page.get_by_role("button", name="Use a passkey or security key").click()
    is_in(page)
    assert not faults, "\n".join(faults)


def test_a_key_that_is_not_theirs_signs_nobody_in(newcomer: str, by_name: Page) -> None:
    page = by_name
    factors.plug_in_key(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_a_page_opened_by_its_number_offers_no_passkey(page: Page) -> None:
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


def test_an_app_is_set_up_and_signs_in_without_scripts(
    newcomer: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    steps.sign_in(page, newcomer)
    page.goto("/accounts/2fa/totp/activate/")
    steps.confirm_identity(page)
    assert page.get_by_role("img", name="QR code").evaluate("each => each.naturalWidth") > 100
    page.get_by_text("No camera?").click()
    secret = page.locator("#totp-key").inner_text()
    page.get_by_label("Code").fill(factors.code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(steps.heading(page, "Your recovery codes")).to_be_visible()
    recovery = page.locator("#recovery-codes").inner_text().split()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    factors.give_password(page, newcomer)
    page.get_by_label("Code").fill(recovery[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_in(page)


def test_asvs_6_2_6_and_6_2_7_a_password_is_pasted_and_looked_at(page: Page) -> None:
    page.goto("/accounts/login/")
    field = page.locator("[name=password]")
    page.get_by_label("E-mail address").fill(PASSWORD)
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    field.focus()
    page.keyboard.press("Control+V")
    expect(field).to_have_value(PASSWORD)
    expect(field).to_have_attribute("type", "password")
    toggle = page.get_by_role("button", name="what you typed")
    toggle.press("Enter")
    expect(field).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    page.get_by_label("E-mail address").fill(MEMBER.email)
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_in(page)


def test_what_one_browser_ends_another_feels(newcomer: str, page: Page, new_page: NewPage) -> None:
    other = new_page()
    steps.sign_in(other, newcomer)
    page.goto("/accounts/sessions/")
    expect(page.get_by_role("listitem").filter(has_text="Chrome on Linux")).to_have_count(2)
    page.get_by_role("button", name=re.compile("End")).click()
    expect(page.get_by_role("status").first).to_contain_text("That session is ended")
    other.goto("/accounts/")
    expect(steps.heading(other, "Sign in")).to_be_visible()
    page.reload()
    expect(steps.heading(page, "Where you are signed in")).to_be_visible()


def test_asvs_14_3_3_nothing_is_kept_in_the_browsers_storage(newcomer: str, page: Page) -> None:
    for path in ("/", "/accounts/", "/accounts/2fa/", "/accounts/sessions/"):
        page.goto(path)
        kept = page.evaluate("() => ({...localStorage, ...sessionStorage})")
        # htmx notes the path it is on, and nothing of the page.
        assert kept.pop("htmx-current-path-for-history", path) == path
        assert kept == {}
    cookies = {each["name"]: each for each in page.context.cookies()}
    assert set(cookies) == {"session", "csrf"}
    assert all(each["httpOnly"] for each in cookies.values())


def test_asvs_3_4_6_no_page_shows_in_a_frame(browser: Browser, demo: Demo) -> None:
    page = browser.new_context().new_page()
    page.set_content(f"<iframe src='{demo.url}/accounts/login/'></iframe>")
    page.wait_for_timeout(1000)
    frame = page.frames[1]
    assert "Sign in" not in frame.content()
    page.context.close()

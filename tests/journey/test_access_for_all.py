"""Every page for everybody: by keyboard, with a screen reader, dark or light, small or large."""

import json
from collections.abc import Callable
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from portal.demo.people import FRESH_OWNER, PASSWORD
from tests.conftest import NewPage
from tests.harness.simulator import Simulator
from tests.journey import steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox
from tests.journey.tour import Tour
from tests.journey.whole_tour import STRETCHES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

numbers = count(1)
WIDE, SMALL = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
# Preloading, axe would read style sheets in a way that the Content-Security-Policy forbids.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
COLOURS_ARE_THERE = """() => document.getAnimations()
  .every(each => !(each instanceof CSSTransition) || each.playState === 'finished')"""
TWO_FRAMES = "() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.tagName + '.' + each.className).slice(-3)"""


def faults_of(page: Page, name: str) -> list[str]:
    """What axe finds, light and dark, and whether 320 px need sideways scrolling."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(COLOURS_ARE_THERE)
        for each in Axe().run(page, options=OPTIONS).response["violations"]:
            where = [node["target"] for node in each["nodes"][:3]]
            found.append(f"{name}, {scheme}: {each['help']}: {json.dumps(where)}")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.evaluate(TWO_FRAMES)  # until then the sheets may not have taken notice
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{name} scrolls sideways at 320 px: {page.evaluate(TOO_WIDE)}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.__name__)
def test_no_page_shuts_anybody_out(
    stretch: Callable[[Tour], None], cloud: Simulator, inbox: Inbox, new_page: NewPage
) -> None:
    faults: list[str] = []
    tour = Tour(
        cloud,
        inbox,
        open_page=lambda: new_page(viewport=WIDE),
        look=lambda page, name: faults.extend(faults_of(page, name)),
        prefix=f"tour-{next(numbers)}",
    )
    stretch(tour)
    assert not faults, "\n".join(faults)


def has_focus(place: Locator) -> bool:
    return bool(place.evaluate("each => each === document.activeElement"))


def tab_to(page: Page, place: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    expect(place).to_be_visible()
    for _ in range(60):
        if has_focus(place):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {place}.")


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def press(page: Page, button: str, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role("button", name=button))
    page.keyboard.press(key)


def test_the_keyboard_alone_goes_through_the_wizard(
    page: Page, account: CustomerAccount, cluster: str
) -> None:
    page.goto("/accounts/login/")
    tab_to(page, page.locator("[name=login]"))
    page.keyboard.type(FRESH_OWNER.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    press(page, "Install a cluster")
    account_by_keyboard(page, account.account_id)
    type_into(page, "Cluster name", cluster)
    press(page, "Save and continue")
    expect(steps.heading(page, "Network")).to_be_visible()
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="VPC peering")).to_be_checked()
    page.keyboard.press("ArrowUp")
    press(page, "Save and continue")
    role_by_keyboard(page, account)
    tab_to(page, page.get_by_role("navigation").get_by_role("link", name="Check your account"))
    page.keyboard.press("Enter")
    steps.watch_the_checks(page)
    tab_to(page, page.locator("#live").get_by_role("link", name="Continue"))
    page.keyboard.press("Enter")
    press(page, "Submit to support")
    expect(page.get_by_role("main")).to_contain_text("It is support's turn")


def account_by_keyboard(page: Page, account_id: str) -> None:
    """The focus goes to the summary of errors, and from there to the field."""
    expect(steps.heading(page, "Your AWS account")).to_be_visible()
    press(page, "Save and continue")
    expect(page.locator("[data-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("AWS account ID")).to_be_focused()
    page.keyboard.type(account_id)
    for name in steps.TICKS:
        tab_to(page, page.locator(f"[name={name}]"))
        page.keyboard.press("Space")
    press(page, "Save and continue")
    expect(steps.heading(page, "Your cluster")).to_be_visible()


def role_by_keyboard(page: Page, account: CustomerAccount) -> None:
    expect(steps.heading(page, "Give Astro access")).to_be_visible()
    tab_to(page, page.locator("#way-console"))
    for _ in ("script", "terraform", "for_me"):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#way-for_me")).to_be_checked()
    credentials = account.credentials()
    type_into(page, "Access key ID", credentials["AccessKeyId"])
    type_into(page, "Secret access key", credentials["SecretAccessKey"])
    type_into(page, "Session token", credentials["SessionToken"])
    press(page, "Create the role")
    steps.watch_the_proofs(page)

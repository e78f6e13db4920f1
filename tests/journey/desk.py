"""What support does, in the admin."""

from playwright.sync_api import Page, expect

from portal.demo.people import SUPPORT
from tests.journey import steps

QUEUE = "/admin/onboarding/installation/"


def sign_in(page: Page) -> None:
    steps.sign_in(page, SUPPORT.email)


def open_dossier(page: Page, cluster: str) -> None:
    """Find the installation in the queue, by searching for it."""
    page.goto(QUEUE)
    page.locator("#searchbar").fill(cluster)
    page.locator("#searchbar").press("Enter")
    page.get_by_role("link", name=cluster, exact=True).click()
    expect(steps.heading(page, cluster)).to_be_visible()


def act(page: Page, action: str, status: str) -> None:
    """One move that needs nothing but a click, or a click and a send."""
    page.get_by_role("link", name=action).or_(page.get_by_role("button", name=action)).click()
    send = page.get_by_role("button", name=action)
    if "/do/" in page.url and send.is_visible():
        send.click()
    says_status(page, status)


def says_status(page: Page, status: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(status)


def ask_for_changes(page: Page, **wishes: str) -> None:
    """One text a field, by the field's name."""
    page.get_by_role("link", name="Ask for changes").click()
    for name, text in wishes.items():
        page.locator(f"[name=wanted-{name}]").fill(text)
    page.get_by_role("button", name="Ask for changes").click()
    says_status(page, "Changes")

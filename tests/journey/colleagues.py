"""An Owner hands the access step over; the colleague takes it up."""

import re
import subprocess

from playwright.sync_api import Page, expect

from tests.journey import steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox


def hand_over(page: Page, address: str, colleague: str) -> None:
    page.goto(f"{address}handovers/")
    page.get_by_label("Their e-mail address").fill(colleague)
    page.get_by_role("button", name="Send the link").click()
    if "reauthenticate" in page.url:
        steps.confirm_identity(page)
    expect(page.get_by_text(f"Link sent to {colleague}")).to_be_visible()


def open_link(page: Page, inbox: Inbox, colleague: str, account_id: str) -> str:
    mail = inbox.read("asks for your help", to=colleague, saying=account_id[-4:])
    link = next(link for link in mail.links if "/handover/" in link)
    page.goto(link)
    return link


def confirm_address(page: Page, inbox: Inbox, colleague: str) -> None:
    page.get_by_role("button", name="Send the code").click()
    type_code(page, inbox, colleague)


def type_code(page: Page, inbox: Inbox, colleague: str) -> None:
    """The one of the newest mail."""
    mail = inbox.read("Your code", to=colleague, saying="ten minutes")
    code = re.search(r"\b[0-9]{6}\b", mail.text)
    assert code
    page.get_by_label("Code from the mail").fill(code[0])
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Show the external ID")).to_be_visible()


def update(account: CustomerAccount, command: str, external_id: str) -> None:
    """What the page says to type into CloudShell."""
    done = subprocess.run(
        ["sh", "-c", command],
        env=account.environment() | {"EXTERNAL_ID": external_id},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Nothing was changed" not in done.stdout

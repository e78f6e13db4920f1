"""Customer and support talk, and what is being typed outlives what arrives meanwhile."""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewPage
from tests.journey import desk, steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

OWNER = "talking.data@talk.example"


def test_a_question_is_answered_while_the_next_one_is_being_typed(
    page: Page, new_page: NewPage, account: CustomerAccount, cluster: str, inbox: Inbox
) -> None:
    steps.sign_up(page, inbox, OWNER)
    steps.found_organization(page, "Talking Data", "talking")
    address = steps.all_the_way(page, account.account_id, cluster, account.credentials())
    steps.submit(page)

    page.get_by_role("textbox", name="Message").fill("Is there a window on Friday?")
    page.get_by_role("button", name="Send to support").click()
    expect(page.locator(".talk")).to_contain_text("Is there a window on Friday?")
    steps.mark(page)
    page.get_by_role("textbox", name="Message").fill("And another th")

    support = new_page()
    desk.sign_in(support)
    talk = f"/admin/onboarding/message/about/{address.rstrip('/').split('/')[-1]}/"
    support.goto(talk)
    expect(support.locator(".talk")).to_contain_text("Is there a window on Friday?")
    support.get_by_role("textbox", name="Message").fill("Friday at 14:00 UTC suits us.")
    support.get_by_role("button", name="Send to the customer").click()
    expect(support.locator(".messagelist, .messages").first).to_contain_text("Sent.")

    # It arrives by itself, and the half sentence is still there, with the cursor in it.
    expect(page.locator(".talk")).to_contain_text("Friday at 14:00 UTC suits us.")
    page.keyboard.type("ing.")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("And another thing.")
    assert steps.is_still_the_same_page(page)
    expect(page.get_by_role("heading", name="Messages")).to_contain_text("1 new")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("heading", name="Messages")).not_to_contain_text("new")

"""A role that was proved and then changed: people are told, and it is proved anew once mended."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.journey import steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

SUPPORT_ADDRESS = "support@astronomer.io"
CHANGED = "The role has changed since we proved it"


def test_a_loosened_role_is_told_of_and_proved_again_once_it_is_mended(
    page: Page, account: CustomerAccount, cluster: str, inbox: Inbox
) -> None:
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.answer_three_steps(page, account.account_id, cluster)
    steps.have_it_created(page, account.credentials())
    steps.watch_the_proofs(page)
    as_proved = account.trust_policy()
    account.trust_everyone_at_the_vendor()

    steps.look_now(page)
    live = page.locator("#live")
    expect(live).to_contain_text(CHANGED, timeout=60_000)
    steps.watch_the_row(page, "role_refuses_without", "Fix this")
    expect(live.get_by_role("link", name="Continue")).to_have_count(0)
    subject = "others can use the role"
    inbox.read(f"{cluster}: {subject}", to=FRESH_OWNER.email, saying="no longer as we proved it")
    inbox.read(f"{cluster} of Fresh Data: {subject}", to=SUPPORT_ADDRESS, saying=cluster)
    page.goto(f"{address}steps/review/")
    expect(page.get_by_role("button", name="Submit to support")).to_have_count(0)

    account.set_trust_policy(as_proved)
    page.goto(f"{address}steps/access/")
    steps.watch_the_proofs(page)
    expect(live).not_to_contain_text(CHANGED)
    expect(live.get_by_role("link", name="Continue")).to_be_visible()

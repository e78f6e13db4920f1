"""The journey with scripts off: each page does the same, and follows the work by reloading."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.journey import steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def test_a_customer_submits_without_scripts(
    page_without_scripts: Page, account: CustomerAccount, cluster: str, inbox: Inbox
) -> None:
    page = page_without_scripts
    steps.sign_in(page, FRESH_OWNER.email)
    steps.start(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is something to correct")
    steps.answer_account(page, account.account_id)
    steps.answer_cluster(page, cluster)
    peer_with_one_vpc_of_two(page)
    steps.have_it_created(page, account.credentials())
    # <noscript> reloads the page every ten seconds until the role is proved.
    steps.watch_the_proofs(page)
    steps.open_step(page, "Check your account")
    steps.watch_the_checks(page)
    steps.continue_to_review(page)
    expect(page.get_by_role("main")).to_contain_text("vpc-0abc1234def567890")
    expect(page.get_by_role("main")).not_to_contain_text("10.9.0.0/16")
    steps.submit(page)
    inbox.read(f"{cluster}: submitted", to=FRESH_OWNER.email, saying="nothing for you to do now")


def peer_with_one_vpc_of_two(page: Page) -> None:
    """Rows come and go, and what was typed in the others stays."""
    page.get_by_role("radio", name="VPC peering").check()
    first, second = (
        page.get_by_role("group", name=f"VPC {number}", exact=True) for number in (1, 2)
    )
    first.get_by_label("CIDR").fill("10.9.0.0/16")
    page.get_by_role("button", name="Add a VPC").click()
    expect(first.get_by_label("CIDR")).to_have_value("10.9.0.0/16")
    expect(page.get_by_role("radio", name="VPC peering")).to_be_checked()
    second.get_by_label("VPC ID or name").fill("vpc-0abc1234def567890")
    second.get_by_label("CIDR").fill("10.1.0.0/16")
    page.get_by_role("button", name="Remove VPC 1").click()
    expect(second).to_have_count(0)
    expect(first.get_by_label("VPC ID or name")).to_have_value("vpc-0abc1234def567890")
    steps.go_on(page, "Give Astro access")

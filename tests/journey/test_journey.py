"""The whole job: from sign-up to a confirmed cluster, with support's part, and every mail read."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import SUPPORT
from tests.conftest import NewPage
from tests.journey import desk, steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

OWNER = "riveting.data@rivet.example"
SUPPORT_ADDRESS = "support@astronomer.io"


def test_a_customer_gets_from_sign_up_to_a_confirmed_cluster(
    page: Page, new_page: NewPage, account: CustomerAccount, cluster: str, inbox: Inbox
) -> None:
    steps.sign_up(page, inbox, OWNER)
    steps.found_organization(page, "Rivet Data", "rivet")
    address = steps.start(page)
    stumble_through_account(page, account.account_id)
    stumble_through_cluster(page, cluster)
    steps.answer_network(page)
    get_the_role_created(page, account)
    steps.open_step(page, "Check your account")
    steps.watch_the_checks(page)
    steps.continue_to_review(page)
    submit(page, inbox, cluster)

    support = new_page()
    send_back(support, inbox, cluster)
    change_and_submit_again(page, inbox, address, cluster)
    build(support, inbox, cluster)
    confirm(page, inbox, address, cluster)


def stumble_through_account(page: Page, account_id: str) -> None:
    """Every fault is told, and what was typed is still there."""
    expect(page.locator("#domains")).to_contain_text("astro-rivet.datakin.com")
    page.get_by_label("AWS account ID").fill("7200-0000-00")
    page.locator("[name=account_is_dedicated]").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is something to correct")
    expect(page.get_by_label("AWS account ID")).to_have_value("7200-0000-00")
    expect(page.locator("[name=account_is_dedicated]")).to_be_checked()
    expect(page.locator("[name=domains_allowed]")).not_to_be_checked()
    steps.answer_account(page, f"{account_id[:4]}-{account_id[4:8]}-{account_id[8:]}")


def stumble_through_cluster(page: Page, cluster: str) -> None:
    page.get_by_label("Cluster name").fill(f"{cluster} new")
    page.get_by_label("AWS Region").select_option("ap-east-1")
    page.get_by_label("Most nodes at once").fill("200")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("#id_cluster_name_error")).to_be_visible()
    expect(page.locator("#id_max_nodes_error")).to_be_visible()
    expect(page.get_by_label("Cluster name")).to_have_value(f"{cluster} new")
    expect(page.get_by_label("AWS Region")).to_have_value("ap-east-1")
    page.get_by_label("Most nodes at once").fill("20")
    expect(page.locator("#preview")).to_contain_text("20 × 4 = 80 vCPU")
    steps.answer_cluster(page, cluster)


def get_the_role_created(page: Page, account: CustomerAccount) -> None:
    steps.have_it_created(page, account.credentials())
    steps.mark(page)
    steps.watch_the_proofs(page)
    assert steps.is_still_the_same_page(page)


def submit(page: Page, inbox: Inbox, cluster: str) -> None:
    steps.submit(page)
    inbox.read(f"{cluster}: submitted", to=OWNER, saying="There is nothing for you to do now.")
    mail = inbox.read(f"To review: {cluster}", to=SUPPORT_ADDRESS, saying="Rivet Data submitted")
    assert any("/admin/" in link for link in mail.links)


def send_back(support: Page, inbox: Inbox, cluster: str) -> None:
    desk.sign_in(support)
    desk.open_dossier(support, cluster)
    desk.act(support, "Claim", "In review")
    inbox.read(f"{cluster}: the review has begun", to=OWNER, saying="Somebody from Astronomer")
    desk.ask_for_changes(support, max_nodes="Please allow 30, as your contract says.")


def change_and_submit_again(page: Page, inbox: Inbox, address: str, cluster: str) -> None:
    """The wish stands beside its field; the check that relied on the answer has to run again."""
    mail = inbox.read(f"{cluster}: please change", to=OWNER, saying="Please allow 30, as your")
    page.goto(next(link for link in mail.links if address in link))
    page.get_by_role("main").get_by_role("link", name="Your cluster").click()
    expect(page.locator("#id_max_nodes_wanted")).to_contain_text("Please allow 30")
    page.get_by_label("Most nodes at once").fill("30")
    steps.go_on(page, "Check your account")
    stale = page.locator("#result-node_quota .tag")
    expect(stale).to_have_text("Check again")
    expect(page.locator("#result-region_enabled .tag")).to_have_text("Passed")
    page.get_by_role("button", name="Check again").click()
    steps.watch_the_checks(page)
    expect(stale).to_have_text("Passed")
    steps.continue_to_review(page)
    steps.submit(page)
    inbox.read(f"{cluster}: submitted", to=OWNER, saying="There is nothing for you to do now.")
    inbox.read(f"To review: {cluster}", to=SUPPORT.email, saying="Rivet Data submitted")


def build(support: Page, inbox: Inbox, cluster: str) -> None:
    desk.open_dossier(support, cluster)
    expect(support.get_by_text("Changes made (1)")).to_be_visible()
    desk.act(support, "Claim", "In review")
    inbox.read(f"{cluster}: the review has begun", to=OWNER, saying="Somebody from Astronomer")
    desk.act(support, "Start building", "Support is building")
    inbox.read(f"{cluster}: support is building", to=OWNER, saying="one to three hours")
    desk.report_cluster(support)
    desk.act(support, "Report ready", "Ready")


def confirm(page: Page, inbox: Inbox, address: str, cluster: str) -> None:
    """The status page has followed by itself; its last button is the customer's."""
    expect(page.get_by_role("main")).to_contain_text("Your cluster is ready.")
    mail = inbox.read(f"{cluster} is ready", to=OWNER, saying="Create a Deployment in Astro")
    page.goto(next(link for link in mail.links if address in link))
    page.get_by_role("button", name="It is there, all works").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")
    inbox.read(f"Confirmed: {cluster}", to=SUPPORT.email, saying="is there and works")

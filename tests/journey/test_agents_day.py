"""A day of support's: claim, ask, see what changed, let a check pass, note, build, report, close."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.conftest import NewPage
from tests.harness.simulator import Simulator
from tests.journey import desk, steps
from tests.journey.cloud import new_account, with_small_quotas

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def fill_in(page: Page, action: str, label: str, text: str) -> None:
    """An act with one box."""
    page.get_by_role("link", name=action, exact=True).click()
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name=action, exact=True).click()


def test_from_the_queue_to_a_confirmed_cluster(
    page: Page, new_page: NewPage, cloud: Simulator
) -> None:
    customer, support = page, new_page()
    steps.sign_in(customer, FRESH_OWNER.email)
    desk.sign_in(support)
    account = with_small_quotas(new_account(cloud))
    address = steps.answer_three_steps(customer, account.account_id, "agents-day")
    steps.have_it_created(customer, account.credentials())
    steps.watch_the_proofs(customer)
    steps.open_step(customer, "Check your account")
    steps.watch_until_checked(customer)

    # Two quotas stop the customer. AWS has agreed on the telephone, so a lead lets them pass.
    desk.open_dossier(support, "agents-day")
    for number in (1, 2):
        support.get_by_role("link", name="Let a check pass").click()
        support.get_by_role("radio").first.check()
        support.get_by_label("Why it may pass").fill(f"AWS has agreed, call {number}.")
        support.get_by_role("button", name="Let a check pass").click()
        expect(support.locator(".messagelist .success")).to_contain_text("Let pass.")
    expect(support.get_by_text("AWS has agreed, call 1.").first).to_be_visible()
    customer.reload()
    expect(customer.locator("#live")).to_contain_text("Support lets this pass: AWS has agreed")
    customer.goto(f"{address}steps/review/")
    steps.submit(customer)

    desk.open_dossier(support, "agents-day")
    desk.act(support, "Claim", "In review")
    fill_in(support, "Write a note", "Note among support", "Rings twice a day.")
    expect(support.get_by_text("Rings twice a day.")).to_be_visible()
    desk.ask_for_changes(support, max_nodes="Please plan for eleven.")

    customer.goto(f"{address}steps/cluster/")
    expect(customer.get_by_text("Please plan for eleven.")).to_be_visible()
    customer.get_by_label("Most nodes at once").fill("11")
    customer.get_by_role("button", name="Save and continue").click()
    customer.goto(f"{address}steps/checks/")
    expect(customer.get_by_text("Rings twice a day.")).to_have_count(0)

    # The quotas are about another number of nodes now: what was let pass is to be let pass anew.
    customer.get_by_role("button", name="Check again").click()
    steps.watch_until_checked(customer)
    let_all_pass(support)
    customer.goto(f"{address}steps/review/")
    steps.submit(customer)

    desk.open_dossier(support, "agents-day")
    desk.act(support, "Claim", "In review")
    expect(support.get_by_text("Submitted 2 times")).to_be_visible()
    desk.act(support, "Start building", "Support is building")
    desk.report_cluster(support, ips="52.1.2.3, 52.1.2.4")
    desk.act(support, "Report ready", "Ready")
    customer.goto(address)
    customer.get_by_role("button", name="It is there, all works").click()
    expect(customer.get_by_text("Confirmed").first).to_be_visible()
    support.reload()
    desk.says_status(support, "Confirmed")
    expect(support.get_by_text("Nobody, for").first).to_be_visible()


def let_all_pass(support: Page) -> None:
    """Whatever stops the installation still."""
    desk.open_dossier(support, "agents-day")
    while support.get_by_role("link", name="Let a check pass").count():
        support.get_by_role("link", name="Let a check pass").click()
        support.get_by_role("radio").first.check()
        support.get_by_label("Why it may pass").fill("AWS has agreed for eleven.")
        support.get_by_role("button", name="Let a check pass").click()
        expect(support.locator(".messagelist .success")).to_contain_text("Let pass.")

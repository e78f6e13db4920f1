"""A day of support's: claim, ask, see what changed, let a check pass, note, build, report, close."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.conftest import NewPage
from tests.harness.simulator import Simulator
from tests.journey import desk, steps
from tests.journey.cloud import new_account, with_small_quotas

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


CLUSTER = "agents-day"
NOTE = "Rings twice a day."


def fill_in(page: Page, action: str, label: str, text: str) -> None:
    """An act with one box."""
    page.get_by_role("link", name=action, exact=True).click()
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name=action, exact=True).click()


def test_from_the_queue_to_a_confirmed_cluster(
    page: Page, new_page: NewPage, cloud: Simulator
) -> None:
    support = new_page()
    steps.sign_in(page, FRESH_OWNER.email)
    desk.sign_in(support)
    address = stopped_by_quotas(page, cloud)
    let_all_pass(support, "AWS has agreed on the telephone.")
    page.reload()
    expect(page.locator("#live")).to_contain_text("Support lets this pass: AWS has agreed")
    hand_in(page, address)
    send_back(support)
    change(page, address)
    # The quotas are about another number of nodes now: what was let pass is to be let pass anew.
    let_all_pass(support, "AWS has agreed to eleven.")
    hand_in(page, address)
    build(support)
    page.goto(address)
    page.get_by_role("button", name="It is there, all works").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")
    support.reload()
    desk.says_status(support, "Confirmed")
    expect(support.get_by_text("Nobody, for").first).to_be_visible()


def stopped_by_quotas(page: Page, cloud: Simulator) -> str:
    """Everything is answered and the role is there; two quotas are in the way."""
    account = with_small_quotas(new_account(cloud))
    address = steps.answer_three_steps(page, account.account_id, CLUSTER)
    steps.have_it_created(page, account.credentials())
    steps.watch_the_proofs(page)
    steps.open_step(page, "Check your account")
    steps.watch_until_checked(page)
    return address


def let_all_pass(support: Page, reason: str) -> None:
    """Whatever stops the installation still."""
    desk.open_dossier(support, CLUSTER)
    act = support.get_by_role("link", name="Let a check pass")
    expect(act).to_be_visible()
    while act.count():
        act.click()
        support.get_by_role("radio").first.check()
        support.get_by_label("Why it may pass").fill(reason)
        support.get_by_role("button", name="Let a check pass").click()
        expect(support.locator(".messagelist .success")).to_contain_text("Let pass.")


def hand_in(page: Page, address: str) -> None:
    page.goto(f"{address}steps/review/")
    steps.submit(page)


def send_back(support: Page) -> None:
    desk.open_dossier(support, CLUSTER)
    desk.act(support, "Claim", "In review")
    fill_in(support, "Write a note", "Note among support", NOTE)
    expect(support.get_by_text(NOTE)).to_be_visible()
    desk.ask_for_changes(support, max_nodes="Please plan for eleven.")


def change(page: Page, address: str) -> None:
    page.goto(f"{address}steps/cluster/")
    expect(page.get_by_text("Please plan for eleven.")).to_be_visible()
    expect(page.get_by_text(NOTE)).to_have_count(0)
    page.get_by_label("Most nodes at once").fill("11")
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{address}steps/checks/")
    page.get_by_role("button", name="Check again").click()
    steps.watch_until_checked(page)


def build(support: Page) -> None:
    desk.open_dossier(support, CLUSTER)
    desk.act(support, "Claim", "In review")
    expect(support.get_by_text("Submitted 2 times")).to_be_visible()
    desk.act(support, "Start building", "Support is building")
    desk.report_cluster(support, ips="52.1.2.3, 52.1.2.4")
    desk.act(support, "Report ready", "Ready")

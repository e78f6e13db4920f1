"""The tour of support's desk, and of what the customer sees of it."""

from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.harness import stand_in as other_side
from tests.journey import desk, steps
from tests.journey.cloud import new_account, with_small_quotas
from tests.journey.tour import Tour, stand_in, to_the_checks

SAMPLE_SECRET = "whsec_" + "abcd2345" * 4
"""Stands in pictures for the secret that deliveries are signed with."""


def worked_on(tour: Tour) -> None:
    """An installation that support helps along, and sends back."""
    with tour.visitor(FRESH_OWNER.email) as page, tour.visitor() as support:
        cluster = tour.cluster("reports")
        to_the_checks(page, with_small_quotas(new_account(tour.cloud)), cluster)
        address = page.url.split("steps/")[0]
        desk.sign_in(support)
        let_pass(tour, support, cluster)
        page.reload()
        expect(page.locator("#live")).to_contain_text("Support lets this pass")
        tour.look(page, "checks-let-pass")
        page.goto(f"{address}steps/review/")
        steps.submit(page)
        page.get_by_role("textbox", name="Message").fill("Is there a window on Friday?")
        page.get_by_role("button", name="Send to support").click()
        in_bulk(tour, support, cluster)
        reviewed(tour, support, cluster)
        page.goto(address)
        desk.says_status(page, "Changes")
        tour.look(page, "status-with-messages")
        beside_it(tour, page, address)


def let_pass(tour: Tour, support: Page, cluster: str) -> None:
    """Both quotas, as AWS has agreed on the telephone."""
    desk.open_dossier(support, cluster)
    for number in (1, 2):
        desk.choose(support, "Let a check pass")
        if number == 1:
            support.get_by_role("button", name="Let a check pass").click()
            expect(support.get_by_role("alert").first).to_be_visible()
            tour.look(support, "desk-let-pass")
        support.get_by_role("radio").first.check()
        support.get_by_label("Why it may pass").fill(f"AWS has agreed, case 1730{number}.")
        support.get_by_role("button", name="Let a check pass").click()
        expect(support.locator(".messagelist .success")).to_contain_text("Let pass.")


def in_bulk(tour: Tour, support: Page, cluster: str) -> None:
    """Given to somebody from the queue, which claims it for them."""
    support.goto(f"{desk.QUEUE}?q={cluster}")
    support.get_by_role("checkbox", name=f"Choose {cluster}").check()
    support.get_by_role("button", name="Assign").click()
    tour.look(support, "desk-bulk")
    support.get_by_label("Give them to").select_option(index=1)
    support.get_by_role("button", name="Assign").click()
    expect(support.get_by_role("heading", level=1)).to_contain_text("Assigned: 1 of 1")


def reviewed(tour: Tour, support: Page, cluster: str) -> None:
    """Answered, noted, and sent back; then what else is known of it."""
    desk.open_dossier(support, cluster)
    support.get_by_role("textbox", name="Message").fill("Friday at 14:00 UTC suits us.")
    support.get_by_role("button", name="Send to the customer").click()
    expect(support.locator(".talk")).to_contain_text("Friday at 14:00 UTC suits us.")
    desk.open_dossier(support, cluster)
    desk.choose(support, "Write a note")
    support.get_by_label("Note among support").fill("Rings on Fridays.")
    support.get_by_role("button", name="Write a note").click()
    expect(support.get_by_text("Rings on Fridays.")).to_be_visible()
    desk.choose(support, "Assign")
    tour.look(support, "desk-assign")
    support.get_by_role("link", name="Back").click()
    desk.ask_for_changes(support, max_nodes="Please plan for eleven.")
    tour.look(support, "desk-dossier")
    support.get_by_role("link", name="People, quotas, mails and AWS calls").click()
    tour.look(support, "desk-log")


def beside_it(tour: Tour, page: Page, address: str) -> None:
    """What the status page leads to."""
    for name in ("conversation", "reminders", "evidence"):
        page.goto(f"{address}{name}/")
        tour.look(page, name)
    page.goto(f"{address}role/update/")
    tour.look(page, "role-update")


def around(tour: Tour) -> None:
    """The desk's pages that are about no installation."""
    with tour.visitor() as support:
        desk.sign_in(support)
        for name, where in (
            ("desk-index", "/admin/"),
            ("desk-mails", "/admin/onboarding/mail/preview/"),
            ("desk-mail", "/admin/onboarding/mail/preview/submitted/"),
            ("desk-policies", "/admin/onboarding/policyversion/"),
            ("desk-deliveries", "/admin/onboarding/delivery/"),
        ):
            support.goto(where)
            tour.look(support, name)
        support.goto("/admin/onboarding/policyversion/")
        support.locator("#result_list").get_by_role("link", name="Version 1", exact=True).click()
        expect(support.get_by_role("heading", level=1)).to_contain_text("version 1")
        tour.look(support, "desk-policy")


def webhooks(tour: Tour) -> None:
    with tour.visitor(FRESH_OWNER.email) as page, other_side.running() as receiver:
        receiver.routes["/astro"] = lambda asked: other_side.Answer("ok", kind="text/plain")
        page.locator("details.menu summary").click()
        page.get_by_role("link", name="Organization", exact=True).click()
        expect(steps.heading(page, "Fresh Data")).to_be_visible()
        home = f"{page.url}webhooks/"
        page.goto(f"{home}new/")
        steps.confirm_identity(page)
        expect(steps.heading(page, "Add a webhook")).to_be_visible()
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        tour.look(page, "webhook-new")
        name = f"Operations {tour.prefix}"
        page.get_by_label("Name").fill(name)
        page.get_by_label("Address").fill(f"{receiver.url}/astro")
        page.get_by_role("button", name="Add").click()
        stand_in(page, "#webhook-secret", SAMPLE_SECRET)
        tour.look(page, "webhook-secret")
        page.get_by_role("link", name="I have it").click()
        page.get_by_role("button", name="Send a test").click()
        watch_it_arrive(page)
        tour.look(page, "webhook")
        page.goto(home)
        tour.look(page, "webhooks")
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name="Remove").click()
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()


def watch_it_arrive(page: Page) -> None:
    """The log is a page to read: it does not renew itself."""
    for _ in range(60):
        if page.get_by_text("Delivered").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Delivered")).to_be_visible()


STRETCHES = (worked_on, around, webhooks)

"""The tour of handing the access step to a colleague, and of renewing the external ID."""

from playwright.sync_api import Page, expect

from tests.journey import colleagues, steps
from tests.journey.cloud import CustomerAccount, new_account
from tests.journey.tour import SAMPLE_ID, Tour, stand_in


def handed_over(tour: Tour) -> None:
    email = f"grace@{tour.prefix}-aws.example"
    account = new_account(tour.cloud)
    with tour.visitor() as page, tour.visitor() as theirs:
        steps.sign_up(page, tour.inbox, f"ada@{tour.prefix}-handover.example")
        steps.found_organization(page, tour.prefix.title(), f"{tour.prefix}-handover")
        steps.give_name(page, "Ada Lovelace")
        address = steps.answer_three_steps(page, account.account_id, tour.cluster("shared"))
        page.goto(f"{address}handovers/")
        tour.look(page, "handovers-none")
        page.get_by_label("Their e-mail address").fill("grace")
        page.get_by_role("button", name="Send the link").click()
        tour.look(page, "handovers-error")
        withdrawn(tour, page, theirs, address, account)
        colleagues.hand_over(page, address, email)
        link = colleagues.open_link(theirs, tour.inbox, email, account.account_id)
        in_their_hands(tour, theirs, email)
        page.reload()
        page.get_by_text("Who opened it when").first.click()
        tour.look(page, "handovers")
        page.goto(f"{address}steps/access/")
        steps.have_it_created(page, account.credentials())
        steps.watch_the_proofs(page)
        theirs.goto(link)
        tour.look(theirs, "handover-done")
        renewed(tour, page, theirs, address, account)


def withdrawn(tour: Tour, page: Page, theirs: Page, address: str, account: CustomerAccount) -> None:
    """A link that was sent to the wrong person."""
    email = f"eve@{tour.prefix}-aws.example"
    colleagues.hand_over(page, address, email)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn. The link")).to_be_visible()
    colleagues.open_link(theirs, tour.inbox, email, account.account_id)
    tour.look(theirs, "handover-gone")


def in_their_hands(tour: Tour, theirs: Page, email: str) -> None:
    tour.look(theirs, "handover")
    theirs.get_by_role("button", name="Send the code").click()
    theirs.get_by_label("Code from the mail").fill("000000")
    theirs.get_by_role("button", name="Confirm").click()
    expect(theirs.get_by_role("alert").first).to_be_visible()
    tour.look(theirs, "handover-wrong-code")
    tour.inbox.read("Your code", to=email, saying="ten minutes")
    theirs.get_by_role("button", name="Send another code").click()
    expect(theirs.get_by_role("status").first).to_contain_text("Code sent")
    colleagues.type_code(theirs, tour.inbox, email)
    theirs.get_by_role("button", name="Show the external ID").click()
    stand_in(theirs, "#external-id", SAMPLE_ID)
    tour.look(theirs, "handover-external-id")


def renewed(tour: Tour, page: Page, theirs: Page, address: str, account: CustomerAccount) -> None:
    page.get_by_role("link", name="Renew it").click()
    tour.look(page, "renewal")
    page.get_by_role("button", name="Renew the external ID").click()
    if "reauthenticate" in page.url:
        steps.confirm_identity(page)
    expect(steps.heading(page, "The external ID is being renewed")).to_be_visible()
    tour.look(page, "renewal-under-way")
    page.goto(f"{address}steps/access/")
    opens = page.locator("#result-role_opens")
    expect(opens).to_contain_text("still opens with the former external ID", timeout=60_000)
    tour.look(page, "access-renewing")
    email = f"grace@{tour.prefix}-update.example"
    colleagues.hand_over(page, address, email)
    colleagues.open_link(theirs, tour.inbox, email, account.account_id)
    tour.look(theirs, "handover-update")


STRETCHES = (handed_over,)

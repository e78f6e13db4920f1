"""A colleague with AWS rights, and no account with us, creates the role; later the ID is renewed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.conftest import NewPage
from tests.journey import colleagues, steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
PATIENCE = 60_000


def test_without_scripts_a_colleague_creates_the_role_and_both_sides_hear_of_it(
    page: Page,
    page_without_scripts: Page,
    account: CustomerAccount,
    cluster: str,
    inbox: Inbox,
    tmp_path: Path,
) -> None:
    colleague, theirs = f"{cluster}@colleague.example", page_without_scripts
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.answer_three_steps(page, account.account_id, cluster)
    page.get_by_role("link", name="Hand this step to a colleague").click()
    colleagues.hand_over(page, address, colleague)
    link = colleagues.open_link(theirs, inbox, colleague, account.account_id)
    inbox.read(f"{colleague} opened", to=FRESH_OWNER.email, saying=colleague)
    colleagues.confirm_address(theirs, inbox, colleague)
    theirs.locator("#way-script").check()
    with theirs.expect_download() as downloading:
        theirs.get_by_role("button", name="Download, with the external ID").click()
    script = tmp_path / "create-astro-role.sh"
    downloading.value.save_as(script)
    account.run_script(script)
    # A download has ended the page's own reloading, which begins again with the next page.
    theirs.get_by_role("button", name="Look now").click()
    expect(theirs.get_by_role("heading", name="Thank you")).to_be_visible(timeout=PATIENCE)
    inbox.read("is done, the role is proved", to=FRESH_OWNER.email, saying=colleague)
    inbox.read("Thank you", to=colleague, saying="shows nothing more")
    theirs.goto(link)
    expect(theirs.get_by_role("button", name="Show the external ID")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("External ID shown")


def test_the_external_id_is_renewed_while_astro_goes_on(
    page: Page, account: CustomerAccount, cluster: str, inbox: Inbox, new_page: NewPage
) -> None:
    colleague, email = f"{cluster}@colleague.example", f"{cluster}@renewal.example"
    steps.sign_up(page, inbox, email)
    steps.found_organization(page, cluster, cluster)
    address = steps.answer_three_steps(page, account.account_id, cluster)
    steps.have_it_created(page, account.credentials())
    steps.watch_the_proofs(page)
    page.get_by_role("link", name="Renew it").click()
    page.get_by_role("button", name="Renew the external ID").click()
    if "reauthenticate" in page.url:
        steps.confirm_identity(page)
    expect(page.get_by_role("heading", name="The external ID is being renewed")).to_be_visible()
    command = page.locator("pre[id^=trust-]").text_content() or ""
    page.goto(f"{address}steps/access/")
    opens = page.locator("#result-role_opens")
    expect(opens).to_contain_text("still opens with the former external ID", timeout=PATIENCE)
    expect(page.get_by_role("heading", name="The role is there and safe")).to_be_visible()

    colleagues.hand_over(page, address, colleague)
    theirs = new_page()
    colleagues.open_link(theirs, inbox, colleague, account.account_id)
    colleagues.confirm_address(theirs, inbox, colleague)
    theirs.get_by_role("button", name="Show the external ID").click()
    colleagues.update(account, command, theirs.locator("#external-id").inner_text())
    theirs.get_by_role("button", name="Look now").click()
    expect(theirs.get_by_role("heading", name=re.compile("Thank you|Done"))).to_be_visible(
        timeout=PATIENCE
    )
    inbox.read("is retired", to=email, saying="Every role")
    page.goto(f"{address}steps/access/")
    expect(page.get_by_role("main")).not_to_contain_text("being renewed")

"""Every way to the role ends the same: the page shows the five proofs by itself."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from portal.demo.simulator.samples import UNSAFE_ROLE
from tests.conftest import NewPage
from tests.journey import steps
from tests.journey.cloud import CustomerAccount

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

EXTERNAL_ID = re.compile(r"astro-[a-z2-7]{32}")


def reach_access(page: Page, account_id: str, cluster: str) -> str:
    steps.sign_in(page, FRESH_OWNER.email)
    return steps.answer_three_steps(page, account_id, cluster)


def test_in_the_aws_console_the_stack_is_filled_in(
    page: Page, account: CustomerAccount, cluster: str
) -> None:
    reach_access(page, account.account_id, cluster)
    steps.mark(page)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open in AWS console").click()
    console = opened.value
    steps.confirm_identity(console)
    expect(console.get_by_role("heading", name="Quick create stack")).to_be_visible()
    filled_in = console.get_by_label("ExternalId")
    assert EXTERNAL_ID.fullmatch(filled_in.input_value()), "The external ID is not filled in."
    console.get_by_label("AWS account").select_option(account.account_id)
    console.get_by_label("I acknowledge").check()
    console.get_by_role("button", name="Create stack").click()
    expect(console.locator("#status")).to_have_text("CREATE_COMPLETE", timeout=60_000)
    page.bring_to_front()
    steps.watch_the_proofs(page)
    assert steps.is_still_the_same_page(page)


def test_the_downloaded_script_creates_the_role_with_the_aws_cli(
    page: Page, account: CustomerAccount, cluster: str, tmp_path: Path
) -> None:
    reach_access(page, account.account_id, cluster)
    page.locator("#way-script").check()
    page.get_by_role("button", name="Download, with your external ID").click()
    steps.confirm_identity(page)
    expect(page.locator("#way-script")).to_be_checked()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download, with your external ID").click()
    script = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(script)
    assert script.name == "create-astro-role.sh"
    steps.mark(page)
    account.run_script(script)
    steps.watch_the_proofs(page)
    assert steps.is_still_the_same_page(page)


def test_the_terraform_module_is_downloaded_and_the_page_waits_for_its_role(
    page: Page, account: CustomerAccount, cluster: str, tmp_path: Path
) -> None:
    address = reach_access(page, account.account_id, cluster)
    expect(page.get_by_role("button", name="Download the module")).to_be_hidden()
    page.get_by_role("radio", name="Terraform").check()
    expect(page.get_by_role("button", name="Open in AWS console")).to_be_hidden()
    panel = page.get_by_role("region", name="Terraform")
    expect(panel).to_contain_text("TF_VAR_external_id")
    with page.expect_download() as downloading:
        panel.get_by_role("button", name="Download the module").click()
    module = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(module)
    assert module.name == "astro-role.tf"
    assert 'variable "external_id"' in module.read_text()
    assert not EXTERNAL_ID.search(module.read_text()), "The module holds an external ID."
    panel.get_by_text("Send it to a colleague").click()
    expect(panel.get_by_text("terraform apply").last).to_be_visible()
    page.goto(f"{address}steps/access/")
    expect(page.get_by_role("radio", name="Terraform")).to_be_checked()
    steps.watch_the_row(page, "role_exists", "Waiting")


def test_a_role_made_beforehand_as_the_guide_says_is_found_with_nothing_typed(
    page: Page, account: CustomerAccount, cluster: str, new_page: NewPage
) -> None:
    owner = new_page()
    steps.sign_in(owner, FRESH_OWNER.email)
    account.create_role_as_the_guide_says(steps.external_id(owner))
    reach_access(page, account.account_id, cluster)
    steps.mark(page)
    steps.watch_the_proofs(page)
    assert steps.is_still_the_same_page(page)


def test_a_role_that_opens_without_the_external_id_is_refused_with_the_reason(
    page: Page, cluster: str
) -> None:
    address = reach_access(page, UNSAFE_ROLE, cluster)
    refusal = page.locator("#result-role_refuses_without")
    expect(refusal.locator(".tag")).to_have_text("Fix this", timeout=60_000)
    expect(refusal).to_contain_text("external ID")
    live = page.locator("#live")
    expect(live).not_to_contain_text("The role is there and safe")
    expect(live.get_by_role("link", name="Continue")).to_have_count(0)
    page.goto(f"{address}steps/review/")
    expect(page.get_by_role("button", name="Submit to support")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Still to do before you can submit")

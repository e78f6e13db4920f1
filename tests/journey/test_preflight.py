"""Before any access: the script from the page, run with the AWS CLI, and its report handed in."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.journey import steps
from tests.journey.cloud import CustomerAccount

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def report_of(page: Page, account: CustomerAccount, folder: Path) -> Path:
    """Download the script and run it, as in CloudShell."""
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the script").click()
    script = folder / downloading.value.suggested_filename
    downloading.value.save_as(script)
    subprocess.run(
        [shutil.which("sh") or "sh", script],
        env=account.environment(), cwd=folder, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return folder / f"astro-preflight-{account.account_id}.json"


def to_the_preflight(page: Page, account: CustomerAccount) -> str:
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.start(page)
    steps.answer_account(page, account.account_id)
    page.get_by_role("link", name="Find out before you give access").click()
    expect(steps.heading(page, "Find out before you give access")).to_be_visible()
    return address


def test_a_report_uploaded_and_one_pasted_fill_the_checks_page_without_scripts(
    page_without_scripts: Page, account: CustomerAccount, tmp_path: Path
) -> None:
    page = page_without_scripts
    address = to_the_preflight(page, account)
    report = report_of(page, account, tmp_path)

    page.get_by_role("button", name="Hand in the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file with the report")

    page.get_by_label("The report as a file").set_input_files(report)
    page.get_by_role("button", name="Hand in the report").click()
    expect(steps.heading(page, "Check your account")).to_be_visible()
    expect(steps.row(page, "on_demand_quota")).to_contain_text("Reported by you")
    expect(steps.row(page, "on_demand_quota")).to_contain_text("Passed")
    page.goto(f"{address}steps/review/")
    expect(page.get_by_role("button", name="Submit to support")).to_have_count(0)
    missing = page.get_by_role("main").get_by_role("listitem")
    expect(missing.get_by_role("link", name="Give Astro access")).to_be_visible()
    expect(missing.get_by_role("link", name="Check your account")).to_be_visible()

    page.goto(f"{address}preflight/")
    smaller = report.read_text().replace("256.0", "5.0")
    page.get_by_label("Or everything in it, pasted").fill(f"$ cat report\n{smaller}\n$ ")
    page.get_by_role("button", name="Hand in the report").click()
    expect(steps.row(page, "on_demand_quota")).to_contain_text("5 vCPU in us-east-1")
    expect(steps.row(page, "on_demand_quota")).to_contain_text("Blocks")


def test_with_scripts_the_script_is_copied_and_what_is_wrong_gets_the_focus(
    page: Page, account: CustomerAccount
) -> None:
    to_the_preflight(page, account)
    page.get_by_text("Read the script").click()
    page.get_by_role("button", name="Copy the script").click()
    expect(page.locator("#announce")).not_to_be_empty()
    page.get_by_label("Or everything in it, pasted").fill("<script>alert(1)</script>")
    page.get_by_role("button", name="Hand in the report").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.get_by_label("Or everything in it, pasted")).to_have_value(
        "<script>alert(1)</script>"
    )

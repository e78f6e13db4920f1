"""What the portal did in the account can be read, taken along, and watched from the inside."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER
from tests.journey import steps
from tests.journey.cloud import CustomerAccount

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def test_the_role_is_watched_by_an_alarm_and_every_call_is_listed(
    page: Page, account: CustomerAccount, cluster: str, tmp_path: Path
) -> None:
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.answer_three_steps(page, account.account_id, cluster)
    steps.have_it_created(page, account.credentials())
    steps.watch_the_proofs(page)

    page.get_by_role("link", name="have an alarm tell you").click()
    expect(steps.heading(page, "Watch the role for changes")).to_be_visible()
    page.locator("#way-for_me").check()
    page.get_by_label("E-mail address").fill(FRESH_OWNER.email)
    steps.paste_credentials(page, account.credentials())
    page.get_by_role("button", name="Set up the alarm").click()
    expect(page.get_by_text("The role is watched.")).to_be_visible(timeout=60_000)
    assert "astro" in account.run("aws", "cloudwatch", "describe-alarms").lower()

    page.goto(f"{address}steps/access/")
    page.get_by_role("link", name="Every AWS call").click()
    expect(steps.heading(page, "AWS calls made for you")).to_be_visible()
    page.get_by_label("Service").select_option("iam")
    page.get_by_role("button", name="Show").click()
    table = page.get_by_role("table")
    expect(table).to_contain_text("CreateRole")
    expect(table).not_to_contain_text("AssumeRole")

    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV, for a spreadsheet").click()
    downloading.value.save_as(tmp_path / "calls.csv")
    with (tmp_path / "calls.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["service"] for row in rows} == {"iam"}
    assert "CreateRole" in {row["action"] for row in rows}

"""The account lacks what it needs: one click for each thing, and the page follows by itself."""

import pytest
from playwright.sync_api import Page, expect

from onboarding.facts import ON_DEMAND_QUOTA, SPOT_QUOTA
from portal.demo.people import FRESH_OWNER
from portal.demo.simulator.samples import BRAND_NEW, HONG_KONG_OFF, NOT_CLEAN
from tests.harness.simulator import Simulator
from tests.journey import steps
from tests.journey.cloud import CustomerAccount
from tests.journey.inbox import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

QUOTAS = {"on_demand_quota": (ON_DEMAND_QUOTA, 80), "spot_quota": (SPOT_QUOTA, 40)}
"""By check, the quota and what a cluster of 20 nodes of m5.xlarge asks of it."""
AWS_SECONDS = 90
"""The portal looks every half a minute what AWS has decided."""


def to_the_checks(
    page: Page, cloud: Simulator, account_id: str, cluster: str, region: str = "us-east-1"
) -> str:
    """With the role created, to the results of the checks; gives the installation's address."""
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.answer_three_steps(page, account_id, cluster, region)
    steps.have_it_created(page, CustomerAccount(cloud, account_id).credentials())
    steps.watch_the_proofs(page)
    steps.open_step(page, "Check your account")
    steps.watch_until_checked(page)
    return address


def test_quotas_are_asked_of_aws_and_their_rows_turn_green_once_it_grants_them(
    page: Page, cloud: Simulator, cluster: str, inbox: Inbox
) -> None:
    address = to_the_checks(page, cloud, BRAND_NEW, cluster)
    for check, (_, desired) in QUOTAS.items():
        expect(steps.row(page, check)).to_contain_text("5 vCPU in us-east-1")
        steps.watch_the_row(page, check, "Blocks")
        steps.take_up(page, check, f"Ask AWS for {desired}")
    page.goto(f"{address}steps/review/")
    expect(page.get_by_role("button", name="Submit to support")).to_have_count(0)
    page.goto(f"{address}steps/checks/")
    steps.mark(page)
    for check in QUOTAS:
        steps.watch_the_row(page, check, "Waiting")  # asked, and the checks have run again
    asked = page.get_by_role("region", name="Asked of AWS")
    expect(asked.get_by_role("listitem")).to_have_count(len(QUOTAS))
    cloud.knobs(
        quota_requests=[
            {"account": BRAND_NEW, "region": "us-east-1", "code": code, "status": "APPROVED"}
            for code, _ in QUOTAS.values()
        ]
    )
    for check, (_, desired) in QUOTAS.items():
        steps.watch_the_row(page, check, "Passed", AWS_SECONDS)
        expect(steps.row(page, check)).to_contain_text(f"{desired} vCPU in us-east-1")
    steps.watch_the_checks(page)
    assert steps.is_still_the_same_page(page)
    told = [
        inbox.read("AWS granted the quota", to=FRESH_OWNER.email, saying="You asked for ").text
        for _ in QUOTAS
    ]
    for _, desired in QUOTAS.values():
        assert any(f"You asked for {desired};" in text for text in told)


def test_a_free_range_is_taken_with_one_click_where_the_chosen_one_overlaps(
    page: Page, cloud: Simulator, cluster: str
) -> None:
    address = to_the_checks(page, cloud, NOT_CLEAN, cluster)
    overlap = steps.row(page, "astro_cidr_free")
    expect(overlap).to_contain_text("172.20.0.0/19 overlaps")
    steps.watch_the_row(page, "astro_cidr_free", "Blocks")
    steps.take_up(page, "astro_cidr_free", "Use 172.16.0.0/19")
    expect(page.get_by_text("The checks run again with the new answer.")).to_be_visible()
    steps.watch_the_row(page, "astro_cidr_free", "Passed")
    expect(overlap).to_contain_text("172.16.0.0/19 is free.")
    page.goto(f"{address}steps/network/")
    expect(page.get_by_label("CIDR block of the Astro VPC")).to_have_value("172.16.0.0/19")


def test_a_region_that_is_off_is_turned_on_from_the_page(
    page: Page, cloud: Simulator, cluster: str, inbox: Inbox
) -> None:
    to_the_checks(page, cloud, HONG_KONG_OFF, cluster, "ap-east-1")
    steps.watch_the_row(page, "region_enabled", "Blocks")
    steps.take_up(page, "region_enabled", "Turn ap-east-1 on")
    steps.mark(page)
    expect(page.get_by_role("region", name="Turning the Region on")).to_be_visible()
    steps.watch_the_row(page, "region_enabled", "Passed", AWS_SECONDS)
    expect(page.get_by_role("region", name="Turning the Region on")).to_have_count(0)
    assert steps.is_still_the_same_page(page)
    inbox.read("ap-east-1 is turned on", to=FRESH_OWNER.email, saying="has turned the Region")

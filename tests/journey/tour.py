"""A tour of every page in the states a person meets it in.

`show(name)` is called on each; the tests of accessibility inspect it, the screenshots take it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER, MEMBER
from portal.demo.simulator.samples import UNSAFE_ROLE
from tests.facts import reports
from tests.harness.simulator import Simulator
from tests.journey import desk, steps
from tests.journey.cloud import CustomerAccount, new_account, with_small_quotas
from tests.journey.inbox import Inbox

SAMPLE_ID = "astro-" + "abcd2345" * 4
"""Stands in pictures for the real external ID."""


@dataclass
class Tour:
    """`open_page` gives the page of a new visitor; `show` takes the page and its name."""

    cloud: Simulator
    inbox: Inbox
    open_page: Callable[[], Page]
    look: Callable[[Page, str], None]
    prefix: str = "tour"

    @contextmanager
    def visitor(self, email: str = "") -> Iterator[Page]:
        page = self.open_page()
        if email:
            steps.sign_in(page, email)
        yield page
        page.context.close()

    def cluster(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def reviewed(self, page: Page, name: str) -> str:
        """An installation of a healthy new account, at its review page; gives its address."""
        account = new_account(self.cloud)
        return steps.all_the_way(
            page, account.account_id, self.cluster(name), account.credentials()
        )


def stand_in(page: Page, selector: str, text: str) -> None:
    """Show `text` where something secret stands, for a picture is looked at by many."""
    page.locator(selector).evaluate("(shown, text) => { shown.textContent = text }", text)


def entrance(tour: Tour) -> None:
    with tour.visitor() as page:
        page.goto("/accounts/login/")
        tour.look(page, "sign-in")
        page.goto("/accounts/signup/")
        tour.look(page, "sign-up")
    with tour.visitor(MEMBER.email) as page:
        tour.look(page, "home")
        page.goto("/permissions/")
        tour.look(page, "permissions")
        page.get_by_label("Find a service").fill("s3:DeleteBucket")
        expect(page.locator("#found").get_by_role("status")).to_contain_text("found for")
        tour.look(page, "permissions-search")


def organization(tour: Tour) -> None:
    with tour.visitor(FRESH_OWNER.email) as page:
        steps.external_id(page)
        stand_in(page, "#external-id", SAMPLE_ID)
        tour.look(page, "external-id-shown")


def questions(tour: Tour) -> None:
    with tour.visitor(FRESH_OWNER.email) as page:
        steps.start(page)
        tour.look(page, "account-empty")
        page.get_by_label("AWS account ID").fill("2109-8765-43")
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("alert")).to_be_visible()
        tour.look(page, "account-error")
        steps.answer_account(page, new_account(tour.cloud).account_id)
        page.get_by_label("Cluster name").fill(tour.cluster("analytics"))
        page.get_by_label("AWS Region").select_option("ap-east-1")
        expect(page.locator("#preview")).to_contain_text("To enable")
        tour.look(page, "cluster-opt-in")
        steps.answer_cluster(page, tour.cluster("analytics"))
        page.get_by_role("radio", name="VPC peering").check()
        page.get_by_label("VPC ID or name").fill("vpc-0abc1234def567890")
        page.get_by_label("CIDR blocks").fill("10.1.0.0/16")
        expect(page.locator("#preview")).to_contain_text("10.1.0.0/16")
        tour.look(page, "network-peering")
        page.get_by_label("CIDR blocks").fill("172.20.8.0/22")
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("alert")).to_be_visible()
        tour.look(page, "network-error")


def before_access(tour: Tour) -> None:
    """What a report from the customer's own terminal tells."""
    with tour.visitor(FRESH_OWNER.email) as page:
        account_id = new_account(tour.cloud).account_id
        address = steps.answer_three_steps(page, account_id, tour.cluster("early"))
        page.goto(f"{address}preflight/")
        tour.look(page, "preflight")
        page.get_by_label("Or everything in it, pasted").fill("no report")
        page.get_by_role("button", name="Hand in the report").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        tour.look(page, "preflight-error")
        made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = reports.text(account_id=account_id, made_at=made_at)
        page.get_by_label("Or everything in it, pasted").fill(report)
        page.get_by_role("button", name="Hand in the report").click()
        expect(page.locator("#result-on_demand_quota")).to_contain_text("Reported by you")
        tour.look(page, "checks-reported")


def access(tour: Tour) -> None:
    with tour.visitor(FRESH_OWNER.email) as page:
        account = new_account(tour.cloud)
        address = steps.answer_three_steps(page, account.account_id, tour.cluster("waiting"))
        expect(page.locator("#result-role_exists")).to_be_visible(timeout=60_000)
        tour.look(page, "access-waiting")
        page.locator("#way-terraform").check()
        tour.look(page, "access-terraform")
        page.locator("#way-for_me").check()
        page.get_by_label("Access key ID").fill("AKIA")
        page.get_by_role("button", name="Create the role").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        tour.look(page, "access-error")
        steps.have_it_created(page, account.credentials())
        steps.watch_the_proofs(page)
        page.reload()  # as somebody finds it who comes back
        tour.look(page, "access-done")
        watched(tour, page, address)
        page.goto(f"{address}steps/access/")
        account.trust_everyone_at_the_vendor()
        steps.look_now(page)
        expect(page.locator("#live")).to_contain_text("The role has changed since we proved it")
        tour.look(page, "access-drifted")
        steps.answer_three_steps(page, UNSAFE_ROLE, tour.cluster("unsafe"))
        unsafe = page.locator("#result-role_refuses_without .tag")
        expect(unsafe).to_have_text("Fix this", timeout=60_000)
        tour.look(page, "access-unsafe")


def watched(tour: Tour, page: Page, address: str) -> None:
    """The alarm on the role, and the log of what Astro did with it."""
    page.goto(f"{address}monitoring/")
    tour.look(page, "monitoring")
    page.goto(f"{address}calls/")
    expect(page.get_by_role("table")).to_be_visible()
    tour.look(page, "calls")


def checks(tour: Tour) -> None:
    with tour.visitor(FRESH_OWNER.email) as page:
        small = with_small_quotas(new_account(tour.cloud))
        to_the_checks(page, small, tour.cluster("small"))
        expect(page.locator("#live").get_by_role("status")).to_contain_text("Two things need")
        tour.look(page, "checks-failed")
        steps.take_up(page, "on_demand_quota", "Ask AWS for 80")
        steps.take_up(page, "spot_quota", "Ask AWS for 40")
        expect(page.get_by_role("region", name="Asked of AWS")).to_be_visible()
        steps.watch_the_row(page, "spot_quota", "Waiting")
        tour.look(page, "checks-quota-asked")
        to_the_checks(page, new_account(tour.cloud), tour.cluster("abroad"), "ap-east-1")
        expect(page.locator("#result-region_enabled")).to_contain_text("Blocks")
        tour.look(page, "checks-region-off")


def to_the_checks(
    page: Page, account: CustomerAccount, cluster: str, region: str = "us-east-1"
) -> None:
    """With the role created, to the results of the checks."""
    steps.answer_three_steps(page, account.account_id, cluster, region)
    steps.have_it_created(page, account.credentials())
    steps.watch_the_proofs(page)
    steps.open_step(page, "Check your account")
    steps.watch_until_checked(page)


def submitted(tour: Tour) -> None:
    """The rest of the way, on both sides."""
    with tour.visitor(FRESH_OWNER.email) as page, tour.visitor() as support:
        address = tour.reviewed(page, "production")
        tour.look(page, "review")
        page.goto(f"{address}steps/checks/")
        tour.look(page, "checks-passed")
        page.goto(f"{address}steps/review/")
        steps.submit(page)
        tour.look(page, "status-submitted")
        desk.sign_in(support)
        support.goto(desk.QUEUE)
        tour.look(support, "desk-queue")
        desk.open_dossier(support, tour.cluster("production"))
        desk.act(support, "Claim", "In review")
        tour.look(support, "desk-dossier-claimed")
        support.get_by_role("link", name="Ask for changes").click()
        tour.look(support, "desk-ask-for-changes")
        support.get_by_role("link", name="Back").click()
        desk.act(support, "Start building", "Support is building")
        page.goto(address)
        desk.says_status(page, "Support is building")
        tour.look(page, "status-building")
        page.goto("/demo/mailbox/")
        tour.look(page, "mailbox")
        page.get_by_role("link", name=f"{tour.cluster('production')}: support is building").click()
        html = page.frame_locator("iframe").get_by_role("link", name="See the status")
        expect(html).to_be_visible()
        tour.look(page, "mail")


STRETCHES = (entrance, organization, questions, before_access, access, checks, submitted)

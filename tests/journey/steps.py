"""What the customer does, page by page. Each leaves the browser where a person would be."""

import re

from playwright.sync_api import Locator, Page, expect

from portal.demo.people import PASSWORD
from tests.journey.inbox import Inbox

expect.set_options(timeout=15_000)  # a loaded machine is slow; conditions end the waiting
PROOF_SECONDS = 60
PROOFS = (
    "role_exists", "role_opens", "role_refuses_without", "role_refuses_wrong", "role_permissions",
)  # fmt: skip
TICKS = ("account_is_dedicated", "status_page_subscribed", "domains_allowed")


def heading(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("heading", name=text, level=1)


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(admin/.*)?$"))


def sign_up(page: Page, inbox: Inbox, email: str) -> None:
    """With e-mail and password, and the link of the confirmation mail."""
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Create your sign-in").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(heading(page, "Look in your mail")).to_be_visible()
    mail = inbox.read("Confirm", to=email, saying="confirm")
    page.goto(next(link for link in mail.links if "confirm-email" in link))
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page, "Your Organization")).to_be_visible()


def found_organization(page: Page, name: str, short_name: str) -> None:
    page.get_by_label("Name of your Organization").fill(name)
    page.get_by_label("Short name").fill(short_name)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Install a cluster")).to_be_visible()


def give_name(page: Page, name: str) -> None:
    """Have colleagues see it instead of the address."""
    page.goto("/accounts/name/")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Save").click()
    expect(heading(page, "Your account")).to_be_visible()


def start(page: Page) -> str:
    """Start an installation; gives its address."""
    page.goto("/")
    page.get_by_role("button", name="Install a cluster").click()
    expect(heading(page, "Your AWS account")).to_be_visible()
    return page.url.split("steps/")[0]


def go_on(page: Page, to: str) -> None:
    """Save, and get to the step titled `to`."""
    page.get_by_role("button", name="Save and continue").click()
    expect(heading(page, to)).to_be_visible()


def answer_account(page: Page, account_id: str) -> None:
    page.get_by_label("AWS account ID").fill(account_id)
    for name in TICKS:
        page.locator(f"[name={name}]").check()
    go_on(page, "Your cluster")


def answer_cluster(page: Page, name: str, region: str = "us-east-1") -> None:
    page.get_by_label("Cluster name").fill(name)
    page.get_by_label("AWS Region").select_option(region)
    go_on(page, "Network")


def answer_network(page: Page) -> None:
    page.get_by_label("Public internet").check()
    go_on(page, "Give Astro access")


def answer_three_steps(page: Page, account_id: str, cluster: str, region: str = "us-east-1") -> str:
    """Sign-in to the access step, without detours; gives the installation's address."""
    address = start(page)
    answer_account(page, account_id)
    answer_cluster(page, cluster, region)
    answer_network(page)
    return address


def have_it_created(page: Page, credentials: dict[str, str]) -> None:
    """ "Create it for me": paste temporary credentials, field by field."""
    page.locator("#way-for_me").check()
    paste_credentials(page, credentials)
    page.get_by_role("button", name="Create the role").click()
    expect(heading(page, "Give Astro access")).to_be_visible()


def paste_credentials(page: Page, credentials: dict[str, str]) -> None:
    page.get_by_label("Access key ID").fill(credentials["AccessKeyId"])
    page.get_by_label("Secret access key").fill(credentials["SecretAccessKey"])
    page.get_by_label("Session token").fill(credentials["SessionToken"])


def mark(page: Page) -> None:
    """Leave a sign that a reload would wipe away."""
    page.evaluate("() => { window.notReloaded = true }")


def is_still_the_same_page(page: Page) -> bool:
    return bool(page.evaluate("() => window.notReloaded === true"))


def watch_the_proofs(page: Page) -> None:
    """Wait until the page shows all five by itself; the first then says since when."""
    for code in PROOFS:
        row = page.locator(f"#result-{code}")
        expect(row.locator(".tag")).to_contain_text("Passed", timeout=PROOF_SECONDS * 1000)
    expect(page.get_by_role("heading", name="The role is there and safe")).to_be_visible()


def open_step(page: Page, title: str) -> None:
    """By the list of steps beside the page."""
    page.get_by_role("navigation", name="Steps").get_by_role("link", name=title).click()
    expect(heading(page, title)).to_be_visible()


def continue_to_review(page: Page) -> None:
    page.locator("#live").get_by_role("link", name="Continue").click()
    expect(heading(page, "Check your answers")).to_be_visible()


def watch_the_checks(page: Page) -> None:
    """Wait until the page says by itself that nothing is missing: the first proof of the role
    started the checks.
    """
    live = page.locator("#live")
    expect(live).to_contain_text("Everything support needs is there.", timeout=PROOF_SECONDS * 1000)


def watch_until_at_rest(page: Page) -> None:
    """Wait until the page has nothing more to ask for."""
    live = page.locator("#live:not([hx-get])")
    expect(live).to_have_count(1, timeout=PROOF_SECONDS * 1000)


def row(page: Page, code: str) -> Locator:
    """What the page says of one check or proof."""
    return page.locator(f"#result-{code}")


def watch_the_row(page: Page, code: str, word: str, seconds: int = PROOF_SECONDS) -> None:
    """Wait until the page says `word` of it by itself."""
    expect(row(page, code).locator("> .tag")).to_have_text(word, timeout=seconds * 1000)


def watch_until_checked(page: Page) -> None:
    """Wait until no check is under way. The page may go on to follow what AWS decides."""
    live = page.locator("#live")
    expect(live).to_contain_text("last run", timeout=PROOF_SECONDS * 1000)
    expect(live).not_to_contain_text("We are looking at", timeout=PROOF_SECONDS * 1000)


def take_up(page: Page, code: str, offer: str) -> None:
    """Have the portal do what it offers beside a check."""
    row(page, code).get_by_role("button", name=offer).click()
    expect(heading(page, "Check your account")).to_be_visible()


def look_now(page: Page) -> None:
    page.get_by_role("button", name="Look now").click()
    expect(heading(page, "Give Astro access")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit to support").click()
    expect(page.get_by_role("main")).to_contain_text("It is support's turn")


def confirm_identity(page: Page) -> None:
    """Give the password once more: what follows is secret."""
    expect(heading(page, "Confirm that it is you")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def external_id(page: Page) -> str:
    """Read off the Organization's page, as any Owner may."""
    page.goto("/")
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Organization", exact=True).click()
    page.get_by_role("button", name="Show the external ID").click()
    confirm_identity(page)
    shown = page.locator("#external-id")
    expect(shown).to_be_visible()
    return shown.inner_text()


def all_the_way(page: Page, account_id: str, cluster: str, credentials: dict[str, str]) -> str:
    """From the first step to the review page, without detours; gives the address."""
    address = answer_three_steps(page, account_id, cluster)
    have_it_created(page, credentials)
    watch_the_proofs(page)
    open_step(page, "Check your account")
    watch_the_checks(page)
    continue_to_review(page)
    return address

"""What support does, in the admin."""

from playwright.sync_api import Page, expect

from portal.demo.people import SUPPORT
from tests.journey import steps

QUEUE = "/admin/onboarding/installation/"
CONNECTIONS = "/admin/onboarding/ssoconnection/"
SHARED = "/admin/onboarding/sharedprovider/"


def sign_in(page: Page) -> None:
    steps.sign_in(page, SUPPORT.email)


def open_dossier(page: Page, cluster: str) -> None:
    """Find the installation in the queue, by searching for it."""
    page.goto(QUEUE)
    page.locator("#searchbar").fill(cluster)
    page.locator("#searchbar").press("Enter")
    page.get_by_role("link", name=cluster, exact=True).click()
    expect(steps.heading(page, cluster)).to_be_visible()


def act(page: Page, action: str, status: str) -> None:
    """One move that needs nothing but a click, or a click and a send."""
    page.get_by_role("link", name=action).or_(page.get_by_role("button", name=action)).click()
    send = page.get_by_role("button", name=action)
    if "/do/" in page.url and send.is_visible():
        send.click()
    says_status(page, status)


def choose(page: Page, action: str) -> None:
    """Open the form of an act, from among the rare ones too."""
    more = page.locator("details.more > summary")
    link = page.get_by_role("link", name=action, exact=True)
    if not link.is_visible() and more.count():
        more.click()
    link.click()


def says_status(page: Page, status: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(status)


def ask_for_changes(page: Page, **wishes: str) -> None:
    """One text a field, by the field's name."""
    page.get_by_role("link", name="Ask for changes").click()
    for name, text in wishes.items():
        page.locator(f"[name=wanted-{name}]").fill(text)
    page.get_by_role("button", name="Ask for changes").click()
    says_status(page, "Changes")


def report_cluster(page: Page, cluster_id: str = "cluster-7f3a", ips: str = "52.1.2.3") -> None:
    page.get_by_role("link", name="Report the cluster").click()
    page.get_by_label("Cluster ID").fill(cluster_id)
    page.get_by_label("External IP addresses").fill(ips)
    page.get_by_role("button", name="Report the cluster").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Reported.")


def confirm_domain(page: Page, name: str) -> None:
    page.goto("/admin/onboarding/domain/add/")
    choose_organization(page)
    page.get_by_label("Domain").fill(name)
    page.get_by_label("Confirmed").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(name)


def choose_organization(page: Page) -> None:
    """Fresh Data."""
    page.get_by_role("combobox").first.click()
    page.get_by_role("searchbox").fill("Fresh")
    page.get_by_role("option", name="Fresh Data").click()


def begin(page: Page, kind: str, name: str) -> list[str]:
    """A connection that is off; gives the addresses its page shows."""
    page.goto(f"{CONNECTIONS}add/")
    choose_organization(page)
    page.get_by_label(kind).check()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("On", exact=True)).not_to_be_checked()
    return page.locator("dl.to-type code").all_inner_texts()


def turn_on(page: Page) -> None:
    page.get_by_label("On", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def offer(page: Page, provider: str) -> str:
    """Have a button on the sign-in page for everybody; gives the address that takes it away."""
    page.goto(f"{SHARED}add/")
    page.get_by_label(provider, exact=True).check()
    page.get_by_label("Client ID").fill("made-up")
    page.get_by_label("Client secret").fill("made-up-too")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    return page.url.replace("/change/", "/delete/")


def take_away(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#content form [type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

"""The tour of Organizations and their people, and of the pages that say that something is wrong."""

import re

from playwright.sync_api import Page, expect

from portal.demo.people import MEMBER
from tests.journey import steps
from tests.journey.tour import Tour


def people(tour: Tour) -> None:
    """An Owner, alone at first, and somebody who is invited."""
    invited = f"grace@{tour.prefix}.example"
    with tour.visitor() as page, tour.visitor() as theirs, tour.visitor(MEMBER.email) as other:
        address = founded(tour, page)
        page.goto(address)
        tour.look(page, "organization-alone")
        page.goto(f"{address}leave/")
        tour.look(page, "organization-leave-last-owner")
        link = invitation(tour, page, address, invited)
        theirs.goto(link)
        tour.look(theirs, "invitation")
        other.goto(link)
        tour.look(other, "invitation-of-somebody-else")
        as_member(tour, theirs, link, invited)
        page.goto(address)
        tour.look(page, "organization")
        decisions(tour, page, address)
        page.goto("/accounts/delete/")
        tour.look(page, "account-delete-last-owner")
        other.goto(link)
        tour.look(other, "invitation-gone")


def founded(tour: Tour, page: Page) -> str:
    """An Organization of a new person; gives the address of its page."""
    steps.sign_up(page, tour.inbox, f"owner@{tour.prefix}.example")
    steps.found_organization(page, tour.prefix.title(), f"{tour.prefix}-people")
    steps.give_name(page, "Ada Lovelace")
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Organization", exact=True).click()
    return page.url


def invitation(tour: Tour, page: Page, address: str, invited: str) -> str:
    """Invite two; gives the link that `invited` got."""
    page.goto(f"{address}invitations/new/")
    page.get_by_label("E-mail address").fill("grace@example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    tour.look(page, "invite-error")
    for email in (f"eve@{tour.prefix}.example", invited):
        page.goto(f"{address}invitations/new/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_text(f"Invitation sent to {email}")).to_be_visible()
    mail = tour.inbox.read("Join", to=invited, saying="Ada Lovelace")
    return next(link for link in mail.links if "/invitations/" in link)


def as_member(tour: Tour, page: Page, link: str, email: str) -> None:
    """Join; see the Organization as a Member does, and choose between two."""
    steps.sign_up(page, tour.inbox, email)
    tour.look(page, "organization-new-invited")
    page.goto("/invitations/")
    tour.look(page, "invitations")
    page.goto(link)
    tour.look(page, "invitation-to-join")
    page.get_by_role("button", name=re.compile("^Join")).click()
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Organization", exact=True).click()
    tour.look(page, "organization-member")
    page.goto(f"{page.url}leave/")
    tour.look(page, "organization-leave")
    page.goto("/organizations/new/")
    steps.found_organization(page, "Hopper Research", f"{tour.prefix}-hopper")
    page.locator("details.menu.organization summary").click()
    tour.look(page, "organization-switcher")


def decisions(tour: Tour, page: Page, address: str) -> None:
    """What an Owner decides; each page says what will happen."""
    page.get_by_role("link", name=re.compile("^Make an Owner")).click()
    tour.look(page, "member-role")
    page.goto(address)
    page.get_by_role("link", name=re.compile("^Remove")).click()
    tour.look(page, "member-remove")
    page.goto(address)
    page.get_by_role("link", name=re.compile("^Withdraw")).first.click()
    tour.look(page, "invitation-withdraw")
    page.goto(f"{address}name/")
    tour.look(page, "organization-name")
    page.goto(f"{address}history/")
    tour.look(page, "organization-history")


def something_wrong(tour: Tour) -> None:
    with tour.visitor(MEMBER.email) as page:
        page.goto("/permission/")
        tour.look(page, "error-not-found")
        page.goto("/")
        page.locator("details.menu summary").click()
        page.get_by_role("link", name="Organization", exact=True).click()
        page.goto(f"{page.url}name/")
        tour.look(page, "error-forbidden")
    with tour.visitor() as page:
        page.goto("/accounts/password/reset/")
        page.context.clear_cookies()
        page.get_by_label("E-mail address").fill(MEMBER.email)
        page.get_by_role("button", name="Send the link").click()
        tour.look(page, "error-open-too-long")
        too_often(page, f"nobody@{tour.prefix}.example")
        tour.look(page, "error-too-many-tries")


def too_often(page: Page, email: str) -> None:
    """More resets of one address than a minute allows."""
    for _ in range(6):
        page.goto("/accounts/password/reset/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_role("button", name="Send the link").click()
        page.wait_for_load_state()
    expect(steps.heading(page, "Too many tries")).to_be_visible()


STRETCHES = (people, something_wrong)

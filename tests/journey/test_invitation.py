"""Somebody is invited, signs up, joins as a Member and becomes an Owner; a link of somebody else's,
and one that was withdrawn, tell what to do.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import MEMBER, PASSWORD
from tests.conftest import NewPage
from tests.journey import steps
from tests.journey.inbox import Inbox
from tests.journey.test_access_for_all import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def found(page: Page, inbox: Inbox, name: str) -> str:
    """An Organization of a new person; gives the address of its page."""
    steps.sign_up(page, inbox, f"owner@{name}.example")
    steps.found_organization(page, name.title(), name)
    return open_organization(page)


def open_organization(page: Page) -> str:
    page.goto("/")
    page.locator("details.menu summary").last.click()
    page.get_by_role("link", name="Organization", exact=True).click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    return page.url


def invite(page: Page, inbox: Inbox, address: str, email: str) -> str:
    """Gives the link of the mail."""
    page.goto(address)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill(email)
    expect(page.get_by_label("Member")).to_be_checked()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"Invitation sent to {email}")).to_be_visible()
    mail = inbox.read("Join", to=email, saying="as Member")
    return next(link for link in mail.links if "/invitations/" in link)


def sign_up_by_keyboard(page: Page, inbox: Inbox, email: str) -> None:
    """From the page of the invitation, and back to it by the link of the mail that confirms."""
    tab_to(page, page.get_by_role("link", name="Create your sign-in"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(steps.heading(page, "Look in your mail")).to_be_visible()
    mail = inbox.read("Confirm", to=email, saying="confirm")
    page.goto(next(link for link in mail.links if "confirm-email" in link))
    press(page, "Confirm")


def test_who_is_invited_signs_up_joins_and_becomes_an_owner(
    page: Page, new_page: NewPage, inbox: Inbox, cluster: str
) -> None:
    name, invited = f"joins-{cluster}", f"new@{cluster}.example"
    address = found(page, inbox, name)
    link = invite(page, inbox, address, invited)
    expect(page.get_by_role("main")).to_contain_text(invited)

    theirs = new_page()
    theirs.goto(link)
    expect(steps.heading(theirs, f"Join {name.title()}")).to_be_visible()
    expect(theirs.get_by_role("main")).to_contain_text("invites you as Member")
    sign_up_by_keyboard(theirs, inbox, invited)
    expect(steps.heading(theirs, f"Join {name.title()}")).to_be_visible()
    press(theirs, f"Join {name.title()}")
    expect(theirs.get_by_role("status").first).to_contain_text("as Member")
    inbox.read("joined", to=f"owner@{name}.example", saying=invited)
    sees_what_members_may(theirs)

    promote(page, address, invited)
    inbox.read("Owner", to=invited, saying=name.title())
    theirs.goto("/")  # what they may do has changed: they sign in anew
    steps.sign_in(theirs, invited)
    open_organization(theirs)
    expect(theirs.get_by_role("button", name="Show the external ID")).to_be_visible()
    expect(theirs.get_by_role("link", name="Invite somebody")).to_be_visible()
    chooses_between_two(theirs, name, cluster)


def sees_what_members_may(page: Page) -> None:
    """And starts an installation as any Member does."""
    address = open_organization(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("2 people belong")
    expect(page.get_by_role("link", name="Invite somebody")).to_have_count(0)
    expect(page.get_by_role("button", name="Show the external ID")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("^(Remove|Make an Owner)"))).to_have_count(0)
    response = page.goto(f"{address}invitations/new/")
    assert response is not None
    assert response.status == 403
    steps.start(page)


def promote(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.get_by_role("link", name=re.compile(f"^Make an Owner.*{re.escape(email)}")).click()
    page.get_by_role("button", name="Make them an Owner").click()
    if "reauthenticate" in page.url:
        steps.confirm_identity(page)
    expect(page.get_by_role("status").first).to_contain_text("is an Organization Owner now")


def chooses_between_two(page: Page, first: str, cluster: str) -> None:
    second = f"second-{cluster}"
    page.goto("/organizations/new/")
    steps.found_organization(page, second.title(), second)
    switch = page.locator("details.menu.organization")
    expect(switch.locator("summary")).to_contain_text(second.title())
    expect(page.get_by_role("main")).not_to_contain_text("Your AWS account")
    switch.locator("summary").press("Enter")
    switch.get_by_role("button", name=first.title()).press("Enter")
    expect(switch.locator("summary")).to_contain_text(first.title())
    expect(page.get_by_role("button", name="Install a cluster")).to_be_visible()


def test_somebody_else_is_told_and_a_link_that_was_withdrawn_says_so(
    page: Page, new_page: NewPage, inbox: Inbox, cluster: str
) -> None:
    name, invited = f"withdraws-{cluster}", f"late@{cluster}.example"
    address = found(page, inbox, name)
    link = invite(page, inbox, address, invited)

    other = new_page()
    steps.sign_in(other, MEMBER.email)
    other.goto(link)
    expect(other.get_by_role("main")).to_contain_text(f"This invitation is for {invited}.")
    expect(other.get_by_role("main")).to_contain_text(f"You are signed in as {MEMBER.email}")
    expect(other.get_by_role("button", name=re.compile("^Join"))).to_have_count(0)
    other.get_by_role("button", name="Sign out and come back").click()
    expect(other).to_have_url(link)
    expect(other.get_by_role("link", name="Create your sign-in")).to_be_visible()

    page.goto(address)
    page.get_by_role("link", name=f"Withdraw the invitation to {invited}").click()
    expect(steps.heading(page, f"Withdraw the invitation to {invited}?")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("status").first).to_contain_text("is withdrawn")
    other.reload()
    expect(steps.heading(other, "This invitation does not work")).to_be_visible()
    expect(other.get_by_role("main")).to_contain_text("ask whoever invited you")
    other.get_by_role("link", name="Sign in").click()
    expect(steps.heading(other, "Sign in")).to_be_visible()

"""The tour of ways in and of one's own account."""

import re
from urllib.parse import quote

import qrcode
import qrcode.image.svg
from playwright.sync_api import Page, expect

from portal.demo.people import FRESH_OWNER, MEMBER, PASSWORD
from tests.journey import desk, factors, steps
from tests.journey.tour import Tour, stand_in

SAMPLE_KEY = "ASTROSAMPLEKEY234567ABCDEFGH2345"
SAMPLE_CODES = "\n".join(f"{20260000 + 137 * number}" for number in range(1, 11))
"""Stand in pictures for the real key of an app and the real recovery codes."""
NOBODY_THERE = "http://localhost:9"


def ways_in(tour: Tour) -> None:
    """With GitHub, Google and a single sign-on, which support sets up and takes away again."""
    with tour.visitor() as support, tour.visitor() as page, tour.visitor(FRESH_OWNER.email) as own:
        desk.sign_in(support)
        domain = f"{tour.prefix}.fresh.example"
        desk.confirm_domain(support, domain)
        desk.begin(support, "OpenID Connect", "Fresh’s Okta")
        connection = support.url
        support.get_by_label("Issuer").fill(NOBODY_THERE)
        support.get_by_label("Client ID").fill("made-up")
        support.get_by_label("Client secret").fill("made-up-too")
        desk.turn_on(support)
        offered = [desk.offer(support, name) for name in ("GitHub", "Google")]
        try:
            page.goto("/accounts/login/")
            tour.look(page, "sign-in-providers")
            page.get_by_role("link", name="Continue with SSO").click()
            single_sign_on(tour, page, domain)
            own.goto("/accounts/3rdparty/")
            tour.look(own, "connected")
        finally:
            for address in offered:
                desk.take_away(support, address)
            support.goto(connection)
            support.get_by_label("On", exact=True).uncheck()
            support.get_by_role("button", name="Save", exact=True).click()


def single_sign_on(tour: Tour, page: Page, domain: str) -> None:
    address = page.get_by_label("E-mail address at work")
    address.fill("ada@nobody.example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    tour.look(page, "sso-unknown")
    address.fill(f"ada@{domain}")
    page.get_by_role("button", name="Continue").click()
    expect(steps.heading(page, "You are not signed in")).to_be_visible()
    tour.look(page, "sso-refused")


def signing_up(tour: Tour) -> None:
    """And what the new person finds of their own; and how they come in again."""
    email = f"ada@{tour.prefix}.example"
    with tour.visitor() as page, tour.visitor() as elsewhere:
        page.goto("/accounts/signup/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password", exact=True).fill("password1234")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        tour.look(page, "sign-up-error")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        expect(steps.heading(page, "Look in your mail")).to_be_visible()
        tour.look(page, "sign-up-sent")
        mail = tour.inbox.read("Confirm", to=email, saying="confirm")
        page.goto(next(link for link in mail.links if "confirm-email" in link))
        tour.look(page, "email-confirm")
        page.get_by_role("button", name="Confirm").click()
        tour.look(page, "organization-new")
        steps.found_organization(page, tour.prefix.title(), f"{tour.prefix}-ada")
        own_account(tour, page)
        by_name(elsewhere, email, page.url)
        page.goto("/accounts/sessions/")
        tour.look(page, "sessions")
        code = app(tour, page)
        by_name(elsewhere, email, page.url)  # anew: a second factor ended the other session
        passkey(tour, elsewhere, code)
        factors.go(elsewhere, "/accounts/")
        tour.look(elsewhere, "account")
        factors.go(elsewhere, "/accounts/delete/")
        tour.look(elsewhere, "account-delete")


def own_account(tour: Tour, page: Page) -> None:
    page.goto("/accounts/name/")
    page.get_by_label("Your name").fill("Ada Lovelace")
    tour.look(page, "account-name")
    page.get_by_role("button", name="Save").click()
    page.goto("/accounts/email/")
    page.get_by_label("E-mail address").fill(f"lovelace@{tour.prefix}.example")
    page.get_by_role("button", name="Send the message").click()
    tour.look(page, "confirm-identity")
    steps.confirm_identity(page)
    expect(page.get_by_role("button", name="Send the message again")).to_be_visible()
    tour.look(page, "account-email")
    page.goto("/accounts/password/change/")
    page.get_by_label("Your present password").fill("not the one it was")
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    tour.look(page, "password-error")


def app(tour: Tour, page: Page) -> str:
    """Set up an app for codes; gives one of the recovery codes."""
    page.goto("/accounts/2fa/")
    tour.look(page, "second-factor")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("No camera?").click()
    key = page.locator("#totp-key").inner_text()
    stand_in(page, "#totp-key", SAMPLE_KEY)
    page.locator("img.qr").evaluate("(shown, src) => { shown.src = src }", sample_picture())
    tour.look(page, "second-factor-app")
    page.get_by_label("Code").fill(factors.code(key))
    page.get_by_role("button", name="Turn it on").click()
    expect(steps.heading(page, "Your recovery codes")).to_be_visible()
    code: str = page.locator("#recovery-codes").inner_text().split()[0]
    stand_in(page, "#recovery-codes", SAMPLE_CODES)
    tour.look(page, "recovery-codes")
    return code


def sample_picture() -> str:
    """The QR code of the sample key."""
    sample = f"otpauth://totp/Astro:ada?secret={SAMPLE_KEY}&issuer=Astro"
    picture = qrcode.make(sample, image_factory=qrcode.image.svg.SvgPathImage)
    return f"data:image/svg+xml;utf8,{quote(picture.to_string().decode())}"


def by_name(page: Page, email: str, address: str) -> None:
    """Sign in with the password at the name that passkeys need."""
    page.goto(re.sub(r"//127\.0\.0\.1(:\d+)/.*", r"//localhost\1/accounts/login/", address))
    factors.give_password(page, email)
    expect(steps.heading(page, "Sign in")).to_have_count(0)


def passkey(tour: Tour, page: Page, recovery_code: str) -> None:
    """Sign in with the second factor, and add one more."""
    expect(steps.heading(page, "Your second factor")).to_be_visible()
    tour.look(page, "second-factor-asked")
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    factors.go(page, "/accounts/2fa/webauthn/add/")
    steps.confirm_identity(page)
    factors.plug_in_key(page)
    tour.look(page, "passkey-add")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="Manage your passkeys").click()
    expect(steps.heading(page, "Your passkeys")).to_be_visible()
    tour.look(page, "passkeys")


def forgotten(tour: Tour) -> None:
    """A password that is lost."""
    with tour.visitor() as page:
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(MEMBER.email)
        page.get_by_label("Password", exact=True).fill("not the one it was")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        tour.look(page, "sign-in-error")
        page.get_by_role("link", name="Forgot your password?").click()
        tour.look(page, "password-reset")
        page.get_by_label("E-mail address").fill(MEMBER.email)
        page.get_by_role("button", name="Send the link").click()
        expect(steps.heading(page, "Look in your mail")).to_be_visible()
        tour.look(page, "password-reset-sent")
        mail = tour.inbox.read("password", to=MEMBER.email, saying="password")
        page.goto(next(link for link in mail.links if "/reset/" in link))
        tour.look(page, "password-new")


STRETCHES = (ways_in, signing_up, forgotten)

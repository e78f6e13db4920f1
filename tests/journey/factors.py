"""Second factors as a person has them: a passkey of Chromium's own virtual authenticator, an app."""

import base64
import hmac
import re
import time

from playwright.sync_api import Page

from portal.demo.people import PASSWORD

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def go(page: Page, path: str) -> None:
    """To another page of the same host, by whichever name it was opened."""
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1{path}", page.url))


def plug_in_key(page: Page) -> None:
    """Browsers keep passkeys by name: the page is to be opened on localhost."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def give_password(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code(secret: str) -> str:
    """What an app shows now: RFC 6238, with the SHA-1, six digits and 30 seconds of every app."""
    moment = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06}"

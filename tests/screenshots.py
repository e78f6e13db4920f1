"""`make screenshots`: walks a demo of its own and writes docs/screenshots/."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from portal.demo.ports import free_port
from tests.harness import browser as chromium
from tests.harness import demo as demo_process
from tests.harness.demo import ROOT, Demo
from tests.harness.mail import Mailbox
from tests.journey.cloud import simulator_of
from tests.journey.inbox import Inbox
from tests.journey.tour import Tour
from tests.journey.whole_tour import STRETCHES

FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = {"wide": 1280, "narrow": 390}
SCHEMES = ("light", "dark")
HEIGHT = 800
HIGHEST = 2000
"""What is longer is cut off: the pictures are kept in the repository."""
LEFT_OUT = (
    "access-error", "access-renewing", "access-unsafe", "account-delete",
    "account-delete-last-owner", "account-email", "account-empty", "account-name",
    "checks-let-pass", "confirm-identity", "connected", "conversation",
    "desk-ask-for-changes", "desk-assign", "desk-bulk", "desk-deliveries", "desk-dossier-claimed",
    "desk-let-pass", "desk-log", "desk-mails", "desk-policies", "desk-policy", "email-confirm",
    "error-forbidden", "error-open-too-long", "error-too-many-tries", "evidence", "handover-done",
    "handover-gone", "handover-update", "handover-wrong-code", "handovers-error",
    "handovers-none", "invitation", "invitation-gone", "invitation-of-somebody-else",
    "invitation-withdraw", "invitations", "invite-error", "mailbox", "member-remove",
    "member-role", "network-error", "organization-alone", "organization-history",
    "organization-leave", "organization-leave-last-owner", "organization-member",
    "organization-name", "organization-new", "organization-new-invited", "passkey-add",
    "passkeys", "password-error", "password-new", "password-reset", "password-reset-sent",
    "preflight-error", "reminders", "renewal", "role-update", "second-factor",
    "second-factor-asked", "sign-in", "sign-in-error", "sign-up", "sign-up-error", "sign-up-sent",
    "sso-refused", "sso-unknown", "webhook-new", "webhook-secret", "webhooks",
)  # fmt: skip
"""Stops of the tour that show nothing the other pictures do not."""


def shoot(page: Page, name: str) -> None:
    """Wide and narrow, light and dark; the page is left as it was."""
    if name in LEFT_OUT:
        return
    for width, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": HEIGHT})
        page.evaluate("() => scrollTo(0, 0)")  # an anchor may have led further down
        # A window as high as the page: a frame below the fold would not be painted.
        high = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": pixels, "height": min(HIGHEST, high)})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            path = FOLDER / f"{name}-{width}-{scheme}.png"
            shrink(page.screenshot(animations="disabled", caret="hide"), path)
    page.set_viewport_size({"width": WIDTHS["wide"], "height": HEIGHT})


def shrink(picture: bytes, path: Path) -> None:
    """Keep it with a palette of 128 colours: a quarter of the size, and none is missed."""
    plain = Image.open(io.BytesIO(picture)).convert("RGB")
    plain.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def new_page(browser: Browser, demo: Demo) -> Page:
    context = browser.new_context(
        base_url=demo.url,
        viewport={"width": WIDTHS["wide"], "height": HEIGHT},
        device_scale_factor=1,
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def walk(demo: Demo) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        tour = Tour(
            simulator_of(demo),
            Inbox(Mailbox(demo.mail_folder)),
            open_page=lambda: new_page(browser, demo),
            look=shoot,
            prefix="analytics",
        )
        for stretch in STRETCHES:
            stretch(tour)
        browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder:
        demo = demo_process.start(Path(folder), free_port())
        try:
            walk(demo)
        finally:
            demo.stop()


if __name__ == "__main__":
    main()

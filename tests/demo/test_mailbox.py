"""The demo's mailbox: real SMTP in, a page out."""

import json
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.mailbox import find
from portal.demo.ports import HOST
from tests.harness.demo import Demo
from tests.harness.mail import Mailbox

HTML = '<p id="seen">Confirm <a href="/accounts/login/">here</a></p>'
SCRIPTED = f'{HTML}<script>document.getElementById("seen").textContent = "scripted"</script>'
Send = Callable[..., None]


@pytest.fixture
def send(demo: Demo) -> Send:
    """Sends a mail with this subject, and HTML, to the demo's SMTP server."""
    port = json.loads((demo.folder / "ports.json").read_text())["mail"]

    def send(subject: str, html: str = HTML) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = "portal@astro.example", "owner@fresh.example"
        mail["Subject"] = subject
        mail.set_content("Confirm at http://127.0.0.1:1/confirm\n<b>not bold</b>")
        mail.add_alternative(html, subtype="html")
        with smtplib.SMTP(HOST, port, timeout=5) as server:
            server.send_message(mail)

    return send


def test_mail_appears_by_itself_for_somebody_not_signed_in(page: Page, send: Send) -> None:
    page.goto("/demo/mailbox/")
    expect(page.get_by_role("heading", name="Mailbox")).to_be_visible()
    send("Überraschung & more")
    page.get_by_role("link", name="Überraschung & more").click()
    text = page.locator("#mail-text")
    expect(text).to_contain_text("<b>not bold</b>")
    expect(text.get_by_role("link")).to_have_attribute("href", "http://127.0.0.1:1/confirm")


def test_the_html_of_a_mail_runs_no_script_and_loads_nothing(
    page: Page, send: Send, demo_mailbox: Mailbox
) -> None:
    send("Scripted", SCRIPTED)
    mail = demo_mailbox.wait_for("Scripted")
    answer = page.request.get(f"/demo/mailbox/{mail.name}/html/")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_mail_reads_without_scripts(
    page_without_scripts: Page, send: Send, demo_mailbox: Mailbox
) -> None:
    send("Plain")
    page = page_without_scripts
    page.goto(f"/demo/mailbox/{demo_mailbox.wait_for('Plain').name}/")
    expect(page.frame_locator("iframe").locator("#seen")).to_have_text("Confirm here")


@pytest.mark.parametrize("name", ["../secrets", "..", "", "x", "0" * 20 + "-abcdefg1"])
def test_a_name_from_a_url_reads_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "secrets.eml").write_text("Subject: no\n\nno")
    assert find(tmp_path / "mail", name) is None

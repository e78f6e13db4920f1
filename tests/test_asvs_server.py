"""The web server as the image starts it, with TLS: what a socket and a browser see of it.

Named by the rules of ASVS 5.0 (3.3.1 to 3.3.4, 3.4.1, 4.2.1, 6.3.2) that ask for it.
"""

import json
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.demo.ports import HOST, free_port
from portal.demo.processes import PYTHON, Processes
from tests.harness.demo import ROOT
from tests.harness.environment import PLAIN
from tests.harness.saml import make_keys

EMAIL, WORDS = "ann@example.com", "correct horse battery staple"
MIGRATED = f"""
import django
django.setup()
from allauth.account.models import EmailAddress
from django.core.management import call_command
from onboarding.models import User
call_command("migrate", verbosity=0, interactive=False)
print(User.objects.count())
user = User.objects.create_user("{EMAIL}", "{WORDS}")
EmailAddress.objects.create(user=user, email="{EMAIL}", verified=True, primary=True)
"""


@dataclass(frozen=True)
class Server:
    port: int
    people: int
    """How many there were before the first was created."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def answers(self, sent: bytes) -> bytes:
        """All that comes back until the server closes, or has nothing more to say."""
        anybody = ssl.create_default_context()
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        told = b""
        with (
            socket.create_connection((HOST, self.port), timeout=5) as plain,
            anybody.wrap_socket(plain, server_hostname="localhost") as there,
        ):
            there.sendall(sent.replace(b"HOST", f"localhost:{self.port}".encode()))
            there.settimeout(1.5)
            try:
                while part := there.recv(65536):
                    told += part
            except TimeoutError:
                pass
        return told


def command() -> list[str]:
    """What the image runs."""
    words = re.search(r'^CMD (\["gunicorn".*?\])', (ROOT / "Dockerfile").read_text(), re.M | re.S)
    assert words
    return list(json.loads(words[1].replace("\\\n", " ")))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    folder, port, keys = tmp_path_factory.mktemp("server"), free_port(), make_keys()
    (folder / "key.pem").write_text(keys.private)
    (folder / "certificate.pem").write_text(keys.certificate)
    env = os.environ | PLAIN
    env |= {
        "SITE_URL": f"https://localhost:{port}",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    migrated = subprocess.run(
        [PYTHON, "-c", MIGRATED], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    gunicorn, *options = [word.replace("0.0.0.0:8000", f"{HOST}:{port}") for word in command()]
    pair = str(folder / "key.pem"), str(folder / "certificate.pem")
    tls = ("--keyfile", pair[0], "--certfile", pair[1])
    with Processes() as processes:
        line = [PYTHON, "-m", gunicorn, *options, *tls]
        processes.start("web", line, env=env, cwd=ROOT, log=folder / "web.log")
        running = Server(port, int(migrated.stdout.splitlines()[-1]))
        processes.wait_for(lambda: is_up(running), what="The web server")
        yield running


def is_up(server: Server) -> bool:
    try:
        return b'{"ok": true}' in server.answers(GET)
    except OSError:
        return False


GET = b"GET /health/live HTTP/1.1\r\nHost: HOST\r\n\r\n"
POST = b"POST /permissions/ HTTP/1.1\r\nHost: HOST\r\n"
BODY = f"{len(GET):x}".encode() + b"\r\n" + GET + b"\r\n0\r\n\r\n"
SMUGGLED = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET,
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + GET,
    "two lengths": b"Content-Length: 0\r\nContent-Length: 50\r\n\r\n" + GET,
    "the same length twice": b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + GET,
    "two lengths in one": b"Content-Length: 0, 50\r\n\r\n" + GET,
    "a length with a sign": b"Content-Length: +0\r\n\r\n" + GET,
    "a length below nothing": b"Content-Length: -1\r\n\r\n" + GET,
    "a length in hex": b"Content-Length: 0x0\r\n\r\n" + GET,
    "a length in other figures": "Content-Length: ٠\r\n\r\n".encode() + GET,
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
    "chunks, and then as it is": b"Transfer-Encoding: chunked, identity\r\n\r\n" + BODY,
    "another coding": b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n" + BODY,
    "a tab before the name": b"\tTransfer-Encoding: chunked\r\n\r\n" + BODY,
    "a line that goes on": b"Transfer-Encoding:\r\n chunked\r\n\r\n" + BODY,
    "a return in a name": b"X: y\rTransfer-Encoding: chunked\r\n\r\n" + BODY,
}
"""What no line of the head may say."""
BROKEN = {
    "a chunk's length in hex": b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n" + GET,
    "a chunk's length with a sign": b"Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n" + GET,
    "a chunk longer than it says": b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n" + GET,
}


def statuses(told: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", told, re.M)]


def test_the_socket_would_see_a_second_answer(server: Server) -> None:
    right = POST + b"Content-Length: 1\r\n\r\na" + GET
    assert statuses(server.answers(right)) == [403, 200]
    right = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" + GET
    assert statuses(server.answers(right)) == [403, 200]


@pytest.mark.parametrize("how", SMUGGLED)
def test_asvs_4_2_1_a_request_hidden_in_another_is_not_answered(server: Server, how: str) -> None:
    told = server.answers(POST + SMUGGLED[how])
    assert b'{"ok": true}' not in told
    assert statuses(told) in ([400], [501]), told


@pytest.mark.parametrize("how", BROKEN)
def test_asvs_4_2_1_a_body_that_contradicts_itself_ends_the_connection(
    server: Server, how: str
) -> None:
    """The page refused the form unread; what follows is not taken for a request."""
    told = server.answers(POST + BROKEN[how])
    assert b'{"ok": true}' not in told
    assert statuses(told) == [403, 400], told


def test_asvs_6_3_2_nobody_is_there_before_somebody_signs_up(server: Server, root: Path) -> None:
    """Migrating with the settings of production makes nobody, and there is nothing to load."""
    assert server.people == 0
    assert not [path for path in root.glob("*/fixtures/*") if path.parts[-3] != ".venv"]


def test_asvs_3_4_1_a_refused_host_too_is_told_to_come_by_tls_alone(server: Server) -> None:
    for host, status in ((b"HOST", 200), (b"evil.example", 400)):
        told = server.answers(GET.replace(b"HOST", host))
        assert statuses(told) == [status]
        assert b"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload" in told


def test_asvs_3_3_1_to_3_3_4_a_browser_takes_the_cookies_and_keeps_them_close(
    server: Server, browser: Browser
) -> None:
    context = browser.new_context(base_url=server.url, ignore_https_errors=True)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/organizations/new/"))
    kept = {cookie["name"]: cookie for cookie in context.cookies()}
    assert set(kept) == {"__Host-session", "__Host-csrf"}
    for name, cookie in kept.items():
        assert cookie["secure"], name
        assert cookie["httpOnly"], name
        assert (cookie["sameSite"], cookie["path"]) == ("Lax", "/"), name
        assert cookie["domain"] == "localhost", name  # with a dot before it, it had a Domain
    assert page.evaluate("() => document.cookie") == ""
    context.close()

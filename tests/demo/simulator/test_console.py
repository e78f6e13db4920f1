"""The stand-in for the AWS console, over HTTP."""

import re
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from playwright.sync_api import Browser

from onboarding.facts import ROLE_NAME, STACK_NAME
from portal.demo.simulator.samples import HEALTHY, SAMPLES, UNSAFE_ROLE
from tests.demo.simulator.conftest import World
from tests.demo.simulator.roles import assume
from tests.demo.simulator.test_stacks import TEMPLATE


class _Templates(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/template.yaml")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/template.yaml" else 404)
        self.end_headers()
        self.wfile.write(TEMPLATE.encode())

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def templates() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Templates) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def get(world: World, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    method = "GET" if form is None else "POST"
    answer = requests.request(method, world.url + path, data=form, timeout=60)
    return answer.status_code, answer.text


def form(template: str, **changes: str) -> dict[str, str]:
    return {
        "account": HEALTHY,
        "region": "us-east-1",
        "templateURL": template,
        "stackName": STACK_NAME,
        "param_ExternalId": "astro-example",
        "acknowledged": "yes",
        **changes,
    }


def test_create_stack_makes_the_role_and_shows_the_stack(world: World, templates: str) -> None:
    status, page = get(world, "/console/cloudformation/stacks", form(f"{templates}/template.yaml"))
    assert status == 200
    assert '<dd id="status">CREATE_COMPLETE</dd>' in page
    assert f"arn:aws:iam::{HEALTHY}:policy/AstronomerCrossAccountRole" in page
    assert assume(world, HEALTHY)
    actions = [one["action"] for one in world.control(f"journal?account={HEALTHY}")]
    assert actions == ["CreateRole", "CreateStack", "AssumeRole"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account": ""}, "Choose an account."),
        ({"account": "406882777402"}, "Choose an account."),
        ({"stackName": "9 lives"}, "A stack name begins with a letter"),
        ({"acknowledged": ""}, "Tick the box"),
        ({"param_ExternalId": "ASTRO"}, "failed to satisfy constraint"),
        ({"templateURL": "http://192.0.2.1/template.yaml"}, "from this machine alone"),
        ({"templateURL": "https://127.0.0.1/template.yaml"}, "from this machine alone"),
        ({"templateURL": "file:///etc/passwd"}, "from this machine alone"),
        ({"templateURL": "http://127.0.0.1:1/"}, "could not be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, templates: str, changes: dict[str, str], sentence: str
) -> None:
    given = form(f"{templates}/template.yaml", **changes)
    status, page = get(world, "/console/cloudformation/stacks", given)
    assert status == 400
    assert sentence in page
    assert f'value="{given["stackName"]}"' in page
    assert world.admin("iam", HEALTHY).list_roles()["Roles"] == []


@pytest.mark.parametrize("path", ["/away", "/none"])
def test_a_template_is_not_looked_for_elsewhere(world: World, templates: str, path: str) -> None:
    status, page = get(world, "/console/cloudformation/stacks", form(f"{templates}{path}"))
    assert status == 400
    assert "could not be read" in page


def test_what_is_typed_is_text_on_the_page(world: World) -> None:
    evil = '"><script>alert(1)</script>'
    query = urllib.parse.urlencode({"stackName": evil, "param_ExternalId": evil})
    _, page = get(world, f"/console/cloudformation/home?{query}")
    assert "<script>alert" not in page


def test_the_form_is_filled_from_the_query_where_scripts_are_off(world: World) -> None:
    query = urllib.parse.urlencode({"stackName": STACK_NAME, "param_ExternalId": "astro-example"})
    _, page = get(world, f"/console/cloudformation/home?{query}")
    assert 'value="astro-example"' in page
    assert f'value="{STACK_NAME}"' in page


def test_accounts_are_listed_with_their_roles(world: World) -> None:
    _, page = get(world, "/console/accounts")
    for sample in SAMPLES:
        assert sample.account_id in page
        assert sample.sentence in page
    assert f"Role {ROLE_NAME}" in page


def test_the_credentials_on_the_page_work(world: World) -> None:
    _, page = get(world, f"/console/accounts/{UNSAFE_ROLE}/credentials", {})
    found = dict(re.findall(r"export (AWS_[A-Z_]+)=(\S+?)(?:</pre>)?\n?(?=export|</pre>|\s)", page))
    keys = {
        "aws_access_key_id": found["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": found["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": found["AWS_SESSION_TOKEN"],
    }
    assert world.client("sts", keys).get_caller_identity()["Account"] == UNSAFE_ROLE
    assert found["AWS_ENDPOINT_URL"] == world.url


@pytest.mark.parametrize(
    "path",
    [
        "/console/none",
        "/console/cloudformation/stacks/210987654321/us-east-1/none",
        "/console/cloudformation/stacks/999900001111/us-east-1/none",
        "/console/cloudformation/stacks/210987654321/mars-1/none",
    ],
)
def test_an_unknown_page_is_not_found(world: World, path: str) -> None:
    assert get(world, path)[0] == 404


@pytest.mark.browser
def test_a_quick_create_link_fills_the_form(world: World, templates: str, browser: Browser) -> None:
    values = {
        "templateURL": f"{templates}/template.yaml",
        "stackName": STACK_NAME,
        "param_ExternalId": "astro-example",
    }
    link = f"{world.url}/console/cloudformation/home?region=us-east-1#/stacks/create/review?"
    page = browser.new_page()
    page.goto(link + urllib.parse.urlencode(values))
    assert page.get_by_label("ExternalId").input_value() == "astro-example"
    assert not page.get_by_label("Template URL").is_editable()

    page.get_by_label("AWS account").select_option(HEALTHY)
    page.get_by_label("I acknowledge").check()
    page.get_by_role("button", name="Create stack").click()

    assert page.locator("#status").inner_text() == "CREATE_COMPLETE"
    assert assume(world, HEALTHY)
    page.close()

"""A plain stand-in for the AWS console: quick-create stack, the sample accounts, and faults.

The real console's link carries everything behind `#`, which no server sees; a small script on the
page puts it into the form.
"""

import importlib
import re
import urllib.error
import urllib.request
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from portal.demo.simulator import backends, buckets, control, local
from portal.demo.simulator.accounts import VENDOR_ACCOUNT
from portal.demo.simulator.faults_page import FaultsPage
from portal.demo.simulator.simulation import Simulation

_LARGEST_TEMPLATE = 1_000_000
_PARAMETER = re.compile(r"param_([A-Za-z0-9]{1,255})")
_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # Not "no-referrer": with it browsers send a form's Origin as "null", which is refused.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_URLS = Map(
    [
        Rule("/_console.css", methods=["GET"], endpoint="style"),
        Rule("/_console.js", methods=["GET"], endpoint="script"),
        Rule("/console/accounts", methods=["GET"], endpoint="accounts"),
        Rule(
            "/console/accounts/<account_id>/credentials", methods=["POST"], endpoint="credentials"
        ),
        Rule("/console/faults", methods=["GET"], endpoint="faults"),
        Rule("/console/faults", methods=["POST"], endpoint="turn"),
        Rule("/console/cloudformation/home", methods=["GET"], endpoint="quick_create"),
        Rule("/console/cloudformation/stacks", methods=["POST"], endpoint="create"),
        Rule(
            "/console/cloudformation/stacks/<account_id>/<region>/<name>",
            methods=["GET"],
            endpoint="stack",
        ),
    ]
)


class Console:
    def __init__(self, simulation: Simulation) -> None:
        self._aws = simulation
        self._faults_page = FaultsPage(simulation)
        self._pages = Environment(
            loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined
        )

    def answer(self, request: Request) -> Response:
        """Raises werkzeug's HTTPException for a request it does not take."""
        local.require(request)
        endpoint, found = _URLS.bind_to_environ(request.environ).match()
        response: Response = getattr(self, f"_{endpoint}")(request, **found)
        response.headers.update(_HEADERS)
        return response

    def _page(self, name: str, status: int = 200, **words: Any) -> Response:
        text = self._pages.get_template(name).render(**words)
        return Response(text, status, content_type="text/html; charset=utf-8")

    def _style(self, request: Request) -> Response:
        return Response(_file("console.css"), content_type="text/css; charset=utf-8")

    def _script(self, request: Request) -> Response:
        return Response(_file("console.js"), content_type="text/javascript; charset=utf-8")

    def _accounts(self, request: Request) -> Response:
        rows = [
            {"account": account, "roles": backends.roles(account.account_id).values()}
            for account in self._customers()
        ]
        return self._page("accounts.html", rows=rows)

    def _customers(self) -> list[Any]:
        return [one for one in self._aws.accounts.values() if one.account_id != VENDOR_ACCOUNT]

    def _credentials(self, request: Request, account_id: str) -> Response:
        credentials = control.issue(self._aws, account_id, 3600)
        return self._page(
            "credentials.html",
            account=self._aws.accounts[account_id],
            credentials=credentials,
            endpoint=request.host_url.rstrip("/"),
        )

    def _faults(self, request: Request) -> Response:
        return self._page("faults.html", error="", **self._faults_page.words())

    def _turn(self, request: Request) -> Response:
        services = request.form.getlist("services")
        error = self._faults_page.turn(request.form.to_dict(), services)
        if error:
            return self._page("faults.html", 400, error=error, **self._faults_page.words())
        return redirect("/console/faults", 303)

    def _quick_create(self, request: Request) -> Response:
        """Without scripts, the same names in the query fill the form."""
        return self._form(request.args.to_dict(), "")

    def _form(self, given: dict[str, str], error: str) -> Response:
        parameters = {
            found[1]: value
            for name, value in given.items()
            if (found := _PARAMETER.fullmatch(name))
        }
        return self._page(
            "quick_create.html",
            status=400 if error else 200,
            accounts=self._customers(),
            given={
                "account": "",
                "region": "us-east-1",
                "stackName": "",
                "templateURL": "",
                **given,
            },
            parameters=parameters or {"ExternalId": ""},
            error=error,
        )

    def _create(self, request: Request) -> Response:
        given = request.form.to_dict()
        account_id, region = given.get("account", ""), given.get("region", "us-east-1")
        name = given.get("stackName", "")
        error = self._refused(given)
        if not error:
            error = self._create_stack(given, account_id, region, name)
        if error:
            return self._form(given, error)
        path = f"/console/cloudformation/stacks/{account_id}/{quote(region)}/{quote(name)}"
        return redirect(path, 303)

    def _refused(self, given: dict[str, str]) -> str:
        if given.get("account") not in {one.account_id for one in self._customers()}:
            return "Choose an account."
        if not _STACK_NAME.fullmatch(given.get("stackName", "")):
            return "A stack name begins with a letter and holds letters, digits and hyphens."
        if given.get("acknowledged") != "yes":
            return "Tick the box that acknowledges IAM resources with custom names."
        return ""

    def _create_stack(self, given: dict[str, str], account_id: str, region: str, name: str) -> str:
        """An empty text, or why AWS would not take it."""
        try:
            body = _template(account_id, given.get("templateURL", ""))
        except BadRequest as refusal:
            return str(refusal.description)
        params = {
            "StackName": name,
            "TemplateBody": body,
            "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
        }
        found = [(m[1], value) for key, value in given.items() if (m := _PARAMETER.fullmatch(key))]
        for number, (key, value) in enumerate(found, start=1):
            params[f"Parameters.member.{number}.ParameterKey"] = key
            params[f"Parameters.member.{number}.ParameterValue"] = value
        response = self._aws.ask(account_id, "cloudformation", "CreateStack", region, **params)
        if response.status_code < 400:
            return ""
        message = re.search(r"<Message>([^<]*)</Message>", response.get_data(as_text=True))
        return message[1] if message else "CloudFormation refused the stack."

    def _stack(self, request: Request, account_id: str, region: str, name: str) -> Response:
        if account_id not in self._aws.accounts:
            raise NotFound("There is no such account.")
        stacks = importlib.import_module("portal.demo.simulator.stacks")
        stack = stacks.find(account_id, region, name)
        if stack is None:
            raise NotFound("There is no such stack.")
        account = self._aws.accounts[account_id]
        return self._page("stack.html", account=account, region=region, stack=stack)


def _file(name: str) -> str:
    return (files("portal.demo.simulator") / "pages" / name).read_text(encoding="utf-8")


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A redirect could lead off this machine."""


def _template(account_id: str, url: str) -> str:
    """From a simulated bucket or from this machine, one megabyte at most. Raises `BadRequest`."""
    try:
        body = buckets.read(account_id, url) if buckets.located(url) else _fetch(url)
        text = body.decode("utf-8")
    except buckets.NotReadable as fault:
        raise BadRequest(f"{fault}") from None
    except (OSError, ValueError, urllib.error.HTTPError):
        raise BadRequest("The template could not be read from its URL.") from None
    if len(body) > _LARGEST_TEMPLATE:
        raise BadRequest("The template is larger than 1 MB.")
    return text


def _fetch(url: str) -> bytes:
    """Raises `BadRequest` unless it lies on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in local.LOOPBACK:
        raise BadRequest(
            "The simulated console reads templates from its own buckets, or from this machine alone."
        )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)
    with opener.open(url, timeout=5) as answer:
        body: bytes = answer.read(_LARGEST_TEMPLATE + 1)
    return body

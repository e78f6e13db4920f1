"""A web server of the tests' own on loopback, which answers as somebody else's would."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from portal.demo.ports import HOST


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Answer:
    body: str = ""
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    location: str = ""


def as_json(content: Any, status: int = 200) -> Answer:
    return Answer(dumps(content), status)


def as_form(content: dict[str, Any]) -> Answer:
    """As GitHub answers who does not ask for JSON."""
    return Answer(urlencode(content), kind="application/x-www-form-urlencoded; charset=utf-8")


def back_to(url: str, **said: str) -> Answer:
    return Answer(status=302, location=f"{url}?{urlencode(said)}")


Route = Callable[[Asked], Answer]


@dataclass
class StandIn:
    """`routes` by path; `asked` is what came, in order."""

    url: str
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def running() -> Generator[StandIn]:
    server = ThreadingHTTPServer((HOST, 0), _Handler)
    stand_in = StandIn(f"http://{HOST}:{server.server_address[1]}")
    server.stand_in = stand_in  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        stand_in: StandIn = self.server.stand_in  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = Asked(
            parts.path,
            dict(parse_qsl(parts.query)),
            dict(parse_qsl(body)),
            dict(self.headers),
            body,
        )
        stand_in.asked.append(asked)
        route = stand_in.routes.get(parts.path)
        answer = route(asked) if route else Answer(status=404)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the console."""

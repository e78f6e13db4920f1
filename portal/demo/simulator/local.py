"""What is not AWS answers to this machine alone, and to no other site's page."""

import json
from typing import Any

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wrappers import Request, Response

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


_trusted = False


def trust_network() -> None:
    """For a container, where a person's browser comes from the host and not from loopback."""
    global _trusted
    _trusted = True


def _callers(request: Request) -> frozenset[str | None]:
    return frozenset({request.remote_addr}) if _trusted else LOOPBACK


def require(request: Request) -> None:
    """Raises `Forbidden` for another machine, a foreign Host name (DNS rebinding) or Origin."""
    origin = request.headers.get("Origin")
    if (
        request.remote_addr not in _callers(request)
        or host_of(request.host) not in LOOPBACK
        or (origin is not None and origin != f"{request.scheme}://{request.host}")
    ):
        raise Forbidden("Only this machine may ask.")


def host_of(netloc: str) -> str:
    return netloc.rpartition(":")[0].strip("[]") if ":" in netloc else netloc


def json_body(request: Request) -> dict[str, Any]:
    """Raises `BadRequest` for anything but a JSON object. No body is an empty one."""
    try:
        body = json.loads(request.get_data(as_text=True) or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BadRequest("A JSON object is needed.")
    return body


def json_response(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")

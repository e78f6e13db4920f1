"""Which AWS call a request makes, and which error refuses it in the words of its service."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request

_CREDENTIAL = re.compile(
    r"Credential=(?P<key>[A-Za-z0-9]{16,128})/[0-9]{8}/(?P<region>[a-z0-9-]*)/(?P<service>[a-z0-9-]+)/aws4_request"
)
_READS = re.compile(
    r"(Get|List|Describe|Head|Lookup|Simulate|Validate|Estimate|Search|Select|Test|Filter|Assume"
    r"|Decode|Preview)[A-Z].*"
)
_REST_XML = frozenset({"s3", "route53", "cloudfront"})


class Fault(Exception):
    """An answer that refuses, with AWS's error code and words."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Call:
    """One AWS call. `service` is the signing name, as IAM's action prefix mostly is."""

    service: str
    action: str
    region: str
    access_key: str
    token: str = field(repr=False)
    flavour: str
    """query, ec2, json, rest-json or rest-xml."""
    params: Mapping[str, Any] = field(repr=False)
    request: Request = field(repr=False)

    @property
    def name(self) -> str:
        return f"{_IAM_PREFIX.get(self.service, self.service)}:{self.action}"

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing, by its name."""
        return _READS.fullmatch(self.action) is not None

    def text(self, *names: str) -> str:
        """The first of these parameters that is there, else an empty text."""
        for name in names:
            value = self.params.get(name)
            if value is not None:
                return str(value)
        return ""

    def members(self, prefix: str) -> list[str]:
        """A list as the query protocol spells it: `ActionNames.member.1`, `.2`, …"""
        start = len(prefix)
        found = [
            (int(name[start:]), str(value))
            for name, value in self.params.items()
            if name.startswith(prefix) and name[start:].isdecimal()
        ]
        return [value for _, value in sorted(found)]


_IAM_PREFIX = {"monitoring": "cloudwatch", "email": "ses", "s3-outposts": "s3"}


def parse(request: Request) -> Call:
    """Raises `Fault` for a request that no AWS endpoint would take for a call."""
    request.get_data()  # kept from here on; the form is read from it, moto and the state file too
    found = _CREDENTIAL.search(request.headers.get("Authorization", "")) or _CREDENTIAL.search(
        "Credential=" + request.args.get("X-Amz-Credential", "")
    )
    if found is None:
        raise Fault("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    service = found["service"]
    flavour = _flavour(request, service)
    params = _params(request, flavour)
    action = _action(request, service, flavour, params)
    if not re.fullmatch(r"[A-Za-z0-9]{1,128}", action):
        raise Fault("InvalidAction", "Could not find operation for this request", 400)
    return Call(
        service=service,
        action=action,
        region=found["region"],
        access_key=found["key"],
        token=request.headers.get("X-Amz-Security-Token")
        or request.args.get("X-Amz-Security-Token", ""),
        flavour=flavour,
        params=params,
        request=request,
    )


def _flavour(request: Request, service: str) -> str:
    if request.headers.get("X-Amz-Target"):
        return "json"
    if service == "ec2":
        return "ec2"
    if "Action" in request.form or "Action" in request.args:
        return "query"
    return "rest-xml" if service in _REST_XML else "rest-json"


def _params(request: Request, flavour: str) -> Mapping[str, Any]:
    if flavour in ("query", "ec2"):
        return {**request.args.to_dict(), **request.form.to_dict()}
    if flavour == "rest-xml":
        return request.args.to_dict()
    try:
        body = json.loads(request.get_data(as_text=True) or "{}")
    except ValueError:
        raise Fault("SerializationException", "The request body is not valid JSON", 400) from None
    return body if isinstance(body, dict) else {}


def _action(request: Request, service: str, flavour: str, params: Mapping[str, Any]) -> str:
    if flavour == "json":
        return request.headers["X-Amz-Target"].rpartition(".")[2]
    if flavour in ("query", "ec2"):
        return str(params.get("Action", ""))
    if service == "account":
        path = request.path.strip("/")
        return path[:1].upper() + path[1:]
    return _operation(service, request)


def _operation(service: str, request: Request) -> str:
    environ = {**request.environ, "wsgi.input": BytesIO(request.get_data())}
    try:
        operation, _ = _router(service).match(MotoRequest(environ))
    except NotFound:
        return ""
    return str(operation.name)


@cache
def _router(service: str) -> Any:
    try:
        return get_service_router(service)
    except Exception:
        # moto raises botocore's UnknownServiceError, and only its own modules may import botocore.
        raise Fault("InvalidAction", f"The simulator does not know {service}", 400) from None


_INVALID = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"

_UNKNOWN_KEY = {
    "query": ("InvalidClientTokenId", _INVALID, 403),
    "ec2": (
        "AuthFailure",
        "AWS was not able to validate the provided access credentials",
        401,
    ),
    "json": ("UnrecognizedClientException", _INVALID, 400),
    "rest-json": ("UnrecognizedClientException", _INVALID, 403),
    "rest-xml": (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    ),
}
_EXPIRED_TOKEN = {
    "query": ("ExpiredToken", _EXPIRED, 403),
    "ec2": ("RequestExpired", "Request has expired.", 400),
    "json": ("ExpiredTokenException", _EXPIRED, 400),
    "rest-json": ("ExpiredTokenException", _EXPIRED, 403),
    "rest-xml": ("ExpiredToken", "The provided token has expired.", 400),
}
_DENIED = {
    "query": ("AccessDenied", 403),
    "ec2": ("UnauthorizedOperation", 403),
    "json": ("AccessDeniedException", 400),
    "rest-json": ("AccessDeniedException", 403),
    "rest-xml": ("AccessDenied", 403),
}
_THROTTLED = {
    "query": ("Throttling", "Rate exceeded", 400),
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "json": ("ThrottlingException", "Rate exceeded", 400),
    "rest-json": ("TooManyRequestsException", "Too Many Requests", 429),
    "rest-xml": ("SlowDown", "Please reduce your request rate.", 503),
}


def unknown_key(call: Call) -> Fault:
    return Fault(*_UNKNOWN_KEY[call.flavour])


def expired(call: Call) -> Fault:
    return Fault(*_EXPIRED_TOKEN[call.flavour])


def denied(call: Call, message: str) -> Fault:
    code, status = _DENIED[call.flavour]
    if call.flavour == "ec2":
        message = f"You are not authorized to perform this operation. {message}"
    return Fault(code, message, status)


_UNAVAILABLE = {
    "query": ("ServiceUnavailable", "Service is unavailable.", 503),
    "ec2": ("Unavailable", "The service is unavailable. Please try again shortly.", 503),
    "json": ("ServiceUnavailableException", "Service is unavailable.", 503),
    "rest-json": ("ServiceUnavailableException", "Service is unavailable.", 503),
    "rest-xml": ("ServiceUnavailable", "Service is unable to handle request.", 503),
}


def unavailable(call: Call) -> Fault:
    return Fault(*_UNAVAILABLE[call.flavour])


def throttled(call: Call) -> Fault:
    if call.service == "servicequotas":
        return Fault("TooManyRequestsException", "Too Many Requests", 429)
    return Fault(*_THROTTLED[call.flavour])

"""Calls that the simulation makes itself, without HTTP."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

_VERSIONS = {
    "iam": "2010-05-08",
    "ec2": "2016-11-15",
    "cloudformation": "2010-05-15",
    "rds": "2014-10-31",
}


def query_request(service: str, action: str, region: str, params: Mapping[str, str]) -> Request:
    body = urlencode({"Action": action, "Version": _VERSIONS[service], **params})
    return _request(service, region, "/", body, "application/x-www-form-urlencoded")


def json_request(service: str, path: str, region: str, body: Mapping[str, Any]) -> Request:
    """A POST of a REST service."""
    return _request(service, region, path, json.dumps(body), "application/json")


def _request(service: str, region: str, path: str, body: str, content_type: str) -> Request:
    scope = f"Credential={'INSIDE':X<20}/20200101/{region}/{service}/aws4_request"
    builder = EnvironBuilder(
        path=path,
        method="POST",
        data=body,
        content_type=content_type,
        headers=[("Authorization", f"AWS4-HMAC-SHA256 {scope}")],
    )
    return Request(builder.get_environ())


def text_of(xml: str, tag: str) -> str:
    """The text of the first such element. Raises LookupError when there is none."""
    found = re.search(rf"<{tag}>([^<]*)</{tag}>", xml)
    if found is None:
        raise LookupError(f"no {tag} in the answer")
    return found[1]

"""The file that lets the next start go on: every call that changed something, in order.

A changing call is saved with its number. The number is the seed of every id it made, so that
playing the calls back gives the same ids. Sessions are not saved: a restart ends them.
"""

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request

from portal.demo.simulator.wire import Call

_NAME = "calls.jsonl"


class State:
    def __init__(self, directory: Path | None) -> None:
        self._path = None if directory is None else directory / _NAME
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def saved(self) -> Iterator[dict[str, Any]]:
        """A last line that was cut short by a crash is taken off."""
        if self._path is None or not self._path.exists():
            return
        whole = 0
        for line in self._path.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                os.truncate(self._path, whole)
                return
            whole += len(line)
            yield json.loads(line)

    def append(self, record: dict[str, Any]) -> None:
        """Trust policies hold external IDs, so the file is its owner's alone."""
        if self._path is None:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(record, separators=(",", ":")) + "\n")

    def clear(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)


_KEPT_ENVIRON = (
    "REQUEST_METHOD",
    "PATH_INFO",
    "RAW_URI",
    "REQUEST_URI",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "HTTP_HOST",
    "HTTP_CONTENT_ENCODING",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
)
_AMZ = "HTTP_X_AMZ_"
_SECRET = ("HTTP_X_AMZ_SECURITY_TOKEN", "HTTP_X_AMZ_SIGNATURE")
_SIGNED_IN_URL = re.compile(r"X-Amz-[A-Za-z-]+=[^&]*&?")


def saved_request(call: Call) -> dict[str, Any]:
    """What answering the call once more needs: no key, no token, no signature."""
    environ = {
        name: _SIGNED_IN_URL.sub("", str(call.request.environ[name]))
        for name in call.request.environ
        if name in _KEPT_ENVIRON or (name.startswith(_AMZ) and name not in _SECRET)
    }
    scope = f"{'SAVED':X<20}/20200101/{call.region}/{call.service}/aws4_request"
    environ["HTTP_AUTHORIZATION"] = f"AWS4-HMAC-SHA256 Credential={scope}"
    body = base64.b64encode(call.request.get_data()).decode("ascii")
    return {"environ": environ, "body": body}


def request_again(record: Mapping[str, Any]) -> Request:
    body = BytesIO(base64.b64decode(record["body"]))
    return Request({**record["environ"], "wsgi.input": body, "wsgi.url_scheme": "http"})

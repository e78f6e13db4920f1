"""The simulated AWS as a process, and its controls."""

import json
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3

from portal.demo.processes import PYTHON, Processes, alive


@dataclass(frozen=True)
class Simulator:
    url: str

    def reset(self) -> None:
        """Only the sample accounts, untouched; every knob as at the start; no journal."""
        self._call("reset", {})

    def knobs(self, **values: Any) -> Any:
        """Set knobs: `latency_ms`, `throttle`, `fail`, `scps`, … `control.py` lists them."""
        return self._call("knobs", values)

    def journal(self, account: str | None = None) -> list[dict[str, Any]]:
        """The calls so far, oldest first: service, action, outcome, who; no secrets."""
        query = "?" + urlencode({"account": account}) if account else ""
        return list(self._call(f"journal{query}"))

    def add_account(self, account_id: str, name: str = "Added by a test") -> None:
        self._call("accounts", {"account_id": account_id, "name": name})

    def credentials(
        self, account_id: str, seconds: int = 3600, kind: str = "admin"
    ) -> dict[str, str]:
        """Temporary credentials of an account, as its owner would copy them: an administrator's,
        or of a `kind` that IAM does not take ("session_without_mfa", "federation")."""
        body = {"seconds": seconds, "kind": kind}
        answer = self._call(f"accounts/{account_id}/credentials", body)
        return dict(answer)

    def session(self, account_id: str, region: str = "us-east-1") -> boto3.Session:
        """boto3 as an administrator of the account. The endpoint comes from the environment."""
        keys = self.credentials(account_id)
        return boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            region_name=region,
        )

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_simulator/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def running(url: str, folder: Path) -> Generator[Simulator]:
    """Run the simulator on the port that `url` names."""
    with Processes() as processes:
        port = str(urlsplit(url).port)
        processes.start(
            "simulator",
            [PYTHON, "-m", "portal.demo.simulator", "--port", port],
            log=folder / "simulator.log",
        )
        processes.wait_for(lambda: alive(f"{url}/_simulator/health"), what="The simulator")
        yield Simulator(url)

"""A shell for the customer's script, and simulated AWS accounts to run it in."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest

from onboarding import facts
from portal.demo.simulator.server import Simulator, serving

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_script(tmp_path: Path) -> Run:
    """Runs a script as a file in an empty folder, with nothing of this process's environment."""

    def run(
        text: str, *, shell: str = "dash", env: dict[str, str] | None = None, path: str = ""
    ) -> subprocess.CompletedProcess[str]:
        script = tmp_path / "create_role.sh"
        script.write_text(text)
        return subprocess.run(
            [shutil.which(shell) or shell, script],
            env={"PATH": f"{path}:{os.defpath}", "HOME": str(tmp_path)} | (env or {}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@dataclass(frozen=True)
class Account:
    """A simulated AWS account, seen by its administrator."""

    endpoint: str
    account_id: str
    env: dict[str, str] = field(repr=False)

    def client(self, service: str) -> Any:
        session: Any = boto3.Session(
            region_name=facts.CONSOLE_REGION,
            aws_access_key_id=self.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.env["AWS_SESSION_TOKEN"],
        )
        return session.client(service, endpoint_url=self.endpoint)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving(Simulator()) as url:
        yield url


_numbers = count(710_000_000_001)


@pytest.fixture
def account(endpoint: str) -> Account:
    """A fresh account; nobody else has a role in it."""
    account_id = str(next(_numbers))
    _post(endpoint, "accounts", {"account_id": account_id, "name": "fresh"})
    keys = _post(endpoint, f"accounts/{account_id}/credentials", {"seconds": 3600})
    env = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": facts.CONSOLE_REGION,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
    return Account(endpoint, account_id, env)


def _post(endpoint: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
    request = Request(
        f"{endpoint}/_simulator/{path}",
        data=json.dumps(content).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or "{}")

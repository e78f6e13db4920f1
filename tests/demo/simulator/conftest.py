"""A simulator on loopback, and callers of it. Its state is the process's: one test module, one world."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from portal.demo.simulator.accounts import VENDOR_KEY
from portal.demo.simulator.server import Simulator, serving

# AWS's own judgement is wanted, so botocore does not judge first.
FAST = Config(
    retries={"total_max_attempts": 1},
    connect_timeout=3,
    read_timeout=60,
    parameter_validation=False,
)
VENDOR = {
    "aws_access_key_id": VENDOR_KEY.access_key_id,
    "aws_secret_access_key": VENDOR_KEY.secret_access_key,
}


@dataclass(frozen=True)
class World:
    url: str

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.url}/_simulator/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def keys(self, account_id: str, seconds: int = 3600) -> dict[str, str]:
        """An administrator's temporary credentials, as boto3 takes them."""
        return as_keys(self.control(f"accounts/{account_id}/credentials", {"seconds": seconds}))

    def client(
        self, service: str, keys: dict[str, str], region: str = "us-east-1", **settings: Any
    ) -> Any:
        make: Any = boto3.client  # typed by name of service, and here it is any of them
        config = FAST.merge(Config(**settings)) if settings else FAST
        return make(service, endpoint_url=self.url, region_name=region, config=config, **keys)

    def admin(self, service: str, account_id: str, region: str = "us-east-1") -> Any:
        return self.client(service, self.keys(account_id), region)

    def vendor(self, service: str, region: str = "us-east-1") -> Any:
        return self.client(service, VENDOR, region)


def as_keys(credentials: dict[str, Any]) -> dict[str, str]:
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def refused(call: Any, **parameters: Any) -> str:
    """AWS's error code for a call that must fail."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    with serving(Simulator()) as url:
        yield World(url)


@pytest.fixture
def world(served: World) -> World:
    """The sample accounts as they were."""
    served.control("reset", {})
    return served

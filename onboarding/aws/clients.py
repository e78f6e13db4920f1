"""How the portal makes a boto3 client: short time-outs, quiet loggers, every call recorded."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader, create_loader

from onboarding.aws.calls import Identity, Recorder
from onboarding.aws.errors import Misconfigured, without_credentials
from onboarding.aws.recording import record_calls

# boto3's stubs for single services are not installed, so clients and sessions are Any.
SessionFactory = Callable[..., Any]

CONFIG = Config(
    connect_timeout=3,  # seconds; botocore's 60 would hold a worker for minutes
    read_timeout=10,
    retries={"total_max_attempts": 4, "mode": "standard"},
    max_pool_connections=32,  # checks ask side by side; with botocore's 10, connections are dropped
)


def hush_botocore() -> None:
    """Hold botocore's loggers at INFO whatever the root level: at DEBUG they print credentials."""
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)


hush_botocore()


@cache
def _loader() -> Loader:
    """AWS's service models, parsed once a process: EC2's alone takes a quarter of a second."""
    loader: Loader = create_loader()
    return loader


def load_models(services: Iterable[str]) -> None:
    """Parse the models of these services before they are needed."""
    for service in services:
        _loader().load_service_model(service, "service-2")


@dataclass(frozen=True)
class Opener:
    """Makes clients that share a session: making one is half the work of making a client.

    The endpoint is boto3's own, or AWS_ENDPOINT_URL. Not for several threads at once.
    """

    session: SessionFactory
    account_id: str
    record: Recorder
    identity: Identity = Identity.ROLE
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    def open(self, service: str, region: str) -> Any:
        """A client whose calls are recorded. Raises `Misconfigured`."""
        hush_botocore()  # logging may have been set up again since
        try:
            client = self._made.client(service, region_name=region, config=CONFIG)
        except (BotoCoreError, ValueError) as exc:
            raise Misconfigured(
                without_credentials(str(exc)),
                code=type(exc).__name__,
                action=f"{service}:*",
                account_id=self.account_id,
                region=region,
                identity=self.identity,
            ) from None
        record_calls(client, account_id=self.account_id, record=self.record, identity=self.identity)
        return client

    @cached_property
    def _made(self) -> Any:
        core = botocore.session.get_session()
        core.register_component("data_loader", _loader())
        core.set_config_variable("sts_regional_endpoints", "regional")
        return self.session(botocore_session=core, **self.credentials)

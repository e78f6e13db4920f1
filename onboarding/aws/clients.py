"""How the portal makes a boto3 client: short time-outs, quiet loggers, every call recorded."""

import logging
from collections.abc import Callable
from functools import cache
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


def open_client(
    session: SessionFactory,
    service: str,
    *,
    region: str,
    account_id: str,
    record: Recorder,
    identity: Identity = Identity.ROLE,
    **credentials: str,
) -> Any:
    """A client whose calls are recorded. The endpoint is boto3's own, or AWS_ENDPOINT_URL."""
    hush_botocore()  # logging may have been set up again since
    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    core.set_config_variable("sts_regional_endpoints", "regional")
    try:
        made = session(botocore_session=core, region_name=region, **credentials)
        client = made.client(service, config=CONFIG)
    except (BotoCoreError, ValueError) as exc:
        raise Misconfigured(
            without_credentials(str(exc)),
            code=type(exc).__name__,
            action=f"{service}:*",
            account_id=account_id,
            region=region,
            identity=identity,
        ) from None
    record_calls(client, account_id=account_id, record=record, identity=identity)
    return client

"""What a customer wants, for tests: the defaults, changed where a test says so."""

from dataclasses import replace
from typing import Any

from onboarding.aws.check import Wish

DEFAULT = Wish(
    aws_account_id="210987654321",
    region="us-east-1",
    node_type="m5.xlarge",
    max_nodes=10,
    cluster_name="analytics",
    astro_cidr="172.20.0.0/19",
)


def wish(**changes: Any) -> Wish:
    return replace(DEFAULT, **changes)

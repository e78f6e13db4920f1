"""The simulated AWS at the latency of a far Region, and what the measures do in it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from onboarding.policy import document
from onboarding.policy.role import role_spec
from tests.aws.simulated import SimulatedAws
from tests.harness import environment
from tests.harness import simulator as simulator_process

EDITION = document.shipped()

LATENCY_MS = 60
"""Added to every AWS call: a call from one continent to another."""
EXTERNAL_ID = "astro-" + "a2" * 16


@contextmanager
def far_away() -> Iterator[SimulatedAws]:
    """The simulator as a process of its own, found by boto3's own variables."""
    environment.forget()
    with TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ |= environment.portal("sqlite://:memory:", "redis://127.0.0.1:1/0", Path(folder))
        with simulator_process.running(os.environ["AWS_ENDPOINT_URL"], Path(folder)) as simulator:
            yield SimulatedAws(simulator)


@contextmanager
def slowly(aws: SimulatedAws) -> Iterator[None]:
    """Every call inside the block takes `LATENCY_MS` longer; what prepares it does not."""
    aws.simulator.knobs(latency_ms=LATENCY_MS)
    try:
        yield
    finally:
        aws.simulator.knobs(latency_ms=0)


def account_with_the_role(aws: SimulatedAws) -> str:
    """An account in which the published role stands."""
    account_id = aws.new_account()
    spec = role_spec(EDITION, EXTERNAL_ID)
    aws.make_role(account_id, spec.trust_policy, permissions=None)
    iam = aws.admin(account_id, "iam")
    for name, text in spec.policies:
        made = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(text))
        iam.attach_role_policy(RoleName=spec.role_name, PolicyArn=made["Policy"]["Arn"])
    return account_id

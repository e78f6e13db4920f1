from collections.abc import Generator

import pytest

from tests.aws.simulated import SimulatedAws
from tests.faults.world import World
from tests.harness.simulator import Simulator


@pytest.fixture
def world(simulator: Simulator) -> Generator[World]:
    """An account in which nothing stands yet, and everything that can be done to it."""
    aws = SimulatedAws(simulator)
    with pytest.MonkeyPatch.context() as patch:
        yield World(aws, aws.new_account(), patch)

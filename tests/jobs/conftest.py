from typing import TYPE_CHECKING

import pytest

from tests.aws.simulated import SimulatedAws

if TYPE_CHECKING:
    from tests.harness.simulator import Simulator


@pytest.fixture
def aws(simulator: "Simulator") -> SimulatedAws:
    return SimulatedAws(simulator)

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from tests.aws.simulated import SimulatedAws
from tests.harness import canary

if TYPE_CHECKING:
    from tests.harness.simulator import Simulator


@pytest.fixture
def aws(simulator: "Simulator") -> SimulatedAws:
    return SimulatedAws(simulator)


@pytest.fixture
def everything_logged() -> Generator[list[str]]:
    with canary.everything_logged() as lines:
        yield lines

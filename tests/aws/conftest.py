from typing import TYPE_CHECKING

import pytest

from tests.aws.simulated import SimulatedAws

if TYPE_CHECKING:
    from tests.harness.simulator import Simulator


@pytest.fixture
def aws(simulator: "Simulator") -> SimulatedAws:
    """The simulated AWS, reached as the portal reaches AWS: by boto3's own variables."""
    return SimulatedAws(simulator)


@pytest.fixture
def account_id(aws: SimulatedAws) -> str:
    """A healthy account in which nothing stands yet."""
    return aws.new_account()

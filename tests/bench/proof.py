"""One look at the role: four questions that go out at once."""

from collections.abc import Iterator

from onboarding.aws.verify import Answer, probe
from tests.aws.simulated import Log, SimulatedAws
from tests.bench.measure import Measure
from tests.bench.world import EXTERNAL_ID, account_with_the_role

MOST_STS_CALLS = 8
"""In the two looks of a proof."""


def measures(aws: SimulatedAws) -> Iterator[Measure]:
    account_id = account_with_the_role(aws)
    log = Log()
    for _ in range(2):
        assert probe(account_id, EXTERNAL_ID, region="us-east-1", record=log).opens is Answer.OPENED
    asked = [call for call in log.calls if call.service == "sts"]
    yield Measure("STS calls of a proof", len(asked), MOST_STS_CALLS)

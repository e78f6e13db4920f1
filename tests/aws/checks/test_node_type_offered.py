from typing import Any

import pytest

from onboarding.aws.account import Account
from onboarding.aws.check import Status, Turn
from onboarding.aws.checks.node_type_offered import CHECK
from tests.aws.simulated import SimulatedAws
from tests.aws.wishes import wish


def test_a_type_offered_in_two_zones_passes_and_names_them(
    aws: SimulatedAws, account_id: str
) -> None:
    finding = CHECK.run(aws.account(account_id), wish())

    assert finding.status is Status.PASSED
    assert "us-east-1a" in finding.saw


def test_a_type_not_offered_says_where_to_look(aws: SimulatedAws, account_id: str) -> None:
    aws.set_region(account_id, "ap-east-1", "ENABLED")
    wanted = wish(region="ap-east-1", node_type="t2.xlarge")

    finding = CHECK.run(aws.account(account_id, "ap-east-1"), wanted)

    assert (finding.status, finding.turn) == (Status.FAILED, Turn.CUSTOMER)
    assert finding.saw == "t2.xlarge is not offered in ap-east-1."
    assert "Values=t2.xlarge" in finding.fix.command


class Offers(Account):
    """An account in a Region that offers the type where a test says: the simulator's never vary."""

    def __init__(self, *zones: str) -> None:
        self.account_id, self.region = "210987654321", "us-east-1"
        self._zones = zones

    def ask_all(
        self, service: str, method: str, key: str, region: str | None = None, **params: Any
    ) -> list[Any]:
        return [{"Location": zone} for zone in self._zones]


@pytest.mark.parametrize(
    ("zones", "status"),
    [
        (("us-east-1a", "us-east-1b"), Status.PASSED),
        (("us-east-1e",), Status.FAILED),
        ((), Status.FAILED),
        (("us-east-1a", "us-east-1-bos-1a", "us-east-1-wl1-nyc-wlz-1"), Status.FAILED),
    ],
    ids=["two", "one", "none", "one and local zones"],
)
def test_two_availability_zones_are_needed_and_local_zones_are_none(
    zones: tuple[str, ...], status: Status
) -> None:
    finding = CHECK.run(Offers(*zones), wish())

    assert finding.status is status
    assert all(zone in finding.saw for zone in zones[:1])

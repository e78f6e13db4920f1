import pytest

from onboarding.aws.check import PeerWish, Status, Turn
from onboarding.aws.checks.reserved_ranges import CHECK
from onboarding.facts import networks
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish

ANYWHERE = "210987654321"


def peers(*cidrs: str) -> tuple[PeerWish, ...]:
    return (PeerWish("vpc-0a1b2c3d", "111122223333", "us-east-1", cidrs),)


@pytest.mark.parametrize(
    ("astro", "theirs", "status"),
    [
        ("172.20.0.0/19", (), Status.PASSED),
        ("172.20.0.0/19", ("10.60.0.0/16",), Status.PASSED),
        ("172.20.0.0/19", ("10.100.0.0/20",), Status.WARNING),
        ("172.20.0.0/19", ("172.17.4.0/24",), Status.WARNING),
        ("172.17.0.0/19", (), Status.WARNING),
        ("10.0.0.0/19", ("172.20.0.0/16",), Status.WARNING),
        ("10.0.0.0/19", ("10.100.0.0/20",), Status.PASSED),
        ("10.100.0.0/19", (), Status.PASSED),
    ],
)
def test_ranges_of_services_and_docker_are_kept_free(
    aws: SimulatedAws, astro: str, theirs: tuple[str, ...], status: Status
) -> None:
    log = Log()

    finding = CHECK.run(
        aws.account(ANYWHERE, record=log), wish(astro_cidr=astro, peers=peers(*theirs))
    )

    assert finding.status is status
    assert log.calls == []


@pytest.mark.parametrize(
    ("astro", "theirs"),
    [
        ("172.20.0.0/19", ("10.100.0.0/20",)),
        ("10.0.0.0/19", ("172.20.0.0/16",)),
        ("172.17.0.0/19", ()),
        ("172.17.0.0/19", ("10.100.0.0/20",)),
    ],
)
def test_the_block_named_puts_it_right(
    aws: SimulatedAws, astro: str, theirs: tuple[str, ...]
) -> None:
    wanted = wish(astro_cidr=astro, peers=peers(*theirs))
    finding = CHECK.run(aws.account(ANYWHERE), wanted)
    another = finding.fix.steps[0].split("such as ")[1].split(":")[0]

    after = CHECK.run(aws.account(ANYWHERE), wish(astro_cidr=another, peers=peers(*theirs)))

    assert finding.turn is Turn.CUSTOMER
    assert after.status is Status.PASSED
    assert not any(networks.overlaps(another, block) for block in theirs)


def test_where_no_block_helps_none_is_named(aws: SimulatedAws) -> None:
    both = peers("10.100.0.0/16", "172.20.0.0/16")

    finding = CHECK.run(aws.account(ANYWHERE), wish(astro_cidr="10.0.0.0/19", peers=both))

    assert finding.status is Status.WARNING
    assert len(finding.fix.steps) == 1
    assert "this stops nothing" in finding.fix.steps[0]

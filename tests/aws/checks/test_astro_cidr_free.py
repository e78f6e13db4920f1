from ipaddress import IPv4Network

import pytest

from onboarding.aws.check import PeerWish, Status, Turn
from onboarding.aws.checks.astro_cidr_free import CHECK
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish


def peer(*cidrs: str) -> PeerWish:
    return PeerWish("vpc-0a1b2c3d", "111122223333", "us-east-1", cidrs)


def test_no_cidr_is_nothing_to_compare(aws: SimulatedAws, account_id: str) -> None:
    log = Log()

    finding = CHECK.run(aws.account(account_id, record=log), wish(astro_cidr=""))

    assert finding.status is Status.PASSED
    assert log.calls == []


@pytest.mark.parametrize(
    ("mine", "status"),
    [
        ("172.20.0.0/19", "failed"),
        ("172.20.0.0/16", "failed"),
        ("172.20.16.0/20", "failed"),
        ("172.20.32.0/20", "passed"),
        ("10.0.0.0/16", "passed"),
    ],
    ids=["equal", "around", "inside", "beside", "elsewhere"],
)
def test_a_vpc_of_the_account_is_compared(
    aws: SimulatedAws, account_id: str, mine: str, status: str
) -> None:
    vpc = aws.admin(account_id, "ec2").create_vpc(CidrBlock=mine)["Vpc"]["VpcId"]

    finding = CHECK.run(aws.account(account_id), wish())

    assert finding.status == status
    assert (f"{vpc} ({mine})" in finding.saw) == (status == "failed")


def test_a_secondary_range_counts_too(aws: SimulatedAws, account_id: str) -> None:
    ec2 = aws.admin(account_id, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="172.20.0.0/20")

    finding = CHECK.run(aws.account(account_id), wish())

    assert f"{vpc} (172.20.0.0/20)" in finding.saw


def test_the_default_vpc_counts_and_is_called_that(aws: SimulatedAws, account_id: str) -> None:
    finding = CHECK.run(aws.account(account_id), wish(astro_cidr="172.31.0.0/19"))

    assert finding.status is Status.FAILED
    assert "overlaps the default VPC vpc-" in finding.saw


def test_a_vpc_of_another_region_does_not_count(aws: SimulatedAws, account_id: str) -> None:
    aws.admin(account_id, "ec2", "eu-west-1").create_vpc(CidrBlock="172.20.0.0/16")

    assert CHECK.run(aws.account(account_id), wish()).status is Status.PASSED


def test_the_name_of_the_vpc_is_said(aws: SimulatedAws) -> None:
    finding = CHECK.run(aws.account("430987654321"), wish())

    assert "“warehouse”" in finding.saw


@pytest.mark.parametrize(
    ("cidrs", "status"),
    [
        (("172.20.8.0/24",), Status.FAILED),
        (("10.1.0.0/16", "172.20.0.0/18"), Status.FAILED),
        (("10.1.0.0/16",), Status.PASSED),
    ],
)
def test_the_ranges_of_peers_are_compared(
    aws: SimulatedAws, account_id: str, cidrs: tuple[str, ...], status: Status
) -> None:
    finding = CHECK.run(aws.account(account_id), wish(peers=(peer(*cidrs),)))

    assert finding.status is status
    assert ("in account 111122223333" in finding.saw) == (status is Status.FAILED)


def test_the_block_suggested_is_free_and_of_the_same_size(
    aws: SimulatedAws, account_id: str
) -> None:
    taken = ("172.16.0.0/16", "172.18.0.0/15", "172.20.0.0/16")

    finding = CHECK.run(aws.account(account_id), wish(peers=(peer(*taken),)))

    suggested = IPv4Network(finding.fix.steps[0].split(" is free")[0].split()[-1])
    avoided = (*taken, "172.17.0.0/16", "172.31.0.0/16", "10.100.0.0/16")
    assert suggested.prefixlen == 19
    assert not any(suggested.overlaps(IPv4Network(block)) for block in avoided)
    assert finding.turn is Turn.CUSTOMER


def test_with_no_private_block_left_none_is_suggested(aws: SimulatedAws, account_id: str) -> None:
    everything = peer("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

    finding = CHECK.run(aws.account(account_id), wish(peers=(everything,)))

    assert finding.fix.steps[0] == "Go back to the step Network and choose another Astro CIDR."

"""Quotas against what is in use: Elastic IP addresses, VPCs, NAT gateways, internet gateways."""

from typing import Any

import pytest

from onboarding.aws.check import Check, OfferKind, Status, Turn
from onboarding.aws.checks import (
    elastic_ip_quota,
    internet_gateway_quota,
    nat_gateway_quota,
    vpc_quota,
)
from onboarding.aws.run import run_checks
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish


def addresses(ec2: Any) -> None:
    ec2.allocate_address(Domain="vpc")


def vpcs(ec2: Any) -> None:
    ec2.create_vpc(CidrBlock="10.9.0.0/16")


def internet_gateways(ec2: Any) -> None:
    ec2.create_internet_gateway()


CHECKS = pytest.mark.parametrize(
    ("check", "code", "service", "takes", "at_first", "make"),
    [
        (elastic_ip_quota.CHECK, "L-0263D0A3", "ec2", 2, 0, addresses),
        (vpc_quota.CHECK, "L-F678F1CE", "vpc", 1, 1, vpcs),
        (internet_gateway_quota.CHECK, "L-A4707A72", "vpc", 1, 0, internet_gateways),
    ],
    ids=["addresses", "vpcs", "internet gateways"],
)


@CHECKS
def test_it_passes_while_enough_is_left_and_warns_from_one_less(
    aws: SimulatedAws,
    account_id: str,
    check: Check,
    code: str,
    service: str,
    takes: int,
    at_first: int,
    make: Any,
) -> None:
    ec2 = aws.admin(account_id, "ec2")
    used = at_first + 1
    make(ec2)
    aws.set_quota(account_id, code, used + takes, "us-east-1")
    assert check.run(aws.account(account_id), wish()).status is Status.PASSED
    make(ec2)

    finding = check.run(aws.account(account_id), wish())

    assert (finding.status, finding.turn) == (Status.WARNING, Turn.CUSTOMER)
    assert f"{used + takes} " in finding.saw
    assert f"{used + 1} in use" in finding.saw
    assert finding.needed.startswith(f"Room for {takes} ")
    desired = used + 1 + takes
    assert f"--service-code {service} --quota-code {code} --desired-value {desired} " in (
        finding.fix.command
    )
    assert f"/services/{service}/quotas/{code}" in finding.fix.link
    offer = finding.fix.offer
    assert offer
    assert (offer.kind, offer.label) == (OfferKind.ASK_QUOTA, f"Ask AWS for {desired}")
    assert offer.data == {"service": service, "code": code, "desired": desired}
    assert not check.blocking


@CHECKS
def test_an_increase_with_aws_is_awss_turn_and_is_not_asked_for_again(
    aws: SimulatedAws,
    account_id: str,
    check: Check,
    code: str,
    service: str,
    takes: int,
    at_first: int,
    make: Any,
) -> None:
    aws.set_quota(account_id, code, at_first, "us-east-1")
    aws.admin(account_id, "service-quotas").request_service_quota_increase(
        ServiceCode=service, QuotaCode=code, DesiredValue=20.0
    )

    finding = check.run(aws.account(account_id), wish())

    assert (finding.status, finding.turn) == (Status.WAITING, Turn.AWS)
    assert finding.fix.offer is not None
    assert (finding.fix.offer.label, finding.fix.offer.data["desired"]) == ("Watch the request", 20)


@CHECKS
def test_what_cannot_be_counted_is_not_called_free(
    aws: SimulatedAws,
    account_id: str,
    check: Check,
    code: str,
    service: str,
    takes: int,
    at_first: int,
    make: Any,
) -> None:
    aws.fail("ec2:*", "UnauthorizedOperation")

    ((_, finding),) = run_checks(aws.account(account_id), wish(), (check,))

    assert finding.status is Status.COULD_NOT_CHECK
    assert f"--service-code {service} --quota-code {code}" in finding.fix.command
    assert f"/services/{service}/quotas/{code}" in finding.fix.link
    assert finding.report


def gateway(aws: SimulatedAws, account_id: str, zone: str) -> None:
    ec2 = aws.admin(account_id, "ec2")
    subnets = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": [zone]}])
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    subnet = subnets["Subnets"][0]["SubnetId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)


def nat(aws: SimulatedAws, account_id: str) -> Any:
    return nat_gateway_quota.CHECK.run(aws.account(account_id), wish())


def test_no_nat_gateway_in_use_is_room(aws: SimulatedAws, account_id: str) -> None:
    finding = nat(aws, account_id)

    assert finding.status is Status.PASSED
    assert finding.saw == (
        "5 NAT gateways allowed in each Availability Zone of us-east-1, none in use"
    )


def test_nat_gateways_count_by_zone_and_two_zones_with_room_are_enough(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.set_quota(account_id, "L-FE5A380F", 1, "us-east-1")
    gateway(aws, account_id, "us-east-1a")

    finding = nat(aws, account_id)

    assert finding.status is Status.PASSED
    assert "1 in us-east-1a in use" in finding.saw


def test_with_room_in_one_zone_alone_more_is_asked_for(aws: SimulatedAws, account_id: str) -> None:
    aws.set_quota(account_id, "L-FE5A380F", 1, "us-east-1")
    for zone in "abcd":
        gateway(aws, account_id, f"us-east-1{zone}")

    finding = nat(aws, account_id)

    assert (finding.status, finding.turn) == (Status.WARNING, Turn.CUSTOMER)
    assert finding.fix.offer.data["desired"] == 2


def test_the_three_quotas_of_vpc_are_read_with_one_call(aws: SimulatedAws, account_id: str) -> None:
    log = Log()
    checks = (vpc_quota.CHECK, nat_gateway_quota.CHECK, internet_gateway_quota.CHECK)

    found = dict(run_checks(aws.account(account_id, record=log), wish(), checks))

    asked = [call.action for call in log.calls if call.service == "servicequotas"]
    assert sorted(asked) == ["ListRequestedServiceQuotaChangeHistory", "ListServiceQuotas"]
    (listed,) = (call.request_id for call in log.calls if call.action == "ListServiceQuotas")
    assert all(listed in finding.request_ids for finding in found.values())

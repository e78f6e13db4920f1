import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from onboarding.aws import checks
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Status, Turn, Wish
from onboarding.aws.checks import CHECKS
from onboarding.aws.errors import (
    AwsError,
    Denied,
    Expired,
    Misconfigured,
    Refused,
    RegionOff,
    Unavailable,
)
from onboarding.aws.run import judge_error, run_checks
from onboarding.facts import ON_DEMAND_QUOTA, SPOT_QUOTA
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import DEFAULT, wish

PASSED = Finding(Status.PASSED, saw="fine")
QUOTAS = (ON_DEMAND_QUOTA, SPOT_QUOTA, "L-0263D0A3", "L-F678F1CE", "L-FE5A380F", "L-A4707A72")
ASK_NOTHING = ("region_enabled", "sts_tokens", "reserved_ranges")
"""In a Region that is always on."""
NO_REGION = ("sts_tokens", "reserved_ranges", "organization_policies")
"""What an account is asked elsewhere than in its Region."""


def toy(code: str, run: object) -> Check:
    return Check(code, code.title(), True, ("region",), run)  # type: ignore[arg-type] # a toy


def nowhere() -> Account:
    keys = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return Account("210987654321", "us-east-1", dict.fromkeys(keys, "x"))


def test_every_check_in_the_folder_is_listed_once() -> None:
    files = {path.stem for path in Path(checks.__file__).parent.glob("[a-z]*.py")}

    assert sorted(check.code for check in CHECKS) == sorted(files)


def test_a_check_relies_on_answers_that_exist() -> None:
    answers = set(DEFAULT.__dataclass_fields__)

    assert all(set(check.relies_on) <= answers for check in CHECKS)
    assert all("region" in check.relies_on for check in CHECKS)


def test_a_healthy_account_passes_every_check(aws: SimulatedAws, account_id: str) -> None:
    found = dict(run_checks(aws.account(account_id), wish(aws_account_id=account_id)))

    assert {check.code: str(finding.status) for check, finding in found.items()} == {
        check.code: "passed" for check in CHECKS
    }


def test_each_finding_carries_the_request_ids_of_its_own_calls(
    aws: SimulatedAws, account_id: str
) -> None:
    log = Log()

    found = dict(run_checks(aws.account(account_id, record=log), wish()))

    by_code = {check.code: finding.request_ids for check, finding in found.items()}
    assert {code: len(ids) for code, ids in by_code.items()} == {
        "region_enabled": 0,
        "sts_tokens": 0,
        "on_demand_quota": 2,
        "spot_quota": 2,
        "node_quota": 3,
        "node_type_offered": 1,
        "cluster_name_free": 1,
        "astro_cidr_free": 1,
        "reserved_ranges": 0,
        "elastic_ip_quota": 3,
        "vpc_quota": 3,
        "nat_gateway_quota": 4,
        "internet_gateway_quota": 3,
        "account_is_clean": 5,
        "organization_policies": 2,
    }
    told = {request_id for ids in by_code.values() for request_id in ids}
    assert told == {call.request_id for call in log.calls}


def test_what_several_checks_ask_is_asked_once_a_run(aws: SimulatedAws, account_id: str) -> None:
    log = Log()
    account = aws.account(account_id, record=log)

    list(run_checks(account, wish(aws_account_id=account_id)))
    asked = Counter((call.action, call.region) for call in log.calls)
    list(run_checks(account, wish(aws_account_id=account_id)))

    by_quota = asked.pop(("GetServiceQuota", "us-east-1"))
    assert by_quota == 3  # one for each quota of EC2
    assert set(asked.values()) == {1}
    assert len(log.calls) == 2 * (asked.total() + by_quota)


def test_checks_run_side_by_side() -> None:
    meet = Barrier(3, timeout=10)

    def wait(account: Account, wish: Wish) -> Finding:
        meet.wait()
        return PASSED

    found = list(run_checks(nowhere(), DEFAULT, [toy(name, wait) for name in "abc"]))

    assert [finding for _, finding in found] == [PASSED] * 3


def test_a_result_is_given_out_before_the_others_are_done() -> None:
    given = Barrier(2, timeout=10)

    def slow(account: Account, wish: Wish) -> Finding:
        given.wait()
        return PASSED

    running = run_checks(
        nowhere(), DEFAULT, [toy("slow", slow), toy("fast", lambda account, wish: PASSED)]
    )

    assert next(running)[0].code == "fast"
    given.wait()
    assert next(running)[0].code == "slow"


def test_a_check_that_breaks_harms_no_other_and_is_supports_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(account: Account, wish: Wish) -> Finding:
        raise RuntimeError("a mistake of ours")

    found = run_checks(
        nowhere(), DEFAULT, [toy("broken", broken), toy("fine", lambda account, wish: PASSED)]
    )
    by_code = {check.code: finding for check, finding in found}

    assert by_code["fine"] == PASSED
    assert by_code["broken"].status is Status.COULD_NOT_CHECK
    assert by_code["broken"].turn is Turn.SUPPORT
    assert "a mistake" not in by_code["broken"].saw
    assert "the check broken failed" in caplog.text


def test_no_checks_are_no_findings() -> None:
    assert list(run_checks(nowhere(), DEFAULT, ())) == []


def error(kind: type[AwsError], action: str = "ec2:DescribeVpcs", message: str = "No.") -> AwsError:
    where: Any = {"account_id": "210987654321", "region": "ap-east-1", "request_id": "req-1"}
    return kind(message, code="Code", action=action, **where)


@pytest.mark.parametrize(
    ("kind", "turn", "words"),
    [
        (Denied, Turn.CUSTOMER, "policies of the role"),
        (Unavailable, Turn.AWS, "check again in a minute"),
        (Expired, Turn.CUSTOMER, "new ones"),
        (RegionOff, Turn.CUSTOMER, "Turn ap-east-1 on"),
        (Misconfigured, Turn.SUPPORT, "support"),
        (Refused, Turn.SUPPORT, "support"),
    ],
)
def test_each_kind_of_silence_says_whose_turn_it_is_and_what_to_do(
    kind: type[AwsError], turn: Turn, words: str
) -> None:
    finding = judge_error(toy("free", None), error(kind))

    assert finding.status is Status.COULD_NOT_CHECK
    assert finding.turn is turn
    assert words in " ".join(finding.fix.steps)
    assert finding.request_ids == ("req-1",)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("with an explicit deny in a service control policy", "AWS Organizations"),
        ("because no permissions boundary allows it", "boundary"),
        ("with an explicit deny", "Look for that Deny"),
        ("because no identity-based policy allows it", "do not allow ec2:DescribeVpcs"),
    ],
)
def test_a_denial_names_the_layer_to_change(message: str, words: str) -> None:
    finding = judge_error(toy("free", None), error(Denied, message=message))

    assert words in finding.fix.steps[0]


@pytest.mark.parametrize(
    "action",
    [
        "ec2:DescribeVpcs",
        "ec2:DescribeRegions",
        "ec2:DescribeInstanceTypeOfferings",
        "servicequotas:GetServiceQuota",
        "account:GetRegionOptStatus",
        "iam:GetRole",
    ],
)
def test_what_we_may_not_read_the_customer_can_look_up(action: str) -> None:
    fix = judge_error(toy("free", None), error(Denied, action)).fix

    assert fix.command.startswith("aws ")
    assert re.match(r"https://[a-z0-9-]+\.console\.aws\.amazon\.com/", fix.link)
    assert fix.link_label


def test_a_role_that_may_read_nothing_leaves_every_check_with_a_way_to_look(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.fail("*", "AccessDenied", times=100)

    found = dict(run_checks(aws.account(account_id), wish()))

    silent = [one for one in found.values() if one.status is not Status.PASSED]
    assert {one.status for one in silent} == {Status.COULD_NOT_CHECK}
    assert len(silent) == len(CHECKS) - len(ASK_NOTHING)
    assert all(one.fix.command and one.fix.link for one in silent)


def test_a_region_that_is_off_is_told_once_as_a_failure_and_else_as_silence(
    aws: SimulatedAws, account_id: str
) -> None:
    wanted = replace(DEFAULT, region="ap-east-1", aws_account_id=account_id)

    found = {
        check.code: finding
        for check, finding in run_checks(aws.account(account_id, "ap-east-1"), wanted)
    }

    assert found.pop("region_enabled").status is Status.FAILED
    answered = {code: found.pop(code).status for code in NO_REGION}
    assert Status.COULD_NOT_CHECK not in answered.values()
    assert {finding.status for finding in found.values()} == {Status.COULD_NOT_CHECK}
    assert all("Turn ap-east-1 on" in finding.fix.steps[0] for finding in found.values())
    turn_on = "aws account enable-region --region-name ap-east-1"
    assert {finding.fix.command for finding in found.values()} == {turn_on}

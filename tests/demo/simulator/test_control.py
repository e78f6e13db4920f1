"""Journal, knobs and accounts."""

import json
import time
from typing import Any

import pytest
import requests

from portal.demo.simulator.samples import HEALTHY, SAMPLES
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import EXTERNAL_ID, assume, make_role


def status_of(
    world: World, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> int:
    answer = requests.request(
        "GET" if body is None else "POST", world.url + path, data=body, headers=headers, timeout=10
    )
    assert "Traceback" not in answer.text
    return answer.status_code


def test_the_journal_tells_who_did_what_where_and_how_it_ended(world: World) -> None:
    make_role(world, HEALTHY)
    assume(world, HEALTHY)
    last = world.control(f"journal?account={HEALTHY}")[-1]
    assert (last["service"], last["action"], last["outcome"]) == ("sts", "AssumeRole", "ok")
    assert (last["account"], last["caller_account"]) == (HEALTHY, "406882777402")
    assert last["principal"] == "arn:aws:iam::406882777402:user/astro-install-portal"
    assert last["region"] == "us-east-1"


def test_the_journal_holds_no_secret(world: World) -> None:
    make_role(world, HEALTHY)
    session = assume(world, HEALTHY)
    text = json.dumps(world.control("journal"))
    assert EXTERNAL_ID not in text
    for secret in session.values():
        assert secret not in text


def test_refused_calls_are_in_the_journal_of_their_account_alone(world: World) -> None:
    refused(
        world.vendor("sts").assume_role,
        RoleArn=f"arn:aws:iam::{HEALTHY}:role/none",
        RoleSessionName="xx",
    )
    assert [one["outcome"] for one in world.control(f"journal?account={HEALTHY}")] == [
        "AccessDenied"
    ]
    assert world.control("journal?account=430987654321") == []


def test_latency_slows_every_call(world: World) -> None:
    sts = world.vendor("sts")
    sts.get_caller_identity()
    world.control("knobs", {"latency_ms": 150})
    begun = time.monotonic()
    sts.get_caller_identity()
    assert time.monotonic() - begun >= 0.15


@pytest.mark.parametrize(
    ("service", "name", "action", "code"),
    [
        ("iam", "iam:ListRoles", "list_roles", "Throttling"),
        ("ec2", "ec2:*", "describe_vpcs", "RequestLimitExceeded"),
        ("logs", "logs:DescribeLogGroups", "describe_log_groups", "ThrottlingException"),
    ],
)
def test_throttling_hits_the_next_calls_and_then_stops(
    world: World, service: str, name: str, action: str, code: str
) -> None:
    world.control("knobs", {"throttle": {name: 2}})
    call = getattr(world.admin(service, HEALTHY), action)
    assert [refused(call), refused(call)] == [code, code]
    assert call()


def test_a_call_can_be_told_to_fail(world: World) -> None:
    world.control("knobs", {"fail": {"sts:GetCallerIdentity": ["ServiceUnavailable", 1]}})
    sts = world.vendor("sts")
    assert refused(sts.get_caller_identity) == "ServiceUnavailable"
    assert sts.get_caller_identity()


def test_reset_turns_every_knob_back(world: World) -> None:
    before = world.control("knobs")
    world.control("knobs", {"latency_ms": 5, "propagation_seconds": 9, "throttle": {"iam:*": 1}})
    world.control("reset", {})
    assert world.control("knobs") == before


def test_an_added_account_is_healthy_and_empty(world: World) -> None:
    world.control("accounts", {"account_id": "765432109876", "name": "Fresh"})
    quotas = world.admin("service-quotas", "765432109876")
    quota = quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")["Quota"]
    assert quota["Value"] == 256
    make_role(world, "765432109876")
    assert assume(world, "765432109876")


def test_health_counts_the_accounts(world: World) -> None:
    assert world.control("health") == {"status": "ok", "accounts": len(SAMPLES) + 1}


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/_simulator/none", None, 404),
        ("/_simulator/reset", None, 405),
        ("/_simulator/knobs", b"{", 400),
        ("/_simulator/knobs", b"[]", 400),
        ("/_simulator/knobs", b'{"latency_ms": "soon"}', 400),
        ("/_simulator/knobs", b'{"quotas": {"account": "999900001111"}}', 400),
        ("/_simulator/knobs", b'{"regions": 5}', 400),
        ("/_simulator/accounts", b'{"account_id": "12"}', 400),
        ("/_simulator/accounts", b'{"account_id": "210987654321"}', 409),
        ("/_simulator/accounts/999900001111/credentials", b"{}", 404),
        ("/_simulator/accounts/210987654321/credentials", b'{"seconds": "x"}', 400),
        ("/", None, 403),
        ("/", b"\xff\xfe", 403),
        ("/anything/else", b"Action=ListRoles", 403),
    ],
)
def test_junk_gets_a_clean_refusal(
    world: World, path: str, body: bytes | None, expected: int
) -> None:
    assert status_of(world, path, body) == expected


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}]
)
@pytest.mark.parametrize("path", ["/_simulator/health", "/console/accounts"])
def test_another_sites_page_cannot_reach_it(
    world: World, path: str, headers: dict[str, str]
) -> None:
    assert status_of(world, path, headers=headers) == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAASTROINSTALLPRTL/20260101"},
        {"X-Amz-Target": "ServiceQuotasV20190624.NoSuchAction"},
        {"X-Amz-Target": "../../etc"},
        {"Content-Type": "application/json"},
    ],
)
def test_a_broken_call_gets_an_error_and_no_traceback(
    world: World, changes: dict[str, Any]
) -> None:
    scope = "AKIAASTROINSTALLPRTL/20260101/us-east-1/servicequotas/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}", **changes}
    assert 400 <= status_of(world, "/", b"\xff{not json", headers) < 500

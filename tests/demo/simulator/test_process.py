"""The simulator as its own process: a restart goes on, and the guide's commands work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from onboarding.facts import POLICY_NAME, ROLE_NAME
from portal.demo.simulator.samples import BRAND_NEW, HEALTHY, HONG_KONG_OFF, NOT_CLEAN
from tests.demo.simulator.conftest import World
from tests.demo.simulator.roles import EXTERNAL_ID, READ_ROLES, assume, make_role, policy, trust
from tests.demo.simulator.test_stacks import stack

AWS = Path(sys.executable).parent / "aws"


@contextmanager
def running(*options: str) -> Iterator[World]:
    command = [sys.executable, "-m", "portal.demo.simulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("simulator ready on http://127.0.0.1:")
        try:
            yield World(line.split()[-1])
        finally:
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
            assert time.monotonic() - begun < 3


def picture(world: World) -> dict[str, Any]:
    """What an owner would see, ids and dates with it."""
    iam, ec2 = world.admin("iam", HEALTHY), world.admin("ec2", HEALTHY, "eu-west-1")
    quotas = world.admin("service-quotas", BRAND_NEW)
    code = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
    history = quotas.list_requested_service_quota_change_history_by_quota(**code)
    account = world.admin("account", HONG_KONG_OFF)
    return {
        "roles": iam.list_roles()["Roles"],
        "policies": iam.list_policies(Scope="Local")["Policies"],
        "attached": iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"],
        "vpcs": ec2.describe_vpcs()["Vpcs"],
        "not clean": [
            instance["InstanceId"]
            for one in world.admin("ec2", NOT_CLEAN).describe_instances()["Reservations"]
            for instance in one["Instances"]
        ],
        "requests": history["RequestedQuotas"],
        "quota": quotas.get_service_quota(**code)["Quota"]["Value"],
        "hong kong": account.get_region_opt_status(RegionName="ap-east-1")["RegionOptStatus"],
        "stacks": [
            one["StackId"]
            for one in world.admin("cloudformation", NOT_CLEAN).describe_stacks()["Stacks"]
        ],
        "accounts": world.control("accounts"),
        "knobs": world.control("knobs"),
    }


def furnish(world: World) -> None:
    make_role(world, HEALTHY)
    world.admin("ec2", HEALTHY, "eu-west-1").describe_vpcs()
    world.admin("ec2", HEALTHY, "eu-west-1").create_vpc(CidrBlock="10.9.0.0/16")
    quotas = world.admin("service-quotas", BRAND_NEW)
    quotas.request_service_quota_increase(
        ServiceCode="ec2", QuotaCode="L-1216C47A", DesiredValue=40
    )
    where = {"account": BRAND_NEW, "region": "us-east-1", "code": "L-1216C47A"}
    world.control("knobs", {"quota_requests": {**where, "status": "APPROVED"}, "latency_ms": 1})
    world.control("knobs", {"region_seconds": 0})
    world.admin("account", HONG_KONG_OFF).enable_region(RegionName="ap-east-1")
    world.admin("cloudformation", NOT_CLEAN).create_stack(**stack())
    world.control("accounts", {"account_id": "765432109876", "name": "Fresh"})


def test_the_next_start_goes_on_with_the_same_data_and_ids(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as world:
        furnish(world)
        before = picture(world)
        session = assume(world, HEALTHY)
    with running("--state", str(tmp_path)) as world:
        assert picture(world) == before
        assert assume(world, HEALTHY)
        world.admin("iam", HEALTHY).create_policy(
            PolicyName="later", PolicyDocument=policy(READ_ROLES)
        )
    saved = (tmp_path / "calls.jsonl").read_text()
    assert (tmp_path / "calls.jsonl").stat().st_mode & 0o077 == 0
    for secret in session.values():
        assert secret not in saved


def test_a_line_that_a_crash_cut_short_is_left_out(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as world:
        make_role(world, HEALTHY)
    with (tmp_path / "calls.jsonl").open("a") as file:
        file.write('{"kind": "call", "numb')
    with running("--state", str(tmp_path)) as world:
        world.admin("iam", HEALTHY).create_role(RoleName="later", AssumeRolePolicyDocument=trust())
    with running("--state", str(tmp_path)) as world:
        names = [one["RoleName"] for one in world.admin("iam", HEALTHY).list_roles()["Roles"]]
    assert sorted(names) == sorted([ROLE_NAME, "later"])


def test_playing_back_a_few_hundred_calls_is_quick(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as world:
        iam = world.admin("iam", HEALTHY)
        for number in range(300):
            iam.create_policy(PolicyName=f"p{number}", PolicyDocument=policy(READ_ROLES))
    # Time of the processor: what else the machine does must not count.
    assert _seconds_to_start(tmp_path) - _seconds_to_start(tmp_path / "empty") < 1.5


def _seconds_to_start(state: Path) -> float:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from portal.demo.simulator.simulation import Simulation\n"
        "Simulation(Path(sys.argv[1])); print(time.process_time())"
    )
    command = [sys.executable, "-c", program, str(state)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_quota_requests_can_be_decided_from_the_start(tmp_path: Path) -> None:
    options = ("--quota-answers", "0", "0", "--state", str(tmp_path))
    with running(*options) as world:
        quotas = world.admin("service-quotas", BRAND_NEW)
        code = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
        quotas.request_service_quota_increase(**code, DesiredValue=40)
        assert quotas.get_service_quota(**code)["Quota"]["Value"] == 40
    with running("--state", str(tmp_path)) as world:
        assert world.control("knobs")["quota_answers"] is None


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with running() as world:
        port = world.url.rpartition(":")[2]
        command = [sys.executable, "-m", "portal.demo.simulator", "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr == f"Port {port} is taken. Choose another with --port.\n"
    assert second.stdout == ""


@pytest.fixture
def aws(served: World) -> Any:
    """The customer's own client, as an administrator of the healthy account."""
    served.control("reset", {})
    keys = {name.upper(): value for name, value in served.keys(HEALTHY).items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = {
        **kept,
        **keys,
        "AWS_ENDPOINT_URL": served.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(AWS), *words], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return run


def test_the_guides_commands_make_a_role_that_opens(aws: Any, served: World) -> None:
    assert aws("sts", "get-caller-identity", "--query", "Account", "--output", "text") == HEALTHY
    arn = aws(
        "iam", "create-policy", "--policy-name", POLICY_NAME, "--policy-document",
        policy(READ_ROLES), "--description", "Permissions boundary", "--query", "Policy.Arn",
        "--output", "text",
    )  # fmt: skip
    aws("iam", "create-role", "--role-name", ROLE_NAME, "--assume-role-policy-document",
        trust(EXTERNAL_ID))  # fmt: skip
    aws("iam", "attach-role-policy", "--policy-arn", arn, "--role-name", ROLE_NAME)

    session = served.client("iam", assume(served, HEALTHY))
    assert session.get_role(RoleName=ROLE_NAME)["Role"]["RoleName"] == ROLE_NAME

"""What can be done to the next calls, and sessions that end or are of another kind."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from onboarding.facts import ROLE_NAME, role_arn
from portal.demo.simulator.samples import HEALTHY, UNSAFE_ROLE
from tests.demo.simulator.conftest import VENDOR, World, as_keys, refused
from tests.demo.simulator.roles import EXTERNAL_ID, assume, make_role, trust

ROLE = {"RoleName": ROLE_NAME, "AssumeRolePolicyDocument": trust()}


def role_names(world: World) -> list[str]:
    return [one["RoleName"] for one in world.admin("iam", HEALTHY).list_roles()["Roles"]]


def test_a_lost_answer_leaves_what_was_done(world: World) -> None:
    world.control("knobs", {"lose": {"iam:CreateRole": 1}})
    iam = world.admin("iam", HEALTHY)
    with pytest.raises(ConnectionClosedError):
        iam.create_role(**ROLE)
    assert role_names(world) == [ROLE_NAME]
    assert refused(iam.create_role, **ROLE) == "EntityAlreadyExists"
    last = [one for one in world.control("journal") if one["action"] == "CreateRole"]
    assert [one["outcome"] for one in last] == ["ok", "EntityAlreadyExists"]


def test_a_refused_call_keeps_its_answer(world: World) -> None:
    world.control("knobs", {"lose": {"iam:GetRole": 1}})
    iam = world.admin("iam", HEALTHY)
    assert refused(iam.get_role, RoleName=ROLE_NAME) == "NoSuchEntity"
    assert world.control("knobs")["lose"] == {"iam:GetRole": 1}


def test_an_answer_can_come_too_late(world: World) -> None:
    world.control("knobs", {"hang": {"iam:CreateRole": [3.5, 1]}})
    keys = world.keys(HEALTHY)
    impatient = world.client("iam", keys, read_timeout=0.5)
    begun = time.monotonic()
    with pytest.raises(ReadTimeoutError):
        impatient.create_role(**ROLE)
    # Nobody else waits for it.
    assert role_names(world) == [ROLE_NAME]
    assert time.monotonic() - begun < 3


def test_a_failure_can_carry_awss_own_text(world: World) -> None:
    text = "Cannot exceed quota for RolesPerAccount: 1000"
    world.control("knobs", {"fail": {"iam:CreateRole": ["LimitExceeded", 1, text]}})
    with pytest.raises(ClientError) as caught:
        world.admin("iam", HEALTHY).create_role(**ROLE)
    response = caught.value.response
    assert (response["Error"]["Code"], response["Error"]["Message"]) == ("LimitExceeded", text)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert role_names(world) == []


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("ec2", "describe_vpcs", "Unavailable"),
        ("iam", "list_roles", "ServiceUnavailable"),
        ("service-quotas", "list_services", "ServiceUnavailableException"),
        ("eks", "list_clusters", "ServiceUnavailableException"),
    ],
)
def test_a_service_can_be_out_until_it_is_back(
    world: World, service: str, action: str, code: str
) -> None:
    signed_as = {"service-quotas": "servicequotas"}.get(service, service)
    world.control("knobs", {"outage": [signed_as]})
    call = getattr(world.admin(service, HEALTHY), action)
    assert [refused(call), refused(call)] == [code, code]
    assert world.admin("sts", HEALTHY).get_caller_identity()
    world.control("knobs", {"outage": []})
    assert service == "service-quotas" or call()


def test_sessions_end_after_so_many_more_calls(world: World) -> None:
    sts = world.admin("sts", HEALTHY)
    other = world.admin("sts", UNSAFE_ROLE)
    world.control("knobs", {"expire": {"account": HEALTHY, "after_calls": 2}})
    assert sts.get_caller_identity()
    assert sts.get_caller_identity()
    assert refused(sts.get_caller_identity) == "ExpiredToken"
    assert other.get_caller_identity()
    # Whoever signs in again goes on.
    assert world.admin("sts", HEALTHY).get_caller_identity()
    assert refused(sts.get_caller_identity) == "ExpiredToken"


def test_sessions_can_end_at_once(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    world.control("knobs", {"expire": {"account": HEALTHY, "after_calls": 0}})
    assert refused(iam.list_roles) == "ExpiredToken"


def keys_of_kind(world: World, kind: str) -> dict[str, str]:
    return as_keys(world.control(f"accounts/{HEALTHY}/credentials", {"kind": kind}))


@pytest.mark.parametrize(
    ("kind", "arn"),
    [
        ("session_without_mfa", f"arn:aws:iam::{HEALTHY}:user/administrator"),
        ("federation", f"arn:aws:sts::{HEALTHY}:federated-user/administrator"),
    ],
)
def test_some_credentials_tell_who_they_are_and_iam_does_not_take_them(
    world: World, kind: str, arn: str
) -> None:
    """IAM User Guide: Compare AWS STS credentials."""
    keys = keys_of_kind(world, kind)
    assert world.client("sts", keys).get_caller_identity()["Arn"] == arn
    assert refused(world.client("iam", keys).list_roles) == "InvalidClientTokenId"
    assert refused(world.client("iam", keys).create_role, **ROLE) == "InvalidClientTokenId"
    assert world.client("ec2", keys).describe_vpcs()["Vpcs"]
    assert role_names(world) == []


@pytest.mark.parametrize(("kind", "opens"), [("session_without_mfa", True), ("federation", False)])
def test_a_users_session_may_assume_a_role_and_a_federated_user_may_not(
    world: World, kind: str, opens: bool
) -> None:
    """STS API Reference: GetSessionToken, GetFederationToken."""
    document = trust().replace("406882777402", HEALTHY)
    world.admin("iam", HEALTHY).create_role(RoleName="hop", AssumeRolePolicyDocument=document)
    sts = world.client("sts", keys_of_kind(world, kind))
    call: dict[str, Any] = {
        "RoleArn": role_arn(HEALTHY).replace(ROLE_NAME, "hop"),
        "RoleSessionName": "probe",
        "ExternalId": EXTERNAL_ID,
    }
    if opens:
        assert sts.assume_role(**call)["Credentials"]
    else:
        assert refused(sts.assume_role, **call) == "AccessDenied"


def test_permissions_spread_like_trust(world: World) -> None:
    """IAM User Guide: Changes that I make are not always immediately visible."""
    make_role(world, HEALTHY)
    world.control("knobs", {"propagation_seconds": 0.6})
    session = world.client("iam", assume(world, HEALTHY))
    iam = world.admin("iam", HEALTHY)
    (attached,) = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]
    iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=attached["PolicyArn"])

    assert session.get_role(RoleName=ROLE_NAME)
    time.sleep(0.6)
    assert refused(session.get_role, RoleName=ROLE_NAME) == "AccessDenied"


@pytest.mark.parametrize(
    "knobs",
    [
        {"fail": {"iam:*": ["Code"]}},
        {"fail": {"iam:*": ["Code", 1, "text", "more"]}},
        {"hang": {"iam:*": 5}},
        {"lose": {"iam:*": "soon"}},
        {"outage": "ec2"},
        {"outage": 5},
        {"expire": {"account": HEALTHY, "after_calls": -1}},
        {"expire": {"account": "999900001111", "after_calls": 1}},
        {"quota_answers": {"status": "APPROVED"}},
        {"quota_answers": {"after_seconds": 1, "status": "PENDING"}},
        {"organizations": {"account": HEALTHY}},
    ],
)
def test_a_knob_without_sense_is_refused(world: World, knobs: dict[str, Any]) -> None:
    before = world.control("knobs")
    with pytest.raises(Exception, match="400"):
        world.control("knobs", knobs)
    assert world.control("knobs") == before
    assert world.client("sts", VENDOR).get_caller_identity()


def test_a_kind_of_credentials_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(Exception, match="400"):
        keys_of_kind(world, "root")

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from onboarding.aws.account import Account, connect
from onboarding.aws.actions.create_role import Credentials
from onboarding.aws.errors import (
    Denied,
    Expired,
    Misconfigured,
    OwnAccount,
    RegionOff,
    Unavailable,
)
from onboarding.facts import CONTROL_PLANE_ACCOUNT, ROLE_NAME, role_arn
from tests.aws.simulated import Log, SimulatedAws, Spy
from tests.aws.trust_documents import ANOTHER, OURS, policy, statement

PUBLISHED = policy(statement())
HOSTILE = [
    "",
    " ",
    "*",
    OURS.upper(),
    OURS + "\n",
    OURS + " ",
    OURS[:-1],
    OURS + "a",
    OURS.replace("a", "1"),
    "astro-" + "а" * 32,  # Cyrillic, on purpose
    '","aws:PrincipalArn":"*',
    "$(id)",
    "has space",
    "x" * 2000,
    "null",
    "\x00",
]


def test_connect_gives_the_customers_account(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, PUBLISHED)

    account = connect(account_id, OURS, "eu-west-1")

    expected = f"arn:aws:sts::{account_id}:assumed-role/{ROLE_NAME}/astro-portal-check"
    assert account.caller() == expected
    assert (account.account_id, account.region) == (account_id, "eu-west-1")


def test_what_reaches_sts_is_the_given_id_the_computed_role_and_nothing_more(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, PUBLISHED)
    spy = Spy()

    connect(account_id, OURS, "us-east-1", session_name="astro-portal-0a1b2c3d", session=spy)

    assert spy.assumed == [
        {
            "RoleArn": role_arn(account_id),
            "RoleSessionName": "astro-portal-0a1b2c3d",
            "DurationSeconds": 900,
            "ExternalId": OURS,
        }
    ]


def test_astros_own_account_is_refused_before_anything_is_asked(aws: SimulatedAws) -> None:
    log = Log()

    with pytest.raises(OwnAccount) as caught:
        connect(CONTROL_PLANE_ACCOUNT, OURS, "us-east-1", record=log)

    assert isinstance(caught.value, ValueError)
    assert log.calls == []


@pytest.mark.parametrize("value", HOSTILE)
def test_no_other_text_leaves_as_an_external_id(aws: SimulatedAws, value: str) -> None:
    log = Log()

    with pytest.raises(ValueError, match="external ID") as caught:
        connect("210987654321", value, "us-east-1", record=log)

    assert len(value) < 2 or value not in str(caught.value)
    assert log.calls == []


@pytest.mark.parametrize("region", ["mars-1", "US-EAST-1", "cn-north-1", "", "us-east-1.evil.com"])
def test_a_region_astro_does_not_run_in_builds_no_host_name(aws: SimulatedAws, region: str) -> None:
    with pytest.raises(ValueError, match="not a Region"):
        connect("210987654321", OURS, region)


@pytest.mark.parametrize(
    "wrong", ["21098765432", "2109876543210", "２１０９８７６５４３２１", "x"]
)  # fullwidth, on purpose
def test_what_is_no_account_id_builds_no_arn(aws: SimulatedAws, wrong: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        connect(wrong, OURS, "us-east-1")


def test_a_role_that_refuses_is_denied_and_nothing_else_is_asked_with_our_own_keys(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, policy(statement(Condition=asks(ANOTHER))))
    before = len(aws.journal(account_id))

    with pytest.raises(Denied) as caught:
        connect(account_id, OURS, "us-east-1")

    assert caught.value.action == "sts:AssumeRole"
    after = aws.journal(account_id)[before:]
    assert [one["action"] for one in after] == ["AssumeRole"]


def asks(external_id: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"sts:ExternalId": external_id}}


@pytest.mark.parametrize(
    "missing", ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
)
def test_without_the_customers_credentials_there_is_no_account(
    aws: SimulatedAws, missing: str
) -> None:
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    given = {**dict.fromkeys(names, "x" * 20), missing: ""}

    with pytest.raises(Expired):
        Account("210987654321", "us-east-1", given)


def test_credentials_of_another_account_are_not_worked_with(
    aws: SimulatedAws, account_id: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        Account("210987654321", "us-east-1", as_boto(aws.credentials(account_id))).caller()

    assert caught.value.code == "OtherAccount"


def as_boto(given: Credentials) -> dict[str, str]:
    return {
        "aws_access_key_id": given.access_key_id,
        "aws_secret_access_key": given.secret_access_key,
        "aws_session_token": given.session_token,
    }


def test_every_call_is_recorded_with_awss_request_id(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, PUBLISHED)
    log = Log()
    before = len(aws.journal(account_id))

    account = connect(account_id, OURS, "us-west-2", record=log)
    with pytest.raises(Denied):
        account.ask("iam", "list_users", "us-east-1")

    assert log.outcomes() == [
        ("sts:AssumeRole", "ok"),
        ("sts:GetCallerIdentity", "ok"),
        ("iam:ListUsers", "AccessDenied"),
    ]
    assert [call.request_id for call in log.calls] == [
        one["request_id"] for one in aws.journal(account_id)[before:]
    ]
    assert {call.account_id for call in log.calls} == {account_id}
    assert [call.region for call in log.calls] == ["us-west-2", "us-west-2", "us-east-1"]
    assert all(call.milliseconds >= 0 and call.at.tzinfo for call in log.calls)


def test_a_call_that_is_retried_is_recorded_once(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, PUBLISHED)
    aws.fail("sts:AssumeRole", "ServiceUnavailable", times=2)
    log = Log()

    connect(account_id, OURS, "us-east-1", record=log)

    assert log.outcomes() == [("sts:AssumeRole", "ok"), ("sts:GetCallerIdentity", "ok")]


def test_a_connection_that_fails_is_recorded_and_may_be_retried(
    aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    log = Log()

    with pytest.raises(Unavailable) as caught:
        connect("210987654321", OURS, "us-east-1", record=log)

    assert caught.value.retryable
    assert log.outcomes() == [("sts:AssumeRole", "EndpointConnectionError")]


def test_a_recorder_that_fails_does_not_make_the_call_fail(
    aws: SimulatedAws, account_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    aws.make_role(account_id, PUBLISHED)

    def full(call: object) -> None:
        raise OSError("disk full")

    assert connect(account_id, OURS, "us-east-1", record=full).account_id == account_id
    assert "sts:AssumeRole could not be recorded" in caplog.text


def test_a_portal_without_credentials_is_our_own_fault(
    aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")

    with pytest.raises(Misconfigured):
        connect("210987654321", OURS, "us-east-1")


@pytest.mark.parametrize("endpoint", ["nonsense", "http://", "ftp//x"])
def test_a_bad_endpoint_is_our_own_fault(
    aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

    with pytest.raises(Misconfigured):
        connect("210987654321", OURS, "us-east-1")


def test_keys_of_ours_that_aws_does_not_know_are_our_own_fault(
    aws: SimulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")

    with pytest.raises(Misconfigured):
        connect("210987654321", OURS, "us-east-1")


def test_an_opt_in_region_that_is_off_still_lets_us_in_to_say_so(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, PUBLISHED)
    aws.set_region(account_id, "ap-east-1", "DISABLED")

    account = connect(account_id, OURS, "ap-east-1")

    with pytest.raises(RegionOff):
        account.ask("ec2", "describe_vpcs")


def test_a_client_is_made_once_whichever_thread_asks(aws: SimulatedAws, account_id: str) -> None:
    account = aws.account(account_id)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: account.client("ec2"), range(16)))

    assert len({id(client) for client in made}) == 1
    assert account.client("ec2", "eu-west-1") is not made[0]


def test_no_credentials_and_no_external_id_in_any_log_or_repr(
    aws: SimulatedAws, account_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    aws.make_role(account_id, PUBLISHED)
    spy = Spy()
    caplog.set_level(logging.DEBUG)

    account = connect(account_id, OURS, "us-east-1", session=spy)
    account.ask_all("ec2", "describe_vpcs", "Vpcs")

    shown = caplog.text + repr(account) + str(account)
    assert len(spy.secrets) == 3
    assert [secret for secret in [*spy.secrets, OURS] if secret in shown] == []


def test_botocore_stays_quiet_after_logging_was_set_up_again(
    aws: SimulatedAws, account_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    aws.make_role(account_id, PUBLISHED)
    spy = Spy()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("botocore").setLevel(logging.DEBUG)

    connect(account_id, OURS, "us-east-1", session=spy)

    assert [secret for secret in [*spy.secrets, OURS] if secret in caplog.text] == []

import logging
from dataclasses import replace
from urllib.parse import unquote

import pytest

from onboarding.aws.actions.create_role import (
    Credentials,
    LongTermKeys,
    WrongAccount,
)
from onboarding.aws.actions.iam import CannotUseIam, Iam
from onboarding.aws.errors import AwsError, Denied, Expired, OwnAccount
from onboarding.facts import CONTROL_PLANE_ACCOUNT, POLICY_NAME
from tests.aws.actions.wanted import SECOND_NAME, SPEC, create
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.trust_documents import OURS


def test_credentials_of_another_account_change_nothing_anywhere(
    aws: SimulatedAws, account_id: str
) -> None:
    other = aws.new_account()
    log = Log()

    with pytest.raises(WrongAccount) as caught:
        create(aws, account_id, credentials=aws.credentials(other), record=log)

    assert other in str(caught.value)
    assert account_id in str(caught.value)
    assert log.outcomes() == [("sts:GetCallerIdentity", "ok")]
    assert aws.calls(account_id, "iam:") == aws.calls(other, "iam:") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"access_key_id": "AKIAQWERTYUIOPASDFGH"},
        {"access_key_id": "AROAQWERTYUIOPASDFGH"},
        {"access_key_id": ""},
        {"access_key_id": "asiaqwertyuiopasdfgh"},
        {"session_token": ""},
    ],
)
def test_long_term_and_odd_keys_are_never_used(
    aws: SimulatedAws, account_id: str, changes: dict[str, str]
) -> None:
    log = Log()
    given = replace(aws.credentials(account_id), **changes)

    with pytest.raises(LongTermKeys) as caught:
        create(aws, account_id, credentials=given, record=log)

    assert log.calls == []
    assert not any(value in str(caught.value) for value in changes.values() if value)


def test_astros_own_account_is_refused_unasked(aws: SimulatedAws) -> None:
    log = Log()

    with pytest.raises(OwnAccount):
        create(aws, CONTROL_PLANE_ACCOUNT, record=log)

    assert log.calls == []


def test_credentials_that_have_expired_are_told(aws: SimulatedAws, account_id: str) -> None:
    with pytest.raises(Expired):
        create(aws, account_id, credentials=aws.credentials(account_id, seconds=0))


def test_credentials_that_expire_on_the_way_say_what_was_done(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.fail("iam:CreateRole", "ExpiredToken", times=1)

    with pytest.raises(Expired) as caught:
        create(aws, account_id)

    assert caught.value.done == (
        f"Created the policy {POLICY_NAME}",
        f"Created the policy {SECOND_NAME}",
    )


def test_a_session_token_without_mfa_is_told_apart(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("iam:GetPolicy", "InvalidClientTokenId", times=1)

    with pytest.raises(CannotUseIam, match="made with MFA") as caught:
        create(aws, account_id)

    assert caught.value.action == "iam:GetPolicy"


@pytest.mark.parametrize(
    ("caller", "kind"),
    [("user/sample", CannotUseIam), ("assumed-role/Admin/session", Denied)],
)
def test_a_bare_denial_of_an_iam_users_token_is_read_as_missing_mfa(
    aws: SimulatedAws, account_id: str, caller: str, kind: type[AwsError]
) -> None:
    aws.fail("iam:GetPolicy", "AccessDenied", times=1)
    arn = f"arn:aws:iam::{account_id}:{caller}"

    with pytest.raises(kind):
        Iam(aws.account(account_id), caller=arn).ask("get_policy", PolicyArn="x" * 20)


def test_a_federation_token_is_refused_before_iam_is_asked(
    aws: SimulatedAws, account_id: str
) -> None:
    log = Log()
    arn = f"arn:aws:sts::{account_id}:federated-user/sample"

    with pytest.raises(CannotUseIam, match="get-federation-token"):
        Iam(aws.account(account_id, record=log), caller=arn)

    assert log.calls == []


def test_no_credentials_and_no_external_id_in_any_log_or_repr(
    aws: SimulatedAws, account_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    canary = aws.credentials(account_id)
    log = Log()
    caplog.set_level(logging.DEBUG)

    made = create(aws, account_id, credentials=canary, record=log)
    aws.fail("iam:GetPolicy", "AccessDenied", times=1)
    with pytest.raises(Denied) as caught:
        create(aws, account_id, credentials=canary)

    shown = caplog.text + repr((canary, SPEC, made, log.calls, caught.value))
    secrets = [canary.access_key_id, canary.secret_access_key, canary.session_token, OURS]
    assert [secret for secret in secrets if secret in unquote(shown)] == []


def test_credentials_show_nothing() -> None:
    assert repr(Credentials("ASIAX", "hunter2", "token")) == "Credentials()"

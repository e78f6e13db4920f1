"""Updating a role with pasted credentials: what is ours is replaced, and what is not stays."""

import json
from dataclasses import replace
from typing import Any

import pytest

from onboarding.aws.actions.entry import Credentials, LongTermKeys, WrongAccount
from onboarding.aws.actions.existing import AlreadyDifferent
from onboarding.aws.actions.update_role import (
    NoRole,
    UnsafeRole,
)
from onboarding.aws.errors import AwsError, Expired, Unavailable
from onboarding.facts import ROLE_NAME
from tests.aws.actions.update_role_scene import (
    FIRST,
    FOREIGN,
    NEW,
    OLD,
    OLD_SPEC,
    READS,
    SECOND,
    THIRD,
    WRITES,
    allow,
    arn,
    documents,
    role_tags,
    tags,
    to,
    update,
    versions,
)
from tests.aws.actions.wanted import create
from tests.aws.simulated import SimulatedAws
from tests.aws.trust_documents import ANOTHER, OURS, policy, statement


@pytest.fixture
def iam(aws: SimulatedAws, account_id: str) -> Any:
    """Of an account with a role of the old version."""
    create(aws, account_id, OLD_SPEC)
    return aws.admin(account_id, "iam")


def test_a_policy_that_changed_gets_a_new_version_and_keeps_the_former(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    trust = iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]

    done = update(aws, account_id)

    assert documents(iam) == NEW
    assert versions(iam, arn(account_id, SECOND)) == ["v1", "v2"]
    assert versions(iam, arn(account_id, FIRST)) == ["v1"]
    assert role_tags(iam) == tags(2)
    listed = iam.list_policy_tags(PolicyArn=arn(account_id, SECOND))["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in listed} == tags(2)
    assert iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"] == trust
    assert done.steps == (
        f"Found the policy {FIRST}, as wanted",
        f"Tagged the policy {FIRST}",
        f"Updated the policy {SECOND}",
        f"Tagged the policy {SECOND}",
        f"Tagged the role {ROLE_NAME}",
    )


def test_a_new_policy_is_there_before_an_old_one_is_taken_off(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    newer = {FIRST: READS, THIRD: allow("eks:ListClusters", "eks:TagResource")}
    before = len(aws.calls(account_id, WRITES))

    done = update(aws, account_id, to(newer))

    assert documents(iam) == newer
    writes = aws.calls(account_id, WRITES)[before:]
    assert writes == [
        "iam:CreatePolicy",
        "iam:AttachRolePolicy",
        "iam:TagPolicy",
        "iam:DetachRolePolicy",
        "iam:TagRole",
    ]
    assert f"Created the policy {THIRD}" in done.steps
    assert iam.get_policy(PolicyArn=arn(account_id, SECOND)), "It is taken off, not deleted."


def test_twice_is_once(aws: SimulatedAws, account_id: str, iam: Any) -> None:
    update(aws, account_id)
    written = aws.calls(account_id, WRITES)

    again = update(aws, account_id)

    assert aws.calls(account_id, WRITES) == written
    assert all(step.startswith("Found") for step in again.steps)


def test_of_five_versions_the_oldest_goes_and_never_the_default(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    where = arn(account_id, SECOND)
    for number in range(4):
        text = json.dumps(allow(f"eks:Mine{number}"))
        iam.create_policy_version(PolicyArn=where, PolicyDocument=text)
    assert versions(iam, where) == ["v1", "v2", "v3", "v4", "v5"]

    done = update(aws, account_id)

    assert versions(iam, where) == ["v1", "v3", "v4", "v5", "v6"]
    assert documents(iam) == NEW
    assert f"Deleted v2 of {SECOND}, the oldest: AWS keeps 5 versions" in done.steps


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_a_text_that_was_never_published_stops_it_before_any_write(
    name: str, aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    iam.create_policy_version(
        PolicyArn=arn(account_id, name), PolicyDocument=json.dumps(FOREIGN), SetAsDefault=True
    )
    written = aws.calls(account_id, WRITES)

    with pytest.raises(AlreadyDifferent) as caught:
        update(aws, account_id)

    assert caught.value.name == name
    assert any(line[0] == "-" and "s3:*" in line for line in caught.value.diff_lines)
    assert aws.calls(account_id, WRITES) == written
    assert documents(iam)[name] == FOREIGN


def test_what_the_new_version_has_no_more_stays_attached_when_it_is_not_ours(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    iam.create_policy_version(
        PolicyArn=arn(account_id, SECOND), PolicyDocument=json.dumps(FOREIGN), SetAsDefault=True
    )

    done = update(aws, account_id, to({FIRST: READS}))

    assert documents(iam) == {FIRST: READS, SECOND: FOREIGN}
    assert f"Left {SECOND} attached: its text is none of Astro's" in done.steps


def test_a_policy_of_the_customers_own_is_not_looked_at(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    made = iam.create_policy(PolicyName="mine", PolicyDocument=json.dumps(FOREIGN))
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])

    update(aws, account_id)

    assert documents(iam) == NEW | {"mine": FOREIGN}


@pytest.mark.parametrize(
    "action", ["iam:CreatePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:TagRole"]
)
def test_a_run_that_breaks_off_is_finished_by_the_next(
    action: str, aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    newer = NEW | {THIRD: allow("ec2:RunInstances")}
    aws.fail(action, "ServiceFailure", times=4)  # botocore tries each four times
    with pytest.raises(Unavailable):
        update(aws, account_id, to(newer))
    assert set(documents(iam)) >= set(OLD)

    update(aws, account_id, to(newer))

    assert documents(iam) == newer
    assert role_tags(iam) == tags(2)


def test_a_session_that_ends_on_the_way_tells_what_was_done(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    newer = NEW | {THIRD: allow("ec2:RunInstances")}
    before = len(aws.journal(account_id))
    update(aws, account_id, to(newer))
    needed = len(aws.journal(account_id)) - before
    other = aws.new_account()
    create(aws, other, OLD_SPEC)
    credentials = aws.credentials(other)
    aws.end_sessions(other, after_calls=needed - 4)

    with pytest.raises(Expired) as caught:
        update(aws, other, to(newer), credentials=credentials)

    assert f"Created the policy {THIRD}" in caught.value.done
    assert f"Attached {THIRD} to the role" in caught.value.done
    update(aws, other, to(newer))
    assert documents(aws.admin(other, "iam")) == newer


@pytest.mark.parametrize("full", [False, True], ids=["room", "five versions"])
def test_a_lost_answer_does_no_harm(
    full: bool, aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    where = arn(account_id, SECOND)
    for _ in range(4 if full else 0):
        iam.create_policy_version(PolicyArn=where, PolicyDocument=json.dumps(FOREIGN))
    aws.lose("iam:CreatePolicyVersion")

    update(aws, account_id)

    assert documents(iam) == NEW


@pytest.mark.parametrize(
    "other", [allow("eks:ListClusters"), FOREIGN], ids=["wanted", "not wanted"]
)
def test_a_policy_made_in_between_is_taken_if_it_is_the_one(
    other: dict[str, Any], aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    """IAM says that it exists, though it was not there when we looked."""
    wanted = to({THIRD: allow("eks:ListClusters")})
    wanted = replace(wanted, known={})
    iam.create_policy(PolicyName=THIRD, PolicyDocument=json.dumps(other))
    aws.fail("iam:GetPolicy", "NoSuchEntity", times=1)

    if other == FOREIGN:
        with pytest.raises(AlreadyDifferent):
            update(aws, account_id, wanted)
        assert THIRD not in documents(iam)
    else:
        assert f"Found the policy {THIRD}, as wanted" in update(aws, account_id, wanted).steps
        assert documents(iam)[THIRD] == other


def refusals(aws: SimulatedAws, account_id: str) -> list[tuple[Credentials, type[AwsError]]]:
    other = aws.credentials(aws.new_account())
    long_term = replace(aws.credentials(account_id), access_key_id="AKIA" + "Q" * 16)
    return [(other, WrongAccount), (long_term, LongTermKeys)]


def test_credentials_that_are_not_those_of_the_account_write_nothing(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    written = aws.calls(account_id, WRITES)
    for credentials, raised in refusals(aws, account_id):
        with pytest.raises(raised):
            update(aws, account_id, credentials=credentials)
    assert aws.calls(account_id, WRITES) == written


def test_without_a_role_there_is_nothing_to_update(aws: SimulatedAws, account_id: str) -> None:
    with pytest.raises(NoRole, match="Create it first"):
        update(aws, account_id)
    assert not aws.calls(account_id, WRITES)


@pytest.mark.parametrize(
    "trust",
    [
        policy(statement(Condition=None)),
        policy(statement(Condition={"StringEquals": {"sts:ExternalId": ANOTHER}})),
    ],
    ids=["open", "another id"],
)
def test_a_role_that_opens_to_others_is_given_nothing(
    trust: dict[str, Any], aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=json.dumps(trust))
    written = aws.calls(account_id, WRITES)

    with pytest.raises(UnsafeRole) as caught:
        update(aws, account_id)

    assert ANOTHER not in str(caught.value)
    assert OURS not in str(caught.value)
    assert aws.calls(account_id, WRITES) == written


def test_a_role_with_the_former_external_id_is_updated_while_that_is_renewed(
    aws: SimulatedAws, account_id: str, iam: Any
) -> None:
    renewed = replace(to(NEW), external_id=ANOTHER, former_external_id=OURS)
    update(aws, account_id, renewed)
    assert documents(iam) == NEW
    assert OURS not in repr(renewed)


def test_a_tag_of_the_customers_stays(aws: SimulatedAws, account_id: str, iam: Any) -> None:
    mine = {"astro:managed-by": "terraform", "team": "data"}
    iam.tag_role(
        RoleName=ROLE_NAME, Tags=[{"Key": key, "Value": value} for key, value in mine.items()]
    )
    update(aws, account_id)
    assert role_tags(iam) == tags(2) | mine

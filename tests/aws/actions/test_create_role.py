import json
from typing import Any

import pytest

from onboarding.aws.account import connect
from onboarding.aws.actions.existing import AlreadyDifferent, canonical
from onboarding.aws.check import Turn
from onboarding.aws.errors import Refused, Unavailable
from onboarding.facts import POLICY_NAME, ROLE_NAME, role_arn
from tests.aws.actions.wanted import SECOND_NAME, SPEC, create
from tests.aws.simulated import READ_ALL, SimulatedAws
from tests.aws.trust_documents import ANOTHER, OURS, policy, statement

WRITES = "iam:(Create|Put|Attach|Update|Delete|Tag|Set)"


def test_the_role_made_is_the_role_wanted_and_opens(aws: SimulatedAws, account_id: str) -> None:
    made = create(aws, account_id)

    assert made.role_arn == role_arn(account_id)
    assert made.policy_arns == tuple(
        f"arn:aws:iam::{account_id}:policy/{name}" for name in (POLICY_NAME, SECOND_NAME)
    )
    assert connect(account_id, OURS, "us-east-1").account_id == account_id
    iam = aws.admin(account_id, "iam")
    role = iam.get_role(RoleName=ROLE_NAME)["Role"]
    assert role["AssumeRolePolicyDocument"] == SPEC.trust_policy
    assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == SPEC.tags
    attached = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]
    assert {one["PolicyName"] for one in attached} == {POLICY_NAME, SECOND_NAME}
    tags = iam.list_policy_tags(PolicyArn=made.policy_arns[0])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == SPEC.tags


def test_the_steps_taken_are_told_in_order(aws: SimulatedAws, account_id: str) -> None:
    assert create(aws, account_id).steps == (
        f"Created the policy {POLICY_NAME}",
        f"Created the policy {SECOND_NAME}",
        f"Created the role {ROLE_NAME}",
        f"Attached {POLICY_NAME} to the role",
        f"Attached {SECOND_NAME} to the role",
    )


def test_twice_is_once(aws: SimulatedAws, account_id: str) -> None:
    first = create(aws, account_id)
    written = aws.calls(account_id, WRITES)

    second = create(aws, account_id)

    assert (second.role_arn, second.policy_arns) == (first.role_arn, first.policy_arns)
    assert aws.calls(account_id, WRITES) == written
    assert all(step.startswith("Found") for step in second.steps)


@pytest.mark.parametrize(
    ("action", "at_once"),
    [("iam:CreatePolicy", 2), ("iam:CreateRole", 1), ("iam:AttachRolePolicy", 2)],
)
def test_a_run_that_breaks_off_is_finished_by_the_next(
    aws: SimulatedAws, account_id: str, action: str, at_once: int
) -> None:
    aws.fail(action, "ServiceFailure", times=4 * at_once)  # botocore tries each four times
    with pytest.raises(Unavailable) as caught:
        create(aws, account_id)

    made = create(aws, account_id)

    assert made.role_arn == role_arn(account_id)
    assert len([step for step in made.steps if step.startswith("Found")]) == len(caught.value.done)
    names = [name.removeprefix("iam:") for name in aws.calls(account_id, "iam:Create")]
    assert names.count("CreateRole") <= 5
    iam = aws.admin(account_id, "iam")
    assert len(iam.list_policies(Scope="Local")["Policies"]) == 2


def test_a_role_made_by_hand_as_wanted_is_adopted_and_tagged(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.make_role(account_id, SPEC.trust_policy)

    made = create(aws, account_id)

    assert f"Found the role {ROLE_NAME}, as wanted" in made.steps
    assert f"Tagged the role {ROLE_NAME}" in made.steps
    assert f"Found {POLICY_NAME} attached to the role" in made.steps
    assert f"Attached {SECOND_NAME} to the role" in made.steps


def test_a_tag_the_customer_has_set_is_not_overwritten(aws: SimulatedAws, account_id: str) -> None:
    aws.make_role(account_id, SPEC.trust_policy)
    iam = aws.admin(account_id, "iam")
    iam.tag_role(RoleName=ROLE_NAME, Tags=[{"Key": "astro:installation", "Value": "mine"}])

    create(aws, account_id)

    tags = {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=ROLE_NAME)["Tags"]}
    assert tags == {**SPEC.tags, "astro:installation": "mine"}


def trust_of(aws: SimulatedAws, account_id: str) -> Any:
    role = aws.admin(account_id, "iam").get_role(RoleName=ROLE_NAME)["Role"]
    return role["AssumeRolePolicyDocument"]


@pytest.mark.parametrize(
    "foreign",
    [
        policy(statement(Condition=None)),
        policy(statement(Condition={"StringEquals": {"sts:ExternalId": ANOTHER}})),
        policy(statement(Principal={"AWS": "arn:aws:iam::111122223333:root"})),
    ],
    ids=["open", "another id", "another vendor"],
)
def test_a_foreign_role_stops_it_before_any_write_and_stays_as_it_is(
    aws: SimulatedAws, account_id: str, foreign: dict[str, Any]
) -> None:
    aws.make_role(account_id, foreign, permissions=None)
    written = aws.calls(account_id, WRITES)

    with pytest.raises(AlreadyDifferent) as caught:
        create(aws, account_id)

    assert (caught.value.kind, caught.value.name) == ("role", ROLE_NAME)
    assert caught.value.whose is Turn.CUSTOMER
    assert any(line.startswith("+") for line in caught.value.diff_lines)
    assert OURS not in repr(caught.value.diff_lines) + str(caught.value)
    assert ANOTHER not in repr(caught.value.diff_lines) + str(caught.value)
    assert aws.calls(account_id, WRITES) == written
    assert trust_of(aws, account_id) == foreign


def test_a_foreign_policy_stops_it_before_any_write_and_stays_as_it_is(
    aws: SimulatedAws, account_id: str
) -> None:
    iam = aws.admin(account_id, "iam")
    arn = iam.create_policy(PolicyName=SECOND_NAME, PolicyDocument=json.dumps(READ_ALL))
    written = aws.calls(account_id, WRITES)

    with pytest.raises(AlreadyDifferent) as caught:
        create(aws, account_id)

    assert (caught.value.kind, caught.value.name) == ("policy", SECOND_NAME)
    assert any(line[0] == "+" and "eks:ListClusters" in line for line in caught.value.diff_lines)
    assert any(line[0] == "-" and "ec2:Describe*" in line for line in caught.value.diff_lines)
    assert aws.calls(account_id, WRITES) == written
    version = iam.get_policy_version(PolicyArn=arn["Policy"]["Arn"], VersionId="v1")
    assert version["PolicyVersion"]["Document"] == READ_ALL


def test_a_role_of_the_name_in_other_letters_is_foreign(aws: SimulatedAws, account_id: str) -> None:
    iam = aws.admin(account_id, "iam")
    trust = json.dumps(SPEC.trust_policy)
    iam.create_role(RoleName=ROLE_NAME.title(), AssumeRolePolicyDocument=trust)

    with pytest.raises(AlreadyDifferent) as caught:
        create(aws, account_id)

    assert caught.value.kind == "role"


def test_a_role_of_the_name_under_a_path_is_foreign(aws: SimulatedAws, account_id: str) -> None:
    iam = aws.admin(account_id, "iam")
    trust = json.dumps(SPEC.trust_policy)
    iam.create_role(RoleName=ROLE_NAME, Path="/vendors/", AssumeRolePolicyDocument=trust)
    written = aws.calls(account_id, WRITES)

    with pytest.raises(AlreadyDifferent):
        create(aws, account_id)

    assert aws.calls(account_id, WRITES) == written


def test_a_limit_of_the_account_is_the_customers_turn(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("iam:CreatePolicy", "LimitExceeded", times=1)

    with pytest.raises(Refused) as caught:
        create(aws, account_id)

    assert (caught.value.code, caught.value.whose) == ("LimitExceeded", Turn.CUSTOMER)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"Action": ["sts:AssumeRole"]}, {"Action": "sts:AssumeRole"}, True),
        ({"Action": ["a", "b"]}, {"Action": ["b", "a"]}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"Statement": [{"a": 1}]}, {"Statement": {"a": 1}}, True),
        ({"Action": ["a", "b"]}, {"Action": "a"}, False),
        ({"Effect": "Allow"}, {"Effect": "Deny"}, False),
        ({"Action": []}, {}, False),
    ],
)
def test_documents_are_compared_by_what_they_mean(left: Any, right: Any, same: bool) -> None:
    assert (canonical(left) == canonical(right)) is same

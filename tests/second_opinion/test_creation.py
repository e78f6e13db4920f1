"""Every way to create the role, in an emulator that others wrote: one and the same role."""

import json
from typing import Any

import pytest

from onboarding import facts
from onboarding.aws.actions.create_role import Created, Credentials, RoleSpec, create_role
from onboarding.aws.actions.existing import AlreadyDifferent
from onboarding.policy import cloudformation, document, shell
from onboarding.policy.role import role_spec
from tests.harness.second_emulator import SecondAws
from tests.policy.conftest import Run, run_script
from tests.policy.external_ids import OTHER, VALID
from tests.policy.test_same_role import BIN

EDITION = document.shipped()

__all__ = ["run_script"]


def role_in(second: SecondAws, account_id: str) -> dict[str, Any]:
    """What an auditor sees of the role: whom it trusts, what it may, how it is tagged."""
    iam = second.root("iam", account_id)
    role = iam.get_role(RoleName=facts.ROLE_NAME)["Role"]
    attached = iam.list_attached_role_policies(RoleName=facts.ROLE_NAME)["AttachedPolicies"]
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    return {
        "trust": role["AssumeRolePolicyDocument"],
        # A stack adds tags of its own.
        "tags": {key: value for key, value in tags.items() if not key.startswith("aws:")},
        "policies": {row["PolicyName"]: policy_in(iam, row["PolicyArn"]) for row in attached},
    }


def policy_in(iam: Any, arn: str) -> dict[str, Any]:
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    document: dict[str, Any] = version["PolicyVersion"]["Document"]
    return document


def specified() -> dict[str, Any]:
    spec = role_spec(EDITION, VALID)
    return {"trust": spec.trust_policy, "tags": spec.tags, "policies": dict(spec.policies)}


def create(credentials: Credentials, account_id: str) -> Created:
    spec = role_spec(EDITION, VALID)
    wanted = RoleSpec(
        spec.role_name, spec.trust_policy, spec.policies, spec.tags, spec.descriptions
    )
    return create_role(credentials, wanted, account_id=account_id)


def create_stack(second: SecondAws, account_id: str) -> None:
    second.root("cloudformation", account_id).create_stack(
        StackName=facts.STACK_NAME,
        TemplateBody=cloudformation.template(EDITION),
        Parameters=[{"ParameterKey": "ExternalId", "ParameterValue": VALID}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def run(second: SecondAws, account_id: str, run_script: Run, text: str) -> Any:
    env = {
        "AWS_ENDPOINT_URL": second.url,
        "AWS_DEFAULT_REGION": facts.CONSOLE_REGION,
        "AWS_ACCESS_KEY_ID": account_id,
        "AWS_SECRET_ACCESS_KEY": "unused",
    }
    return run_script(text, env=env, path=BIN)


def test_create_it_for_me_makes_the_role_once(second: SecondAws, account_id: str) -> None:
    administrator = second.administrator(account_id)

    first = create(administrator, account_id)
    again = create(administrator, account_id)

    assert role_in(second, account_id) == specified()
    assert first.policy_arns == again.policy_arns
    assert all(step.startswith("Found") for step in again.steps)


def test_the_template_makes_the_specified_role(second: SecondAws, account_id: str) -> None:
    create_stack(second, account_id)

    assert role_in(second, account_id) == specified()


def test_the_script_makes_the_specified_role_and_keeps_it(
    second: SecondAws, account_id: str, run_script: Run
) -> None:
    for words in ("create  policy", "keep    policy"):
        done = run(second, account_id, run_script, shell.script(EDITION, VALID))
        assert (done.returncode, done.stderr) == (0, "")
        assert words in done.stdout
    assert role_in(second, account_id) == specified()


def test_what_the_template_made_is_adopted_by_both_others(
    second: SecondAws, account_id: str, run_script: Run
) -> None:
    create_stack(second, account_id)

    made = create(second.administrator(account_id), account_id)
    done = run(second, account_id, run_script, shell.script(EDITION, VALID))

    assert not [step for step in made.steps if step.startswith("Created")]
    assert done.returncode == 0
    assert "create" not in done.stdout


def test_a_foreign_role_is_left_alone(second: SecondAws, account_id: str) -> None:
    iam = second.root("iam", account_id)
    foreign = json.dumps(role_spec(EDITION, OTHER).trust_policy)
    iam.create_role(RoleName=facts.ROLE_NAME, AssumeRolePolicyDocument=foreign)

    with pytest.raises(AlreadyDifferent):
        create(second.administrator(account_id), account_id)

    role = iam.get_role(RoleName=facts.ROLE_NAME)["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(foreign)
    assert iam.list_policies(Scope="Local")["Policies"] == []

"""Template, script, module and portal make one and the same role, and change nobody else's."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from onboarding import facts
from onboarding.aws.actions.create_role import Credentials, RoleSpec, create_role
from onboarding.policy import cloudformation, document, shell, terraform
from onboarding.policy.role import role_spec
from tests.policy import terraform_values
from tests.policy.conftest import Account, Run
from tests.policy.external_ids import OTHER, VALID

EDITION = document.shipped()

BIN = str(Path(sys.executable).parent)

FOREIGN_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
)
GUIDES_TRUST = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::406882777402:root"},
      "Action": "sts:AssumeRole"%s
    }
  ]
}"""
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
CONDITION = ', "Condition": {"StringEquals": {"sts:ExternalId": "%s"}}'


def role_in(account: Account) -> dict[str, Any]:
    """What a customer's auditor sees of the role."""
    iam = account.client("iam")
    role = iam.get_role(RoleName=facts.ROLE_NAME)["Role"]
    attached = iam.list_attached_role_policies(RoleName=facts.ROLE_NAME)["AttachedPolicies"]
    return {
        "name": role["RoleName"],
        "boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "description": role["Description"],
        "trust_policy": role["AssumeRolePolicyDocument"],
        "tags": {tag["Key"]: tag["Value"] for tag in role["Tags"]},
        "policies": {row["PolicyName"]: policy_in(iam, row["PolicyArn"]) for row in attached},
    }


def inline_in(account: Account) -> list[str]:
    iam = account.client("iam")
    return iam.list_role_policies(RoleName=facts.ROLE_NAME)["PolicyNames"]


def policy_in(iam: Any, arn: str) -> tuple[str, dict[str, Any]]:
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    return policy["Description"], version["PolicyVersion"]["Document"]


def specified(external_id: str, boundary: str | None = None) -> dict[str, Any]:
    spec = role_spec(EDITION, external_id)
    described = {policy.name: policy.description for policy in EDITION.policies}
    return {
        "name": facts.ROLE_NAME,
        "boundary": boundary,
        "description": document.ROLE_DESCRIPTION,
        "trust_policy": spec.trust_policy,
        "tags": spec.tags,
        "policies": {name: (described[name], content) for name, content in spec.policies},
    }


def everything_in(account: Account) -> Any:
    """Roles and policies with their ids, so that one made anew is told from one kept."""
    answer = account.client("iam").get_account_authorization_details(
        Filter=["Role", "LocalManagedPolicy"]
    )
    return answer["RoleDetailList"], answer["Policies"]


def create_policy(account: Account, name: str, content: str) -> str:
    tags = [{"Key": key, "Value": value} for key, value in EDITION.tags.items()]
    made = account.client("iam").create_policy(PolicyName=name, PolicyDocument=content, Tags=tags)
    return str(made["Policy"]["Arn"])


def attached_in(account: Account) -> set[str]:
    iam = account.client("iam")
    attached = iam.list_attached_role_policies(RoleName=facts.ROLE_NAME)["AttachedPolicies"]
    return {row["PolicyName"] for row in attached}


def create_stack(account: Account) -> None:
    stacks = account.client("cloudformation")
    stacks.create_stack(
        StackName=facts.STACK_NAME,
        TemplateBody=cloudformation.template(EDITION),
        Parameters=[{"ParameterKey": "ExternalId", "ParameterValue": VALID}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


@pytest.mark.parametrize(
    ("first", "second", "output"),
    [("dash", "bash", "text"), ("bash", "dash", "table"), ("dash", "dash", "yaml")],
)
def test_script_makes_the_specified_role_and_a_second_run_changes_nothing(
    first: str, second: str, output: str, account: Account, run_script: Run
) -> None:
    # The pager fails: whoever waits for it fails too.
    env = account.env | {"AWS_DEFAULT_OUTPUT": output, "EXTERNAL_ID": VALID, "PAGER": "false"}
    done = run_script(shell.script(EDITION), shell=first, env=env, path=BIN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index(account.account_id) < done.stdout.index("create  policy")
    assert VALID not in done.stdout
    assert role_in(account) == specified(VALID)
    assert inline_in(account) == []

    before = everything_in(account)
    again = run_script(shell.script(EDITION), shell=second, env=env, path=BIN)
    assert (again.returncode, again.stderr) == (0, "")
    assert "create" not in again.stdout
    assert everything_in(account) == before


def test_template_makes_the_specified_role(account: Account) -> None:
    create_stack(account)
    assert role_in(account) == specified(VALID)
    assert inline_in(account) == []


@pytest.mark.parametrize("boundary", [None, BOUNDARY])
def test_module_describes_the_specified_role(boundary: str | None) -> None:
    given: dict[str, Any] = {"external_id": VALID, "permissions_boundary_arn": boundary, "tags": {}}
    described = terraform_values.role(terraform.module(EDITION), given)
    assert described == specified(VALID, boundary)


def test_portal_makes_the_specified_role_with_the_customers_credentials(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.endpoint)
    spec = role_spec(EDITION, VALID)
    create_role(
        Credentials(
            account.env["AWS_ACCESS_KEY_ID"],
            account.env["AWS_SECRET_ACCESS_KEY"],
            account.env["AWS_SESSION_TOKEN"],
        ),
        RoleSpec(
            role_name=spec.role_name,
            trust_policy=spec.trust_policy,
            policies=spec.policies,
            tags=spec.tags,
            descriptions=spec.descriptions,
        ),
        account_id=account.account_id,
    )
    assert role_in(account) == specified(VALID)
    assert inline_in(account) == []


def test_script_keeps_what_the_template_made(account: Account, run_script: Run) -> None:
    create_stack(account)
    before = everything_in(account)
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("keep") == len(EDITION.policies) + 1
    assert everything_in(account) == before


def test_script_goes_on_where_somebody_stopped(account: Account, run_script: Run) -> None:
    *made, _last = role_spec(EDITION, VALID).policies
    for name, content in made:
        create_policy(account, name, json.dumps(content, indent=4))
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert (done.returncode, done.stderr) == (0, "")
    assert attached_in(account) == {policy.name for policy in EDITION.policies}
    assert done.stdout.count("create  policy") == 1


@pytest.mark.parametrize(
    "condition", ["", CONDITION % OTHER, CONDITION % "*"], ids=["none", "other id", "any id"]
)
def test_foreign_role_is_left_alone(condition: str, account: Account, run_script: Run) -> None:
    iam = account.client("iam")
    iam.create_role(RoleName=facts.ROLE_NAME, AssumeRolePolicyDocument=GUIDES_TRUST % condition)
    before = everything_in(account)
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert done.returncode == 1
    assert f"The role {facts.ROLE_NAME} exists already" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert everything_in(account) == before


@pytest.mark.parametrize("number", [0, -1])
def test_foreign_policy_is_left_alone(number: int, account: Account, run_script: Run) -> None:
    name = EDITION.policies[number].name
    iam = account.client("iam")
    iam.create_policy(PolicyName=name, PolicyDocument=FOREIGN_POLICY)
    before = everything_in(account)
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert done.returncode == 1
    assert f"The policy {name} exists already" in done.stderr
    assert everything_in(account) == before


def test_changed_policy_is_told_from_ours_in_spite_of_its_tags(
    account: Account, run_script: Run
) -> None:
    name, content = role_spec(EDITION, VALID).policies[0]
    arn = create_policy(account, name, json.dumps(content))
    account.client("iam").create_policy_version(
        PolicyArn=arn, PolicyDocument=FOREIGN_POLICY, SetAsDefault=True
    )
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert done.returncode == 1
    assert f"The policy {name} exists already" in done.stderr


@pytest.mark.parametrize("path", ["/team/", "/"])
def test_role_under_a_path_or_in_other_letters_is_told_before_anything_is_made(
    path: str, account: Account, run_script: Run
) -> None:
    name = facts.ROLE_NAME if path != "/" else facts.ROLE_NAME.title()
    trust = GUIDES_TRUST % (CONDITION % VALID)
    iam = account.client("iam")
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    before = everything_in(account)
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert done.returncode == 1
    assert f"role{path}{name}" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert everything_in(account) == before


def test_policy_under_a_path_is_told_before_anything_is_made(
    account: Account, run_script: Run
) -> None:
    name = EDITION.policies[-1].name
    iam = account.client("iam")
    iam.create_policy(PolicyName=name, Path="/team/", PolicyDocument=FOREIGN_POLICY)
    before = everything_in(account)
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert done.returncode == 1
    assert f"policy/team/{name}" in done.stderr
    assert everything_in(account) == before


def test_boundary_is_set_on_a_new_role_and_asked_of_one_that_is_kept(
    account: Account, run_script: Run
) -> None:
    iam = account.client("iam")
    env = account.env | {"PERMISSIONS_BOUNDARY_ARN": BOUNDARY}
    done = run_script(shell.script(EDITION, VALID), env=env, path=BIN)
    assert (done.returncode, done.stderr) == (0, "")
    role = iam.get_role(RoleName=facts.ROLE_NAME)["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    again = run_script(shell.script(EDITION, VALID), env=env, path=BIN)
    assert again.returncode == 0
    env["PERMISSIONS_BOUNDARY_ARN"] = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    other = run_script(shell.script(EDITION, VALID), env=env, path=BIN)
    assert other.returncode == 1
    assert "without this permissions boundary" in other.stderr


def test_role_made_as_the_guide_says_is_kept(account: Account, run_script: Run) -> None:
    iam = account.client("iam")
    trust = GUIDES_TRUST % (CONDITION % VALID)
    made = iam.create_role(RoleName=facts.ROLE_NAME, AssumeRolePolicyDocument=trust)["Role"]
    done = run_script(shell.script(EDITION, VALID), env=account.env, path=BIN)
    assert (done.returncode, done.stderr) == (0, "")
    assert iam.get_role(RoleName=facts.ROLE_NAME)["Role"]["RoleId"] == made["RoleId"]
    assert attached_in(account) == {policy.name for policy in EDITION.policies}


def test_specification_shows_no_external_id() -> None:
    assert VALID not in repr(role_spec(EDITION, VALID))

"""The template of another version updates the stack in place, by the command that a page shows."""

import re
from typing import Any

import pytest

from onboarding import facts
from onboarding.policy import cloudformation, update_stack
from onboarding.policy.document import Edition
from tests.policy.conftest import Account
from tests.policy.test_same_role import create_stack
from tests.policy.update_scene import (
    NEW,
    OLD,
    documents,
    on_role,
    tags_of_role,
    trust_of,
    versions,
)

ACCOUNT = "719000000001"
URL = "https://example.s3.amazonaws.com/astro-role-v2.yaml"


def update(account: Account, edition: Edition) -> Any:
    """As the console does with the new template, and every parameter left as it is."""
    stacks = account.client("cloudformation")
    kept = [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in cloudformation.parameter_names()
    ]
    stacks.update_stack(
        StackName=facts.STACK_NAME,
        TemplateBody=cloudformation.template(edition),
        Parameters=kept,
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    return stacks.describe_stacks(StackName=facts.STACK_NAME)["Stacks"][0]


def test_the_stack_is_updated_in_place(account: Account) -> None:
    create_stack(account)
    iam = account.client("iam")
    before, trust = iam.get_role(RoleName=facts.ROLE_NAME)["Role"], trust_of(account)

    stack = update(account, NEW)

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert on_role(account) == documents(NEW)
    assert tags_of_role(account) == NEW.tags
    assert trust_of(account) == trust
    assert iam.get_role(RoleName=facts.ROLE_NAME)["Role"]["RoleId"] == before["RoleId"]
    told = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert told["PolicyVersion"] == "2"
    for each in NEW.policies:
        count = 1 if each in OLD.policies else 2
        assert len(versions(account, each.name)) == count


def test_the_command_keeps_every_parameter_and_looks_at_the_account_first() -> None:
    command = update_stack.stack_command(ACCOUNT, URL)
    assert command.index(f"= {ACCOUNT}\n") < command.index("update-stack")
    assert f"--template-url {URL}" in command
    kept = re.findall(r"ParameterKey=(\w+),UsePreviousValue=true", command)
    assert tuple(kept) == cloudformation.parameter_names()


@pytest.mark.parametrize("account_id", ["", "71900000000", "719000000001; rm", "७१९०००००००००१"])
def test_no_command_is_made_for_what_is_no_account(account_id: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        update_stack.stack_command(account_id, URL)

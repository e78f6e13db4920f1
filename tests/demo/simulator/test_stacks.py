"""CloudFormation makes the same role a call makes, and rolls back what it cannot finish."""

from typing import Any

import pytest

from onboarding.facts import POLICY_NAME, ROLE_NAME, STACK_NAME
from portal.demo.simulator.samples import HEALTHY
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import assume, make_role, trust

TEMPLATE = """
Parameters:
  ExternalId: {Type: String, AllowedPattern: "[a-z-]+", MinLength: 2, MaxLength: 64}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: AstronomerCrossAccountRole
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "iam:Get*", Resource: !Sub "arn:aws:iam::${AWS::AccountId}:role/*"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: astronomer-remote-management
      ManagedPolicyArns: [!Ref Policy]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::406882777402:root"}
            Action: sts:AssumeRole
            Condition: {StringEquals: {"sts:ExternalId": !Ref ExternalId}}
Outputs:
  RoleArn: {Value: !GetAtt Role.Arn}
"""
NAMED = ["CAPABILITY_NAMED_IAM"]


def stack(external_id: str = "astro-example", **more: Any) -> dict[str, Any]:
    return {
        "StackName": STACK_NAME,
        "TemplateBody": TEMPLATE,
        "Capabilities": NAMED,
        "Parameters": [{"ParameterKey": "ExternalId", "ParameterValue": external_id}],
        **more,
    }


def test_a_stack_makes_a_role_that_opens_and_may_what_its_policy_says(world: World) -> None:
    cloudformation = world.admin("cloudformation", HEALTHY)
    cloudformation.create_stack(**stack())
    seen = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    assert seen["StackStatus"] == "CREATE_COMPLETE"
    assert seen["Outputs"][0]["OutputValue"] == f"arn:aws:iam::{HEALTHY}:role/{ROLE_NAME}"

    session = world.client("iam", assume(world, HEALTHY))
    assert session.get_role(RoleName=ROLE_NAME)
    assert refused(session.list_roles) == "AccessDenied"


def test_the_journal_tells_the_role_a_stack_made(world: World) -> None:
    world.admin("cloudformation", HEALTHY).create_stack(**stack())
    made = [one for one in world.control(f"journal?account={HEALTHY}") if one["via"]]
    assert [(one["service"], one["action"], one["names"]) for one in made] == [
        ("iam", "CreateRole", {"RoleName": ROLE_NAME})
    ]


def test_deleting_the_stack_deletes_role_and_policy(world: World) -> None:
    cloudformation = world.admin("cloudformation", HEALTHY)
    cloudformation.create_stack(**stack())
    cloudformation.delete_stack(StackName=STACK_NAME)
    iam = world.admin("iam", HEALTHY)
    assert iam.list_roles()["Roles"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_role_of_that_name_rolls_the_stack_back_and_stays(world: World) -> None:
    iam = world.admin("iam", HEALTHY)
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust("astro-theirs"))
    cloudformation = world.admin("cloudformation", HEALTHY)

    cloudformation.create_stack(**stack())

    seen = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    events = cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    statement = iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert seen["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("already exists" in one.get("ResourceStatusReason", "") for one in events)
    assert statement[0]["Condition"] == {"StringEquals": {"sts:ExternalId": "astro-theirs"}}
    assert iam.list_policies(Scope="Local")["Policies"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Capabilities": []}, "InsufficientCapabilitiesException"),
        ({"Capabilities": ["CAPABILITY_IAM"]}, "InsufficientCapabilitiesException"),
        ({"Parameters": []}, "ValidationError"),
        ({"external_id": "ASTRO"}, "ValidationError"),
        ({"TemplateBody": "Resources: !!python/object/apply:os.getcwd []"}, "ValidationError"),
        ({"TemplateBody": "nothing"}, "ValidationError"),
        ({"TemplateBody": "Resources: {Role: {Type: 'AWS::IAM::Role'"}, "ValidationError"),
    ],
)
def test_what_create_stack_does_not_take(world: World, change: dict[str, Any], code: str) -> None:
    create = world.admin("cloudformation", HEALTHY).create_stack
    assert refused(create, **stack(**change)) == code
    assert world.admin("iam", HEALTHY).list_roles()["Roles"] == []


def test_a_policy_of_that_name_rolls_the_stack_back(world: World) -> None:
    make_role(world, HEALTHY)
    iam = world.admin("iam", HEALTHY)
    arn = f"arn:aws:iam::{HEALTHY}:policy/{POLICY_NAME}"
    iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=arn)
    iam.delete_role(RoleName=ROLE_NAME)
    cloudformation = world.admin("cloudformation", HEALTHY)
    cloudformation.create_stack(**stack())
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    assert iam.list_roles()["Roles"] == []
    assert iam.get_policy(PolicyArn=arn)

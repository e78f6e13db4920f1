"""Versions to update a role to, and roles that were made of the version that is shipped."""

import json
import sys
from pathlib import Path
from typing import Any

from onboarding import facts
from onboarding.policy import document
from onboarding.policy.document import Edition
from onboarding.policy.role import role_spec
from tests.editions import with_grant, without_grant
from tests.policy.conftest import Account
from tests.policy.external_ids import VALID

BIN = str(Path(sys.executable).parent)
OLD = document.shipped()
NEW = with_grant(
    2, ["eks:CreateAccessEntry"], OLD.policies[0].name, base=without_grant(2, "Ec2InstancesEnd")
)
"""One action more in one policy, and a few less in another."""

FOREIGN: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


def renamed(number: int) -> Edition:
    """One whose policy for networks has another name."""
    text = json.dumps(OLD.source).replace("NetworkAstronomer", "WiresAstronomer")
    return Edition(number, json.loads(text))


def documents(edition: Edition) -> dict[str, Any]:
    return {each.name: each.document for each in edition.policies}


def create(account: Account, edition: Edition = OLD, *, sort_keys: bool = False) -> Any:
    """The role of a version, as its script makes it, or Terraform, which sorts the keys. Gives IAM
    as the administrator has it.
    """
    iam, spec = account.client("iam"), role_spec(edition, VALID)
    tags = [{"Key": key, "Value": value} for key, value in spec.tags.items()]
    trust = json.dumps(spec.trust_policy)
    iam.create_role(RoleName=spec.role_name, AssumeRolePolicyDocument=trust, Tags=tags)
    for name, content in spec.policies:
        text = json.dumps(content, sort_keys=sort_keys, separators=(",", ":"))
        made = iam.create_policy(PolicyName=name, PolicyDocument=text, Tags=tags)
        iam.attach_role_policy(RoleName=spec.role_name, PolicyArn=made["Policy"]["Arn"])
    return iam


def arn(account: Account, name: str) -> str:
    return f"arn:aws:iam::{account.account_id}:policy/{name}"


def put_text(account: Account, name: str, text: str, *, default: bool = True) -> None:
    account.client("iam").create_policy_version(
        PolicyArn=arn(account, name), PolicyDocument=text, SetAsDefault=default
    )


def on_role(account: Account) -> dict[str, Any]:
    """The text in force of each policy on the role."""
    iam = account.client("iam")
    found = {}
    for each in iam.list_attached_role_policies(RoleName=facts.ROLE_NAME)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)
        found[each["PolicyName"]] = answer["PolicyVersion"]["Document"]
    return found


def tags_of_role(account: Account) -> dict[str, str]:
    listed = account.client("iam").list_role_tags(RoleName=facts.ROLE_NAME)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def trust_of(account: Account) -> Any:
    role = account.client("iam").get_role(RoleName=facts.ROLE_NAME)["Role"]
    return role["AssumeRolePolicyDocument"]


def versions(account: Account, name: str) -> list[str]:
    listed = account.client("iam").list_policy_versions(PolicyArn=arn(account, name))
    return [each["VersionId"] for each in listed["Versions"]]

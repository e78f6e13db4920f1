"""A role of an older version, and the newer one it is updated to."""

from typing import Any

from onboarding.aws.actions.create_role import RoleSpec
from onboarding.aws.actions.update_role import (
    RoleUpdate,
    Updated,
    update_role,
)
from onboarding.facts import POLICY_NAME, ROLE_NAME
from tests.aws.simulated import SimulatedAws
from tests.aws.trust_documents import OURS, policy, statement

WRITES = "iam:(Create|Put|Attach|Detach|Update|Delete|Tag|Set)"
FIRST, SECOND, THIRD = (f"{part}{POLICY_NAME}" for part in ("", "Network", "Data"))


def allow(*actions: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


READS = allow("iam:GetRole", "ec2:Describe*")
OLD = {FIRST: READS, SECOND: allow("eks:ListClusters", "eks:TagResource")}
NEW = {FIRST: READS, SECOND: allow("eks:ListClusters", "eks:CreateCluster")}
FOREIGN = allow("s3:*")


def tags(version: int) -> dict[str, str]:
    return {"astro:managed-by": "astro-install-portal", "astro:policy-version": str(version)}


OLD_SPEC = RoleSpec(
    role_name=ROLE_NAME,
    trust_policy=policy(statement()),
    policies=tuple(OLD.items()),
    tags=tags(1),
)


def to(*versions: dict[str, dict[str, Any]]) -> RoleUpdate:
    """To the last of `versions`; all of them were published, and so was the old one."""
    names = {name for version in (OLD, *versions) for name in version}
    known = {name: tuple(each[name] for each in (OLD, *versions) if name in each) for name in names}
    return RoleUpdate(ROLE_NAME, tuple(versions[-1].items()), known, tags(2), external_id=OURS)


def update(
    aws: SimulatedAws, account_id: str, wanted: RoleUpdate | None = None, **more: Any
) -> Updated:
    credentials = more.pop("credentials", None) or aws.credentials(account_id)
    return update_role(credentials, wanted or to(NEW), account_id=account_id, **more)


def arn(account_id: str, name: str) -> str:
    return f"arn:aws:iam::{account_id}:policy/{name}"


def documents(iam: Any) -> dict[str, Any]:
    """What hangs on the role, by name."""
    found = {}
    for each in iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]:
        where = each["PolicyArn"]
        version = iam.get_policy(PolicyArn=where)["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=where, VersionId=version)
        found[each["PolicyName"]] = answer["PolicyVersion"]["Document"]
    return found


def versions(iam: Any, where: str) -> list[str]:
    listed = iam.list_policy_versions(PolicyArn=where)["Versions"]
    return [each["VersionId"] for each in listed]


def role_tags(iam: Any) -> dict[str, str]:
    listed = iam.list_role_tags(RoleName=ROLE_NAME)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}

"""What can go wrong while the portal creates the role with pasted credentials. One line, one fault."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from onboarding.aws.check import Turn
from onboarding.facts import POLICY_NAME, ROLE_NAME
from tests.aws.actions.wanted import SECOND_NAME, SPEC
from tests.faults.world import NO_PORT, World

Given = Callable[[World], None]
AWS, CUSTOMER, SUPPORT = Turn.AWS, Turn.CUSTOMER, Turn.SUPPORT
DOCUMENTS = dict(SPEC.policies)
OTHER: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
}
FULL_ACCESS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class Row:
    name: str
    given: Given
    cause: str
    """Words of the likeliest cause."""
    turn: Turn
    step: str
    layer: str = ""
    like: str = ""
    """The row that is told the same; every other row must be told apart."""
    mend: Given | None = None
    """What the customer does besides pasting fresh credentials."""

    @property
    def family(self) -> str:
        return self.like or self.name


def refused(action: str, code: str, message: str = "No.") -> Given:
    return lambda world: world.aws.fail(action, code, 1, message)


def denied(action: str, because: str) -> Given:
    who = "User: arn:aws:sts::210987654321:assumed-role/Admin/jane is not authorized to perform"
    return refused(action, "AccessDenied", f"{who}: {action} {because}")


def throttled(action: str) -> Given:
    return lambda world: world.aws.simulator.knobs(throttle={action: 1})


def lost(action: str) -> Given:
    return lambda world: world.aws.lose(action)


def late(action: str) -> Given:
    """Done, and answered after longer than the portal waits."""

    def delay(world: World) -> None:
        world.patience = 1.0
        world.aws.simulator.knobs(hang={action: [1.6, 1]})

    return delay


def limited(*documents: dict[str, Any]) -> Given:
    return lambda world: world.aws.limit(world.account_id, *documents)


def after(calls: int) -> Given:
    def paste(world: World) -> None:
        world.pasted = world.aws.credentials(world.account_id)
        world.aws.end_sessions(world.account_id, calls)

    return paste


def pasted(**how: Any) -> Given:
    def paste(world: World) -> None:
        world.pasted = world.aws.credentials(world.account_id, **how)

    return paste


def changed(**fields: str) -> Given:
    def paste(world: World) -> None:
        world.pasted = replace(world.aws.credentials(world.account_id), **fields)

    return paste


def of_another_account(world: World) -> None:
    world.pasted = world.aws.credentials(world.aws.new_account())


def out_of_reach(world: World) -> None:
    world.pasted = world.aws.credentials(world.account_id)
    world.patch.setenv("AWS_ENDPOINT_URL", NO_PORT)


def both(*several: Given) -> Given:
    def all_of_them(world: World) -> None:
        for one in several:
            one(world)

    return all_of_them


def role(trust: Any = SPEC.trust_policy, name: str = ROLE_NAME, **more: Any) -> Given:
    text = json.dumps(trust)
    return lambda world: world.admin().create_role(
        RoleName=name, AssumeRolePolicyDocument=text, **more
    )


def policy(document: Any, name: str = POLICY_NAME, versions: int = 1, **more: Any) -> Given:
    """A policy whose version in force says `document`; other versions say something else."""

    def make(world: World) -> None:
        iam = world.admin()
        first = json.dumps(OTHER if versions > 1 else document)
        arn = iam.create_policy(PolicyName=name, PolicyDocument=first, **more)["Policy"]["Arn"]
        for number in range(1, versions):
            last = number == versions - 1
            text = json.dumps(document if last else OTHER)
            iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=last)

    return make


def without_role(world: World) -> None:
    iam = world.admin()
    for one in iam.list_roles()["Roles"]:
        for attached in iam.list_attached_role_policies(RoleName=one["RoleName"])[
            "AttachedPolicies"
        ]:
            iam.detach_role_policy(RoleName=one["RoleName"], PolicyArn=attached["PolicyArn"])
        iam.delete_role(RoleName=one["RoleName"])


def without_policies(world: World) -> None:
    iam = world.admin()
    for one in iam.list_policies(Scope="Local")["Policies"]:
        for version in iam.list_policy_versions(PolicyArn=one["Arn"])["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=one["Arn"], VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=one["Arn"])


def full_role(world: World) -> None:
    """Our role, with as many policies attached as AWS lets a role have."""
    role()(world)
    iam = world.admin()
    for number in range(10):
        made = iam.create_policy(PolicyName=f"Theirs{number}", PolicyDocument=json.dumps(OTHER))
        iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])


def emptied(world: World) -> None:
    without_role(world)
    without_policies(world)


THEIRS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"Service": "ec2.amazonaws.com"}}]}  # fmt: skip
DENY_IAM = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*"}]}  # fmt: skip
ALLOW_IAM_READS = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"}]}  # fmt: skip
SCP = "service control policy"
BUSY, MAYBE, GONE = "so many calls a second", "may have been done", "pasted have expired"
PASTE = "paste credentials again"

ROWS: tuple[Row, ...] = (
    # Who pastes, and what
    Row("expired", pasted(seconds=0), GONE, CUSTOMER, "fresh credentials"),
    Row("without MFA", pasted(kind="session_without_mfa"), "made without MFA", CUSTOMER, "--token-code"),
    Row("federated", pasted(kind="federation"), "get-federation-token", CUSTOMER, "IAM Identity Center"),
    Row("long-term", changed(access_key_id="AKIAQWERTYUIOPASDFGH"), "a permanent one", CUSTOMER, "begins with ASIA"),
    Row("no session token", changed(session_token=""), "a permanent one", CUSTOMER, "session token", like="long-term"),
    Row("a key AWS does not know", changed(access_key_id="ASIAQWERTYUIOPASDFGH"), "does not know the credentials", CUSTOMER, "Copy all three"),
    Row("a secret of another key", refused("sts:GetCallerIdentity", "SignatureDoesNotMatch"), "does not belong to the access key ID", CUSTOMER, "Copy all three"),
    Row("of another account", of_another_account, "belong to the account", CUSTOMER, "Sign in to account"),
    *(Row(f"ends after {n} calls", after(n), GONE, CUSTOMER, "fresh credentials", like="expired") for n in range(10)),
    # Throttling of each call
    *(Row(f"throttled: {name}", throttled(name), BUSY, AWS, "Wait a minute", like="throttled: sts:GetCallerIdentity") for name in (
        "sts:GetCallerIdentity", "iam:GetPolicy", "iam:GetRole", "iam:CreatePolicy", "iam:CreateRole", "iam:ListAttachedRolePolicies", "iam:AttachRolePolicy")),
    Row("throttled: iam:GetPolicyVersion", both(policy(DOCUMENTS[POLICY_NAME]), throttled("iam:GetPolicyVersion")), BUSY, AWS, "Wait a minute", like="throttled: sts:GetCallerIdentity"),
    Row("throttled: iam:TagPolicy", both(policy(DOCUMENTS[POLICY_NAME]), throttled("iam:TagPolicy")), BUSY, AWS, "Wait a minute", like="throttled: sts:GetCallerIdentity"),
    Row("throttled: iam:TagRole", both(role(), throttled("iam:TagRole")), BUSY, AWS, "Wait a minute", like="throttled: sts:GetCallerIdentity"),
    # Trouble at AWS, and answers that are lost
    Row("500 while reading", refused("iam:GetRole", "ServiceFailure"), "busy or has trouble", AWS, "Wait a minute"),
    Row("IAM is out", lambda world: world.aws.simulator.knobs(outage=["iam"]), "busy or has trouble", AWS, "Wait a minute", like="500 while reading"),
    Row("500 while creating", refused("iam:CreateRole", "ServiceFailure"), "trouble of its own with iam:CreateRole", AWS, "nothing is made twice"),
    Row("503 while attaching", refused("iam:AttachRolePolicy", "ServiceUnavailable"), "trouble of its own with iam:AttachRolePolicy", AWS, "nothing is made twice"),
    Row("changed at once", refused("iam:AttachRolePolicy", "ConcurrentModification"), "at the same moment", AWS, "Wait a minute"),
    *(Row(f"answer lost: {name}", lost(name), f"answer to {name} did not reach us. It may", AWS, "nothing is made twice") for name in (
        "iam:CreatePolicy", "iam:CreateRole", "iam:AttachRolePolicy")),
    *(Row(f"answer late: {name}", late(name), f"answer to {name} did not reach us. It may", AWS, "nothing is made twice", like=f"answer lost: {name}") for name in (
        "iam:CreatePolicy", "iam:CreateRole", "iam:AttachRolePolicy")),
    Row("no answer to a question", late("sts:GetCallerIdentity"), "did not answer sts:GetCallerIdentity in time", AWS, "Wait a minute"),
    # Denied, by each layer
    Row("denied by an SCP", limited(FULL_ACCESS, DENY_IAM), "denies iam:CreateRole in account", CUSTOMER, "manages AWS Organizations", SCP),
    Row("no SCP allows", limited(ALLOW_IAM_READS), "No service control policy", CUSTOMER, "manages AWS Organizations", SCP),
    Row("denied by a boundary", denied("iam:CreatePolicy", "because no permissions boundary allows the iam:CreatePolicy action"), "permissions boundary of the person", CUSTOMER, "stops it", "permissions boundary"),
    Row("denied by an identity policy", denied("iam:CreateRole", "with an explicit deny in an identity-based policy"), "pasted denies iam:CreateRole", CUSTOMER, "MFA", "identity policy"),
    Row("no identity policy allows", denied("iam:CreateRole", "because no identity-based policy allows the iam:CreateRole action"), "pasted do not allow iam:CreateRole", CUSTOMER, "an administrator", "identity policy"),
    Row("denied by a session policy", denied("iam:CreateRole", "because no session policy allows the iam:CreateRole action"), "carry a session policy", CUSTOMER, "without a session policy", "session policy"),
    Row("denied, AWS does not say by what", denied("iam:AttachRolePolicy", "on resource: *"), "pasted do not allow iam:AttachRolePolicy", CUSTOMER, "an administrator", "unknown"),
    # Limits
    Row("too many policies", refused("iam:CreatePolicy", "LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500"), "as many policies as AWS", CUSTOMER, "Delete policies"),
    Row("too many roles", refused("iam:CreateRole", "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"), "as many roles as AWS", CUSTOMER, "Delete roles"),
    Row("too many policies on the role", full_role, "as many policies attached", CUSTOMER, "Detach", mend=emptied),
    Row("a document too long", refused("iam:CreateRole", "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"), "longer than AWS allows", SUPPORT, "do nothing"),
    # What stands there already
    Row("a foreign role", role(THEIRS), f"A role {ROLE_NAME} exists and differs", CUSTOMER, "Compare it", mend=without_role),
    Row("a role in other letters", role(name=ROLE_NAME.title()), f"A role {ROLE_NAME} exists and differs", CUSTOMER, "Compare it", like="a foreign role", mend=without_role),
    Row("a role under a path", role(Path="/teams/"), f"A role {ROLE_NAME} exists and differs", CUSTOMER, "Compare it", like="a foreign role", mend=without_role),
    Row("a foreign policy", policy(OTHER), f"A policy {POLICY_NAME} exists and differs", CUSTOMER, "Compare it", mend=without_policies),
    Row("a policy in other letters", policy(DOCUMENTS[SECOND_NAME], SECOND_NAME.lower()), f"A policy {SECOND_NAME} exists and differs", CUSTOMER, "Compare it", mend=without_policies),
    Row("a policy under a path", policy(DOCUMENTS[SECOND_NAME], SECOND_NAME, Path="/teams/"), f"A policy {SECOND_NAME} exists and differs", CUSTOMER, "Compare it", like="a policy in other letters", mend=without_policies),
    Row("five versions, another in force", policy(OTHER, versions=5), f"A policy {POLICY_NAME} exists and differs", CUSTOMER, "Compare it", like="a foreign policy", mend=without_policies),
    Row("gone in between", refused("iam:AttachRolePolicy", "NoSuchEntity"), "somebody deleted it", CUSTOMER, "if it is gone"),
    # Faults of ours
    Row("AWS out of reach", out_of_reach, "network on our side", SUPPORT, "do nothing"),
    Row("our clock is wrong", refused("iam:GetRole", "RequestTimeTooSkewed"), "clock of the portal", SUPPORT, "do nothing"),
    Row("our document is malformed", refused("iam:CreatePolicy", "MalformedPolicyDocument"), "document that the portal sent", SUPPORT, "do nothing"),
)  # fmt: skip

"""No service control policy of the customer's AWS Organization stands in the way.

Source: IAM API, SimulatePrincipalPolicy (OrganizationsDecisionDetail); IAM User Guide, "IAM policy
testing with the IAM policy simulator": policies with conditions are not evaluated there.
"""

from typing import Any

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.aws.errors import AwsError
from onboarding.aws.together import at_once
from onboarding.facts import ROLE_NAME, role_arn

NO_ORGANIZATION = "AWSOrganizationsNotInUseException"
TELLING = (
    "autoscaling:CreateAutoScalingGroup",
    "cloudformation:CreateStack",
    "ec2:AllocateAddress",
    "ec2:AttachInternetGateway",
    "ec2:CreateInternetGateway",
    "ec2:CreateNatGateway",
    "ec2:CreateVpc",
    "ec2:RunInstances",
    "eks:CreateCluster",
    "eks:CreateNodegroup",
    "elasticloadbalancing:CreateLoadBalancer",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateRole",
    "iam:CreateServiceLinkedRole",
    "iam:PassRole",
    "kms:CreateKey",
    "lambda:CreateFunction",
    "logs:CreateLogGroup",
    "rds:CreateDBInstance",
    "s3:CreateBucket",
    "secretsmanager:CreateSecret",
    "servicequotas:RequestServiceQuotaIncrease",
)
"""What a build does that organizations are known to deny."""
LIMITS = "Policies with conditions, such as one for Regions, cannot be tested this way."
TIP = (
    "The account is in no AWS Organization, so none denies anything. With AWS Organizations, "
    "several accounts share one bill and one set of rules: see the step Your AWS account."
)


def run(account: Account, wish: Wish) -> Finding:
    # Asked side by side, though without an organization the second answer says nothing.
    organization, denied = at_once(lambda: _organization(account), lambda: _denied(account))
    if organization is None:
        return Finding(Status.PASSED, saw=TIP)
    if isinstance(denied, AwsError):
        raise denied
    name = f"AWS Organization {organization['Id']}"
    needed = f"No policy of {name} that denies what building a cluster takes"
    if organization.get("MasterAccountId") == account.account_id:
        saw = f"This is the management account of {name}: its policies do not apply here."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    if not denied:
        saw = f"{name} denies none of the {len(TELLING)} actions we tried. {LIMITS}"
        return Finding(Status.PASSED, saw=saw, needed=needed)
    return Finding(
        Status.WARNING,
        saw=f"A service control policy of {name} denies {', '.join(denied)}.",
        needed=needed,
        cause="No policy in this account can allow what a service control policy denies.",
        turn=Turn.CUSTOMER,
        fix=_fix(account, organization, denied),
    )


def _organization(account: Account) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = account.ask("organizations", "describe_organization")
    except AwsError as error:
        if error.code != NO_ORGANIZATION:
            raise
        return None
    return dict(found["Organization"])


def _denied(account: Account) -> list[str] | AwsError:
    """Those of the telling actions that the organization denies to the role."""
    try:
        answer = account.ask(
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=role_arn(account.account_id),
            ActionNames=list(TELLING),
        )
    except AwsError as error:
        return error
    return [
        one["EvalActionName"]
        for one in answer["EvaluationResults"]
        if not one.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True)
    ]


def _fix(account: Account, organization: dict[str, Any], denied: list[str]) -> Fix:
    manager = organization.get("MasterAccountId", "")
    who = f" (its management account is {manager})" if manager else ""
    return Fix(
        steps=(
            f"Write to whoever manages AWS Organizations for you{who}.",
            f"Ask them to let the role {ROLE_NAME} in account {account.account_id} use "
            f"{', '.join(denied)}: with a statement that leaves this role out, or by moving the "
            "account to another organizational unit.",
            "Then ask us to check again.",
        ),
        command=_command(account.account_id),
        link=console.service_control_policies(),
        link_label="Service control policies in AWS Organizations",
    )


def _command(account_id: str) -> str:
    """Lists what is denied; any administrator of the account may run it."""
    return (
        f"aws iam simulate-principal-policy --policy-source-arn {role_arn(account_id)}"
        f" --action-names {' '.join(TELLING)} --query 'EvaluationResults[?"
        "OrganizationsDecisionDetail.AllowedByOrganizations==`false`].EvalActionName'"
        " --output text"
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=_command(wish.aws_account_id),
        link=console.service_control_policies(),
        link_label="Service control policies in AWS Organizations",
    )


CHECK = Check(
    code="organization_policies",
    title="Policies of AWS Organizations",
    blocking=False,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=_look_up,
)

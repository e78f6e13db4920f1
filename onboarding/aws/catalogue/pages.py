"""Pages of the AWS console, and commands, that several entries of the catalogue name."""

from onboarding.aws import console
from onboarding.aws.catalogue.entry import Look
from onboarding.facts import ROLE_NAME

_HOME = "https://us-east-1.console.aws.amazon.com"


def _iam(page: str) -> str:
    return f"{_HOME}/iam/home#/{page}"


ROLE = Look(
    f"aws iam get-role --role-name {ROLE_NAME}",
    lambda region: console.role(),
    "Open the role in IAM",
)
ROLE_TRUST = Look(
    f"aws iam get-role --role-name {ROLE_NAME} --query Role.AssumeRolePolicyDocument",
    lambda region: f"{console.role()}?section=trust_relationships",
    "Open the role's trust policy",
)
ROLE_POLICIES = Look(
    f"aws iam list-attached-role-policies --role-name {ROLE_NAME}",
    lambda region: console.role(),
    "Open the role in IAM",
)
BOUNDARY = Look(
    f"aws iam get-role --role-name {ROLE_NAME} --query Role.PermissionsBoundary",
    lambda region: console.role(),
    "Open the role in IAM",
)
SIMULATE = Look(
    "aws iam simulate-principal-policy --action-names {action}"
    f" --policy-source-arn arn:aws:iam::{{account}}:role/{ROLE_NAME}"
    " --query 'EvaluationResults[].[EvalActionName,EvalDecision]' --output text"
)
"""Says allowed, implicitDeny or explicitDeny, of the role's own policies and its boundary."""
WHO_AM_I = Look("aws sts get-caller-identity")
SCPS = Look(
    "aws organizations list-policies-for-target --target-id {account}"
    " --filter SERVICE_CONTROL_POLICY",
    lambda region: f"{_HOME}/organizations/v2/home/policies/service-control-policy",
    "Open the Organization's service control policies",
)
RCPS = Look(
    "aws organizations list-policies-for-target --target-id {account}"
    " --filter RESOURCE_CONTROL_POLICY",
    lambda region: f"{_HOME}/organizations/v2/home/policies/resource-control-policy",
    "Open the Organization's resource control policies",
)
REGIONS = Look(
    "aws account enable-region --region-name {region}",
    lambda region: console.account_regions(),
    "Open AWS Regions of your account",
)
STS_ENDPOINTS = Look(
    "", lambda region: _iam("account_settings"), "Open the account settings of IAM"
)
POLICIES = Look(
    "aws iam list-policies --scope Local --query 'length(Policies)'",
    lambda region: _iam("policies"),
    "Open the policies in IAM",
)
ROLES = Look(
    "aws iam list-roles --query 'length(Roles)'", lambda region: _iam("roles"), "Open the roles"
)
IAM_QUOTAS = Look(
    "aws service-quotas list-service-quotas --service-code iam --region us-east-1",
    lambda region: f"{_HOME}/servicequotas/home/services/iam/quotas",
    "Open the quotas of IAM",
)
QUOTA_HISTORY = Look(
    "aws service-quotas list-requested-service-quota-change-history --region {region}",
    lambda region: (
        f"https://{region}.console.aws.amazon.com/servicequotas/home/requests?region={region}"
    ),
    "Open your quota requests",
)
ACCOUNT = Look("", lambda region: f"{_HOME}/billing/home#/account", "Open your account at AWS")
STACKS = Look(
    "aws cloudformation describe-stacks --region {region}",
    lambda region: (
        f"https://{region}.console.aws.amazon.com/cloudformation/home?region={region}#/stacks"
    ),
    "Open the stacks in CloudFormation",
)
TRAILS = Look(
    "aws cloudtrail describe-trails --region {region}",
    lambda region: (
        f"https://{region}.console.aws.amazon.com/cloudtrailv2/home?region={region}#/trails"
    ),
    "Open the trails in CloudTrail",
)
LOG_GROUPS = Look(
    "aws logs describe-log-groups --region {region}",
    lambda region: (
        f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#logsV2:log-groups"
    ),
    "Open the log groups in CloudWatch",
)
ALARMS = Look(
    "aws cloudwatch describe-alarms --region {region}",
    lambda region: (
        f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#alarmsV2:"
    ),
    "Open the alarms in CloudWatch",
)

"""Failures in AWS's real texts, and words that must stand in what the customer is told of each."""

from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ReadTimeoutError,
)

from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn

ACCOUNT = "210987654321"
ROLE_ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/astronomer-remote-management/astro-portal-check"
SCP_ARN = (
    "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
)
URL = "https://iam.amazonaws.com/"
PORTAL, ROLE, PASTED = Identity.PORTAL, Identity.ROLE, Identity.PASTED
REPORTED = Identity.REPORTED
AWS, CUSTOMER, SUPPORT = Turn.AWS, Turn.CUSTOMER, Turn.SUPPORT


@dataclass(frozen=True)
class Told:
    """A failure, and words that its likeliest cause and its steps must hold."""

    action: str
    fault: str | BotoCoreError
    text: str
    turn: Turn
    cause: str
    step: str
    identity: Identity = ROLE
    region: str = "us-east-1"
    status: int = 400


def no(because: str, action: str = "iam:GetRole", who: str = ROLE_ARN) -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: * {because}"


DENIED = (
    Told("ec2:DescribeVpcs", "UnauthorizedOperation",
         "You are not authorized to perform this operation. " + no("because no identity-based policy"
         " allows the ec2:DescribeVpcs action", "ec2:DescribeVpcs"), CUSTOMER,
         "do not allow ec2:DescribeVpcs", "Attach the policies", status=403),
    Told("ec2:DescribeVpcs", "UnauthorizedOperation",
         "You are not authorized to perform this operation. Encoded authorization failure message: "
         + "4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdefghijklmn-EXAMPLE" * 3, CUSTOMER,
         "do not allow ec2:DescribeVpcs", "encoded form", status=403),
    Told("iam:GetRole", "AccessDenied", no("with an explicit deny in an identity-based policy"),
         CUSTOMER, "denies iam:GetRole explicitly", "Look for that Deny"),
    Told("iam:GetRole", "AccessDenied", no("because no permissions boundary allows the action"),
         CUSTOMER, "boundary of the role astronomer-remote-management does not allow", "Add iam:GetRole"),
    Told("iam:GetRole", "AccessDenied", no("with an explicit deny in a permissions boundary: "
         f"arn:aws:iam::{ACCOUNT}:policy/Edge"), CUSTOMER,
         f"(arn:aws:iam::{ACCOUNT}:policy/Edge) denies", "Deny of iam:GetRole out of the boundary"),
    Told("iam:GetRole", "AccessDenied", no("because no service control policy allows the action"),
         CUSTOMER, "No service control policy", "manages AWS Organizations"),
    Told("iam:GetRole", "AccessDenied", no(f"with an explicit deny in a service control policy: {SCP_ARN}"),
         CUSTOMER, f"({SCP_ARN}) denies iam:GetRole", "manages AWS Organizations"),
    Told("iam:GetRole", "AccessDenied", no("with an explicit deny in a resource control policy"),
         CUSTOMER, "resource control policy", "manages AWS Organizations"),
    Told("iam:GetRole", "AccessDenied", no("because no session policy allows the action"),
         SUPPORT, "policy of Astro's own", "do nothing"),
    Told("iam:GetRole", "AccessDenied", no("because no VPC endpoint policy allows the action"),
         SUPPORT, "policy of Astro's own", "do nothing"),
    Told("logs:CreateLogGroup", "AccessDeniedException",
         no("because no resource-based policy allows the action"), CUSTOMER,
         "policy of the resource itself does not allow", "Allow logs:CreateLogGroup"),
    Told("logs:CreateLogGroup", "AccessDeniedException",
         no("with an explicit deny in a resource-based policy"), CUSTOMER,
         "policy of the resource itself denies", "Take that Deny out"),
    Told("iam:GetRole", "AccessDenied", no("with an explicit deny"), CUSTOMER,
         "AWS does not say which", "Look for that Deny"),
    Told("iam:GetRole", "AccessDenied", no(""), CUSTOMER, "do not allow iam:GetRole", "Attach"),
    Told("sts:AssumeRole", "AccessDenied", no("", "sts:AssumeRole"), CUSTOMER,
         "does not exist in account 210987654321", "letter by letter", PORTAL, status=403),
    Told("sts:AssumeRole", "AccessDenied", no("with an explicit deny in the role trust policy",
         "sts:AssumeRole"), CUSTOMER, "Deny in the trust policy", "Take the statement", PORTAL),
    Told("sts:AssumeRole", "AccessDenied", no("with an explicit deny in a resource control policy",
         "sts:AssumeRole"), CUSTOMER, "lets nobody from outside", "Organizations", PORTAL),
    Told("sts:AssumeRole", "AccessDenied", no("because no identity-based policy allows the "
         "sts:AssumeRole action"), SUPPORT, "portal's own identity", "do nothing", PORTAL),
    Told("iam:CreateRole", "AccessDenied", no("because no identity-based policy allows the action"),
         CUSTOMER, "person whose credentials you pasted do not allow iam:CreateRole",
         "administrator of account 210987654321", PASTED),
    Told("iam:CreateRole", "AccessDenied", no("with an explicit deny in an identity-based policy"),
         CUSTOMER, "pasted denies iam:CreateRole", "Sign in with MFA", PASTED),
    Told("iam:CreateRole", "AccessDenied", no("because no permissions boundary allows the action"),
         CUSTOMER, "boundary of the person", "paste credentials again", PASTED),
    Told("iam:CreateRole", "AccessDenied", no("because no session policy allows the action"),
         CUSTOMER, "carry a session policy", "without a session policy", PASTED),
    Told("iam:CreateRole", "AccessDenied", no(""), CUSTOMER, "pasted do not allow iam:CreateRole",
         "administrator", PASTED),
)  # fmt: skip
CREDENTIALS = (
    Told("iam:CreateRole", "ExpiredToken", "The security token included in the request is expired",
         CUSTOMER, "you pasted have expired", "fresh credentials", PASTED, status=403),
    Told("iam:CreateRole", "SignatureDoesNotMatch", "The request signature we calculated does not "
         "match", CUSTOMER, "does not belong to the access key ID", "Copy all three", PASTED),
    Told("iam:CreateRole", "InvalidClientTokenId", "The security token included in the request is "
         "invalid.", CUSTOMER, "AWS does not know the credentials", "Copy all three", PASTED),
    Told("ec2:DescribeVpcs", "RequestExpired", "Request has expired.", CUSTOMER,
         "fifteen minutes", "check again"),
    Told("ec2:DescribeVpcs", "AuthFailure", "AWS was not able to validate the provided access "
         "credentials", CUSTOMER, "does not take the credentials the role", "check again", status=401),
)  # fmt: skip
OURS_AT_FAULT = (
    Told("sts:AssumeRole", NoCredentialsError(), "", SUPPORT, "no AWS credentials", "do nothing", PORTAL),
    Told("sts:AssumeRole", NoRegionError(), "", SUPPORT, "wrong", "do nothing", PORTAL),
    Told("sts:AssumeRole", EndpointConnectionError(endpoint_url=URL), "", SUPPORT,
         "network on our side", "do nothing", PORTAL),
    Told("sts:AssumeRole", ParamValidationError(report="x"), "", SUPPORT, "no sense", "do nothing", PORTAL),
    Told("sts:AssumeRole", "SignatureDoesNotMatch", "x", SUPPORT, "own AWS credentials", "do nothing", PORTAL),
    Told("sts:AssumeRole", "ExpiredToken", "x", SUPPORT, "own AWS credentials", "do nothing", PORTAL),
    Told("sts:AssumeRole", "RequestTimeTooSkewed", "x", SUPPORT, "clock", "do nothing", PORTAL),
    Told("iam:CreateRole", "RequestTimeTooSkewed", "x", SUPPORT, "clock", "do nothing", PASTED),
    Told("iam:CreateRole", "MalformedPolicyDocument", "This policy contains invalid Json", SUPPORT,
         "document that the portal sent", "do nothing", PASTED),
    Told("iam:CreateRole", "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", SUPPORT,
         "longer than AWS allows", "do nothing", PASTED),
)  # fmt: skip
LATER = (
    Told("iam:CreateRole", "Throttling", "Rate exceeded", AWS, "so many calls a second",
         "Wait a minute, then paste", PASTED),
    Told("servicequotas:GetServiceQuota", "TooManyRequestsException", "Too Many Requests", AWS,
         "so many calls a second", "in a minute", status=429),
    Told("sts:AssumeRole", "Throttling", "Rate exceeded", AWS, "so many calls", "by ourselves", PORTAL),
    Told("iam:CreateRole", "ServiceFailure", "The request processing has failed", AWS,
         "may have been done", "nothing is made twice", PASTED, status=500),
    Told("ec2:DescribeVpcs", "Unavailable", "x", AWS, "trouble of its own", "in a minute", status=503),
    Told("iam:CreateRole", ReadTimeoutError(endpoint_url=URL), "", AWS, "may have been done",
         "nothing is made twice", PASTED),
    Told("iam:AttachRolePolicy", ConnectionClosedError(endpoint_url=URL), "", AWS,
         "may have been done", "nothing is made twice", PASTED),
    Told("ec2:DescribeVpcs", ReadTimeoutError(endpoint_url=URL), "", AWS, "in time", "in a minute"),
    Told("iam:TagRole", "ConcurrentModification", "x", AWS, "same moment", "Wait", PASTED, status=409),
)  # fmt: skip
PLACES = (
    Told("ec2:DescribeVpcs", "AuthFailure", "x", CUSTOMER, "ap-east-1 is off", "Turn ap-east-1 on",
         region="ap-east-1"),
    Told("ec2:DescribeVpcs", "OptInRequired", "x", CUSTOMER, "ap-east-1 is off", "Turn ap-east-1 on",
         region="ap-east-1"),
    Told("sts:AssumeRole", "RegionDisabledException", "STS is not activated in this region for "
         "account:210987654321.", CUSTOMER, "STS endpoint of eu-west-1", "Security Token Service",
         PORTAL, "eu-west-1", 403),
    Told("ec2:DescribeVpcs", "OptInRequired", "You are not subscribed to this service.", CUSTOMER,
         "not fully activated", "payment details", status=403),
    Told("ec2:DescribeVpcs", "PendingVerification", "Your account is pending verification.", AWS,
         "still verifying", "do nothing"),
    Told("ec2:DescribeVpcs", "Blocked", "This account is currently blocked.", CUSTOMER, "has blocked",
         "root user", status=403),
    Told("s3:ListBuckets", "AccountProblem", "There is a problem with your AWS account", CUSTOMER,
         "closed, or was suspended", "root user", status=403),
    Told("account:EnableRegion", "ConflictException", "x", AWS, "turning this Region", "Wait"),
)  # fmt: skip
THINGS = (
    Told("iam:CreatePolicy", "LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500",
         CUSTOMER, "as many policies", "Delete policies", PASTED, status=409),
    Told("iam:CreateRole", "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", CUSTOMER,
         "as many roles", "Delete roles", PASTED, status=409),
    Told("iam:AttachRolePolicy", "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10",
         CUSTOMER, "as many policies attached", "Detach", PASTED, status=409),
    Told("iam:CreatePolicyVersion", "LimitExceeded", "A managed policy can have up to 5 versions. "
         "Before you create a new version, you must delete an existing version.", CUSTOMER,
         "five versions", "Delete a version", PASTED, status=409),
    Told("iam:CreateRole", "LimitExceeded", "Another one", CUSTOMER, "limit of IAM: Another one",
         "higher quota", PASTED),
    Told("iam:CreateRole", "EntityAlreadyExists", "Role with name x already exists.", CUSTOMER,
         "exists in account", "rename or delete", PASTED, status=409),
    Told("iam:AttachRolePolicy", "NoSuchEntity", "The role with name x cannot be found.", CUSTOMER,
         "somebody deleted it", "if it is gone", PASTED, status=404),
    Told("servicequotas:GetServiceQuota", "NoSuchResourceException", "x", CUSTOMER, "default applies",
         "Look the quota up"),
    Told("servicequotas:RequestServiceQuotaIncrease", "ResourceAlreadyExistsException", "x", AWS,
         "open already", "do nothing"),
    Told("servicequotas:RequestServiceQuotaIncrease", "DependencyAccessDeniedException", "x", CUSTOMER,
         "on your behalf", "Attach"),
    Told("servicequotas:RequestServiceQuotaIncrease", "IllegalArgumentException", "x", CUSTOMER,
         "does not take the value", "higher one"),
    Told("servicequotas:RequestServiceQuotaIncrease", "QuotaExceededException", "x", AWS,
         "Too many quota requests", "Wait"),
    Told("cloudformation:CreateStack", "AlreadyExistsException", "Stack [x] already exists", CUSTOMER,
         "stack of this name", "Look at that stack"),
    Told("cloudformation:UpdateStack", "ValidationError", "Stack:x is in ROLLBACK_COMPLETE state and "
         "can not be updated.", CUSTOMER, "failed before", "Delete the stack"),
    Told("cloudtrail:CreateTrail", "MaximumNumberOfTrailsExceededException", "x", CUSTOMER,
         "five trails", "Use a trail"),
    Told("cloudtrail:UpdateTrail", "InsufficientS3BucketPolicyException", "x", CUSTOMER,
         "may not write to the trail's bucket", "Let CloudTrail write"),
    Told("logs:PutMetricFilter", "ResourceNotFoundException", "x", CUSTOMER, "is not in us-east-1",
         "Look for it"),
    Told("logs:PutMetricFilter", "LimitExceededException", "x", CUSTOMER, "hundred metric filters",
         "Delete filters"),
    Told("monitoring:PutMetricAlarm", "InvalidParameterValue", "x", SUPPORT, "as the portal wrote it",
         "do nothing"),
    Told("ec2:DescribeVpcs", "BrandNewCode", "Something new.", SUPPORT, "BrandNewCode", "to support"),
)  # fmt: skip
IN_A_REPORT = (
    Told("ec2:DescribeVpcs", "UnauthorizedOperation", "explicit deny in a service control policy",
         CUSTOMER, "denies ec2:DescribeVpcs", "manages AWS Organizations", REPORTED),
    Told("ec2:DescribeVpcs", "UnauthorizedOperation", "identity-based policy", CUSTOMER,
         "Whoever ran the script may not do ec2:DescribeVpcs", "ReadOnlyAccess", REPORTED),
    Told("ec2:DescribeVpcs", "RequestExpired", "Expired.", CUSTOMER,
         "call of ec2:DescribeVpcs failed", "run the script again", REPORTED),
    Told("ec2:DescribeVpcs", "AuthFailure", "Not known.", CUSTOMER,
         "ap-east-1", "run the script again", REPORTED, "ap-east-1"),
)  # fmt: skip
ALL = (*DENIED, *CREDENTIALS, *OURS_AT_FAULT, *LATER, *PLACES, *THINGS, *IN_A_REPORT)

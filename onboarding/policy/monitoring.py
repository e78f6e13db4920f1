"""What tells the customer that somebody changes the cross-account role: trail, filter, alarm.

One definition, from which the template, the script and “create it for me” are made.
"""

from dataclasses import dataclass
from typing import Any

from onboarding import facts

NAME = "astronomer-role-changes"
"""Of the trail, the log group, the filter, the alarm and the topic, and how the bucket's begins.

Not `astro-…`: Astro may empty and remove buckets of such names.
"""
LOG_ROLE = f"{NAME}-to-logs"
LOG_ROLE_POLICY = "write-log"
REGION = facts.CONSOLE_REGION
"""IAM's events are recorded in us-east-1 alone: trail, log group, filter and alarm stand there."""
NAMESPACE, METRIC = "Astro", "CrossAccountRoleChanges"
RETENTION_DAYS = 90
PERIOD_SECONDS = 300
"""CloudTrail delivers to CloudWatch Logs within about five minutes (CloudTrail User Guide)."""
TAGS = {
    "astro:managed-by": "astro-install-portal",
    # Astro may not delete a role with this tag, nor change its policies.
    "customeraudit": "True",
}
PATTERN_LIMIT = 1_024
"""Characters of a metric filter's pattern. CloudWatch Logs API reference, PutMetricFilter."""

GUIDE_PATTERN = (
    "{ ($.eventName = AttachRolePolicy || $.eventName = DetachRolePolicy || "
    "$.eventName = SetPolicyVersion || $.eventName = CreatePolicyVersion) && "
    '($.requestParameters.policyArn = "*AstronomerCrossAccountRole"  || '
    "$.requestParameters.roleName = astronomer-remote-management) }"
)
"""The filter of Astronomer's installation guide, letter by letter."""


@dataclass(frozen=True)
class Watched:
    """A kind of IAM event that raises the alarm."""

    event: str
    what: str
    """What somebody did, a sentence."""
    in_guide: bool = False
    """Whether the guide's filter sees it too."""


WATCHED = (
    Watched("AttachRolePolicy", "A policy was attached to the role: it may do more.", True),
    Watched(
        "DetachRolePolicy", "A policy was taken off the role, perhaps one that limits it.", True
    ),
    Watched("CreatePolicyVersion", "One of its policies got a new text.", True),
    Watched(
        "SetDefaultPolicyVersion",
        "Another version of one of its policies came into force. The guide watches "
        "SetPolicyVersion, which is no event of IAM.",
    ),
    Watched(
        "DeletePolicyVersion", "A version of one of its policies was deleted, and its text lost."
    ),
    Watched("DeletePolicy", "One of its policies was deleted."),
    Watched("PutRolePolicy", "The role got permissions of its own, without any managed policy."),
    Watched("DeleteRolePolicy", "Permissions of its own were taken off the role."),
    Watched("UpdateAssumeRolePolicy", "The trust policy changed: somebody else may use the role."),
    Watched("PutRolePermissionsBoundary", "The role got another permissions boundary."),
    Watched("DeleteRolePermissionsBoundary", "The role lost its permissions boundary."),
    Watched("UpdateRole", "The role's longest session or its description changed."),
    Watched("DeleteRole", "The role was deleted."),
    Watched("CreateRole", "A role of that name was made anew, perhaps with another trust policy."),
)


def pattern() -> str:
    """The filter pattern: any watched event that names the role or one of its policies.

    A denied attempt counts, because somebody tried. IAM may leave `requestParameters` empty when it
    denies; then the role or policy stands in `errorMessage` (IAM User Guide, "Troubleshoot access
    denied error messages": `… on resource: role NAME because …`).
    """
    events = " || ".join(f"$.eventName = {one.event}" for one in WATCHED)
    about = " || ".join(
        (
            f'$.requestParameters.roleName = "{facts.ROLE_NAME}"',
            f'$.requestParameters.policyArn = "*{facts.POLICY_NAME}"',
            f'$.errorMessage = "*resource: role {facts.ROLE_NAME} *"',
            f'$.errorMessage = "*resource: policy *{facts.POLICY_NAME} *"',
        )
    )
    return f'{{ $.eventSource = "iam.amazonaws.com" && ({events}) && ({about}) }}'


def transformation() -> dict[str, Any]:
    """One for each event, in CloudFormation's letter case. No dimensions: one metric, one alarm."""
    return {
        "MetricNamespace": NAMESPACE,
        "MetricName": METRIC,
        "MetricValue": "1",
        "DefaultValue": 0,
    }


def alarm(topic_arn: Any) -> dict[str, Any]:
    """The alarm, as CloudWatch's API and CloudFormation take it alike."""
    return {
        "AlarmName": NAME,
        "AlarmDescription": (
            f"Somebody changed the role {facts.ROLE_NAME} or a policy of it, or tried to. "
            f"CloudTrail's event history in {REGION} says who."
        ),
        "Namespace": NAMESPACE,
        "MetricName": METRIC,
        "Statistic": "Sum",
        "Period": PERIOD_SECONDS,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [topic_arn],
    }


def trail() -> dict[str, Any]:
    """Its settings, apart from where it writes.

    IAM's events are global service events, so they must be included; a trail of us-east-1 alone
    then has them (CloudTrail User Guide, "About global service events").
    """
    return {
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False,
        "EnableLogFileValidation": True,
    }


def event_selector() -> dict[str, Any]:
    """Only what changes something: fewer events to keep and to pay for."""
    return {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}


def trail_arn(account: str) -> str:
    return f"arn:aws:cloudtrail:{REGION}:{account}:trail/{NAME}"


def log_group_arn(account: str, log_group: str = NAME) -> str:
    """As CloudTrail names a log group: with `:*` at its end."""
    return f"arn:aws:logs:{REGION}:{account}:log-group:{log_group}:*"


def log_role_trust() -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def log_role_policy(account: str) -> dict[str, Any]:
    """What lets CloudTrail write into our log group and nowhere else.

    Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs".
    """
    streams = f"{NAME}:log-stream:{account}_CloudTrail_{REGION}*"
    statement = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{REGION}:{account}:log-group:{streams}",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def bucket_policy(bucket: str, account: str) -> dict[str, Any]:
    """What lets our trail write into the bucket, and nobody speak to it without TLS.

    Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
    """
    arn = f"arn:aws:s3:::{bucket}"
    cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
    of_trail = {"aws:SourceArn": trail_arn(account)}
    owned = {"s3:x-amz-acl": "bucket-owner-full-control"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "CloudTrailLooks",
                "Effect": "Allow",
                "Principal": cloudtrail,
                "Action": "s3:GetBucketAcl",
                "Resource": arn,
                "Condition": {"StringEquals": of_trail},
            },
            {
                "Sid": "CloudTrailWrites",
                "Effect": "Allow",
                "Principal": cloudtrail,
                "Action": "s3:PutObject",
                "Resource": f"{arn}/AWSLogs/{account}/*",
                "Condition": {"StringEquals": owned | of_trail},
            },
            {
                "Sid": "OnlyWithTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


BLOCK_PUBLIC = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def topic_arn(account: str) -> str:
    return f"arn:aws:sns:{REGION}:{account}:{NAME}"


def bucket_name(account: str) -> str:
    return f"{NAME}-{account}"


def values(account: str) -> dict[str, Any]:
    """All of it for one account, for whoever creates it call by call: as the API takes it."""
    bucket = bucket_name(account)
    return {
        "name": NAME,
        "log_role": LOG_ROLE,
        "log_role_policy_name": LOG_ROLE_POLICY,
        "log_role_trust": log_role_trust(),
        "log_role_policy": log_role_policy(account),
        "bucket": bucket,
        "bucket_policy": bucket_policy(bucket, account),
        "block_public": BLOCK_PUBLIC,
        "retention_days": RETENTION_DAYS,
        "trail": trail(),
        "event_selector": event_selector(),
        "pattern": pattern(),
        # CloudWatch Logs writes in camel case what CloudFormation writes in Pascal case.
        "transformation": {
            key[0].lower() + key[1:]: value for key, value in transformation().items()
        },
        "alarm": alarm(topic_arn(account)),
        "topic_arn": topic_arn(account),
        "tags": TAGS,
    }

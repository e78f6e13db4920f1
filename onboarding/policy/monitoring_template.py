"""The alarm on the role as a CloudFormation template, with a trail of its own or on one there is."""

from typing import Any

from onboarding.policy import monitoring
from onboarding.policy.cloudformation import yaml_lines

STACK_NAME = "AstroRoleMonitoring"
_ACCOUNT = "${AWS::AccountId}"
_OWN_TRAIL = "OwnTrail"
_HAS_EMAIL = "HasEmail"


def template() -> str:
    """The template as YAML, the same bytes each time. It names no customer.

    AWS: `CAPABILITY_NAMED_IAM` must be acknowledged, because a role has a fixed name.
    """
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": (
            "An alarm on every change of Astro's cross-account role: a trail (or one you have), "
            "a metric filter, an alarm and the topic it writes to. Create it in us-east-1."
        ),
        "Metadata": {"AWS::CloudFormation::Interface": _interface()},
        "Parameters": _parameters(),
        "Rules": _rules(),
        "Conditions": {
            _OWN_TRAIL: {"Fn::Equals": [{"Ref": "LogGroupName"}, ""]},
            _HAS_EMAIL: {"Fn::Not": [{"Fn::Equals": [{"Ref": "Email"}, ""]}]},
        },
        "Resources": _trail_and_what_it_needs() | _watching(),
        "Outputs": _outputs(),
    }
    return "\n".join(yaml_lines(body)) + "\n"


def _interface() -> dict[str, Any]:
    return {
        "ParameterGroups": [
            {"Label": {"default": "Who is told"}, "Parameters": ["Email"]},
            {
                "Label": {"default": "If a trail of yours already writes to CloudWatch Logs"},
                "Parameters": ["LogGroupName"],
            },
        ],
        "ParameterLabels": {
            "Email": {"default": "E-mail address"},
            "LogGroupName": {"default": "Log group in us-east-1"},
        },
    }


def _parameters() -> dict[str, Any]:
    return {
        "Email": {
            "Type": "String",
            "Description": (
                "Optional: who gets the alarm. AWS sends a message first; choose the link in it."
            ),
            "Default": "",
            "AllowedPattern": "^$|^[^@ ]+@[^@ ]+$",
            "ConstraintDescription": "Leave it empty, or give an e-mail address.",
        },
        "LogGroupName": {
            "Type": "String",
            "Description": (
                "Optional: the log group that your trail writes to. The trail must include global "
                "service events. Leave it empty, and the stack makes a trail of its own."
            ),
            "Default": "",
            "AllowedPattern": "^[a-zA-Z0-9_/.#-]{0,512}$",
            "ConstraintDescription": "Leave it empty, or give the name of a log group.",
        },
    }


def _rules() -> dict[str, Any]:
    """Elsewhere the alarm would never ring, so the stack is refused before it makes anything."""
    here = {"Fn::Equals": [{"Ref": "AWS::Region"}, monitoring.REGION]}
    said = f"IAM's events are recorded in {monitoring.REGION}: create the stack there."
    return {"InRegion": {"Assertions": [{"Assert": here, "AssertDescription": said}]}}


def _trail_and_what_it_needs() -> dict[str, Any]:
    return {
        "Log": {
            "Type": "AWS::Logs::LogGroup",
            "Condition": _OWN_TRAIL,
            # What the log says is in the bucket too, and that stays.
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": monitoring.NAME,
                "RetentionInDays": monitoring.RETENTION_DAYS,
                "Tags": _tags(),
            },
        },
        "LogRole": {
            "Type": "AWS::IAM::Role",
            "Condition": _OWN_TRAIL,
            "Properties": {
                "RoleName": monitoring.LOG_ROLE,
                "AssumeRolePolicyDocument": monitoring.log_role_trust(),
                "Policies": [
                    {
                        "PolicyName": monitoring.LOG_ROLE_POLICY,
                        "PolicyDocument": _substituted(monitoring.log_role_policy(_ACCOUNT)),
                    }
                ],
                "Tags": _tags(),
            },
        },
        "Bucket": _bucket(),
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Condition": _OWN_TRAIL,
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": _substituted(monitoring.bucket_policy("${Bucket}", _ACCOUNT)),
            },
        },
        "Trail": _trail(),
    }


def _bucket() -> dict[str, Any]:
    # A name of its own for each stack: the bucket outlives the stack, and must not block the next.
    suffix = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "Type": "AWS::S3::Bucket",
        "Condition": _OWN_TRAIL,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketName": {"Fn::Join": ["-", [monitoring.NAME, suffix]]},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
            "PublicAccessBlockConfiguration": monitoring.BLOCK_PUBLIC,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "Tags": _tags(),
        },
    }


def _trail() -> dict[str, Any]:
    return {
        "Type": "AWS::CloudTrail::Trail",
        "Condition": _OWN_TRAIL,
        # CloudTrail tries the bucket while the trail is made: its policy must stand.
        "DependsOn": ["BucketPolicy"],
        "Properties": {
            "TrailName": monitoring.NAME,
            "IsLogging": True,
            "S3BucketName": {"Ref": "Bucket"},
            "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["Log", "Arn"]},
            "CloudWatchLogsRoleArn": {"Fn::GetAtt": ["LogRole", "Arn"]},
            **monitoring.trail(),
            "EventSelectors": [monitoring.event_selector()],
            "Tags": _tags(),
        },
    }


def _watching() -> dict[str, Any]:
    group = {"Fn::If": [_OWN_TRAIL, {"Ref": "Log"}, {"Ref": "LogGroupName"}]}
    return {
        # Not encrypted with a key of AWS's: CloudWatch may not use that, and nothing would arrive.
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": monitoring.NAME, "Tags": _tags()},
        },
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Condition": _HAS_EMAIL,
            "Properties": {
                "TopicArn": {"Ref": "Topic"},
                "Protocol": "email",
                "Endpoint": {"Ref": "Email"},
            },
        },
        "Filter": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "FilterName": monitoring.NAME,
                "LogGroupName": group,
                "FilterPattern": monitoring.pattern(),
                "MetricTransformations": [monitoring.transformation()],
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": monitoring.alarm({"Ref": "Topic"}) | {"Tags": _tags()},
        },
    }


def _outputs() -> dict[str, Any]:
    return {
        "TopicArn": {"Description": "Subscribe to it to be told", "Value": {"Ref": "Topic"}},
        "AlarmName": {"Description": "The alarm", "Value": {"Ref": "Alarm"}},
        "BucketName": {
            "Description": "Keeps the trail's log files, also when the stack is deleted",
            "Condition": _OWN_TRAIL,
            "Value": {"Ref": "Bucket"},
        },
    }


def _tags() -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in monitoring.TAGS.items()]


def _substituted(value: Any) -> Any:
    """The document with CloudFormation's Fn::Sub around every text that names a variable or ARN."""
    if isinstance(value, dict):
        return {key: _substituted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item) for item in value]
    if isinstance(value, str) and ("${" in value or value.startswith("arn:")):
        return {"Fn::Sub": value.replace("arn:aws:", "arn:${AWS::Partition}:")}
    return value

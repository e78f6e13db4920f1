"""A trail, its filter, its alarm and its topic: made by calls and by a stack, in one account."""

import json
from typing import Any

import pytest

from portal.demo.simulator.samples import HEALTHY, UNSAFE_ROLE
from tests.demo.simulator.conftest import World, refused

PATTERN = '{ ($.eventSource = "iam.amazonaws.com") && ($.eventName = "AttachRolePolicy") }'
ATTACHED = {"eventSource": "iam.amazonaws.com", "eventName": "AttachRolePolicy"}
BUCKET, NAME = "trail-of-healthy", "role-changes"
LOGS_TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
BUCKET_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    ],
}
TRANSFORMATION = {"metricName": "Changes", "metricNamespace": "Astro", "metricValue": "1"}
ALARM: dict[str, Any] = {
    "MetricName": "Changes",
    "Namespace": "Astro",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}


def make_by_calls(world: World) -> None:
    def client(service: str) -> Any:
        return world.admin(service, HEALTHY)

    client("s3").create_bucket(Bucket=BUCKET)
    client("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(BUCKET_POLICY))
    client("logs").create_log_group(logGroupName=NAME)
    role = client("iam").create_role(
        RoleName="trail", AssumeRolePolicyDocument=json.dumps(LOGS_TRUST)
    )["Role"]["Arn"]
    client("cloudtrail").create_trail(
        Name=NAME,
        S3BucketName=BUCKET,
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{HEALTHY}:log-group:{NAME}:*",
        CloudWatchLogsRoleArn=role,
    )
    client("cloudtrail").start_logging(Name=NAME)
    client("logs").put_metric_filter(
        logGroupName=NAME,
        filterName=NAME,
        filterPattern=PATTERN,
        metricTransformations=[TRANSFORMATION],
    )
    topic = client("sns").create_topic(Name=NAME)["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="owner@acme.example")
    client("cloudwatch").put_metric_alarm(AlarmName=NAME, AlarmActions=[topic], **ALARM)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def template() -> dict[str, Any]:
    here = {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}
    return {
        "Rules": {"Here": {"Assertions": [{"Assert": here, "AssertDescription": "elsewhere"}]}},
        "Resources": what_records() | what_watches(),
        "Outputs": {"Trail": {"Value": {"Ref": "Trail"}}, "Alarm": {"Value": {"Ref": "Alarm"}}},
    }


def what_records() -> dict[str, Any]:
    trail = resource(
        "AWS::CloudTrail::Trail",
        TrailName=NAME,
        IsLogging=True,
        S3BucketName={"Ref": "Bucket"},
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        CloudWatchLogsLogGroupArn={"Fn::GetAtt": ["Group", "Arn"]},
        CloudWatchLogsRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
    )
    return {
        "Bucket": resource(
            "AWS::S3::Bucket",
            BucketName=BUCKET,
            PublicAccessBlockConfiguration={"BlockPublicAcls": True},
        ),
        "Policy": resource(
            "AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument=BUCKET_POLICY
        ),
        "Group": resource("AWS::Logs::LogGroup", LogGroupName=NAME),
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=LOGS_TRUST),
        "Trail": {**trail, "DependsOn": "Policy"},
    }


def what_watches() -> dict[str, Any]:
    transformation = {key[0].upper() + key[1:]: value for key, value in TRANSFORMATION.items()}
    return {
        "Filter": resource(
            "AWS::Logs::MetricFilter",
            FilterName=NAME,
            LogGroupName={"Ref": "Group"},
            FilterPattern=PATTERN,
            MetricTransformations=[transformation],
        ),
        "Topic": resource("AWS::SNS::Topic", TopicName=NAME),
        "Subscription": resource(
            "AWS::SNS::Subscription",
            TopicArn={"Ref": "Topic"},
            Protocol="email",
            Endpoint="owner@acme.example",
        ),
        "Alarm": resource(
            "AWS::CloudWatch::Alarm", AlarmName=NAME, AlarmActions=[{"Ref": "Topic"}], **ALARM
        ),
    }


def make_by_a_stack(world: World) -> None:
    stacks = world.admin("cloudformation", HEALTHY)
    stacks.create_stack(
        StackName=NAME, TemplateBody=json.dumps(template()), Capabilities=["CAPABILITY_IAM"]
    )
    stack = stacks.describe_stacks(StackName=NAME)["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert {one["OutputValue"] for one in stack["Outputs"]} == {NAME}


@pytest.mark.parametrize("make", [make_by_calls, make_by_a_stack])
def test_what_watches_the_role_stands_in_its_account(world: World, make: Any) -> None:
    make(world)

    cloudtrail, logs = world.admin("cloudtrail", HEALTHY), world.admin("logs", HEALTHY)
    (trail,) = cloudtrail.describe_trails()["trailList"]
    assert (trail["Name"], trail["HomeRegion"]) == (NAME, "us-east-1")
    assert trail["IsMultiRegionTrail"]
    assert trail["IncludeGlobalServiceEvents"]
    group_arn = f"arn:aws:logs:us-east-1:{HEALTHY}:log-group:{NAME}:*"
    assert trail["CloudWatchLogsLogGroupArn"] == group_arn
    assert cloudtrail.get_trail_status(Name=NAME)["IsLogging"]
    (found,) = logs.describe_metric_filters(logGroupName=NAME)["metricFilters"]
    assert found["filterPattern"] == PATTERN
    assert found["metricTransformations"] == [TRANSFORMATION]
    topic = f"arn:aws:sns:us-east-1:{HEALTHY}:{NAME}"
    (alarm,) = world.admin("cloudwatch", HEALTHY).describe_alarms(AlarmNames=[NAME])["MetricAlarms"]
    assert alarm["AlarmActions"] == [topic]
    assert alarm["Threshold"] == 1
    sns = world.admin("sns", HEALTHY)
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert subscription["Endpoint"] == "owner@acme.example"
    policy = world.admin("s3", HEALTHY).get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert json.loads(policy) == BUCKET_POLICY

    assert world.admin("cloudtrail", UNSAFE_ROLE).describe_trails()["trailList"] == []
    assert world.admin("logs", UNSAFE_ROLE).describe_metric_filters()["metricFilters"] == []
    assert world.admin("cloudwatch", UNSAFE_ROLE).describe_alarms()["MetricAlarms"] == []


def test_the_trail_is_seen_from_every_region(world: World) -> None:
    """CloudTrail API Reference: DescribeTrails, includeShadowTrails."""
    make_by_calls(world)
    describe = world.admin("cloudtrail", HEALTHY, "eu-west-1").describe_trails
    assert [one["HomeRegion"] for one in describe()["trailList"]] == ["us-east-1"]
    assert describe(includeShadowTrails=False)["trailList"] == []


def test_a_trail_records_management_events_unless_told_otherwise(world: World) -> None:
    """CloudTrail User Guide: Logging management events."""
    make_by_calls(world)
    found = world.admin("cloudtrail", HEALTHY).get_event_selectors(TrailName=NAME)
    assert found["EventSelectors"] == [
        {
            "ReadWriteType": "All",
            "IncludeManagementEvents": True,
            "DataResources": [],
            "ExcludeManagementEventSources": [],
        }
    ]


def test_deleting_the_stack_takes_everything_away(world: World) -> None:
    make_by_a_stack(world)
    world.admin("cloudformation", HEALTHY).delete_stack(StackName=NAME)
    assert world.admin("cloudtrail", HEALTHY).describe_trails()["trailList"] == []
    assert world.admin("cloudwatch", HEALTHY).describe_alarms()["MetricAlarms"] == []
    assert world.admin("logs", HEALTHY).describe_metric_filters()["metricFilters"] == []
    assert world.admin("sns", HEALTHY).list_topics()["Topics"] == []
    assert world.admin("iam", HEALTHY).list_roles()["Roles"] == []
    assert world.admin("s3", HEALTHY).list_buckets()["Buckets"] == []


def test_a_rule_of_the_template_keeps_the_stack_out_of_another_region(world: World) -> None:
    """CloudFormation User Guide: Template Rules syntax."""
    elsewhere = world.admin("cloudformation", HEALTHY, "eu-west-1")
    stack = {"StackName": NAME, "TemplateBody": json.dumps(template())}
    create = elsewhere.create_stack
    assert refused(create, Capabilities=["CAPABILITY_IAM"], **stack) == "ValidationError"
    assert elsewhere.list_stacks()["StackSummaries"] == []


def test_a_stack_whose_filter_is_malformed_is_rolled_back(world: World) -> None:
    body = template()
    body["Resources"]["Filter"]["Properties"]["FilterPattern"] = "{ $.eventName = }"
    stacks = world.admin("cloudformation", HEALTHY)
    stacks.create_stack(
        StackName=NAME, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_IAM"]
    )
    assert stacks.describe_stacks()["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    assert world.admin("cloudtrail", HEALTHY).describe_trails()["trailList"] == []


def test_a_pattern_is_tried_on_events(world: World) -> None:
    """CloudWatch Logs API Reference: TestMetricFilter."""
    other = {**ATTACHED, "eventName": "ListRoles"}
    answer = world.admin("logs", HEALTHY).test_metric_filter(
        filterPattern=PATTERN,
        logEventMessages=[json.dumps(other), json.dumps(ATTACHED), "no JSON"],
    )
    (found,) = answer["matches"]
    assert (found["eventNumber"], json.loads(found["eventMessage"])) == (2, ATTACHED)
    assert found["extractedValues"]["$.eventName"] == "AttachRolePolicy"


@pytest.mark.parametrize("pattern", ["{ $.eventName = }", "{", "{" + "x" * 1100 + "}"])
def test_a_malformed_pattern_is_refused(world: World, pattern: str) -> None:
    logs = world.admin("logs", HEALTHY)
    logs.create_log_group(logGroupName=NAME)
    tried = {"filterPattern": pattern, "logEventMessages": ["{}"]}
    put = {
        "logGroupName": NAME,
        "filterName": NAME,
        "filterPattern": pattern,
        "metricTransformations": [TRANSFORMATION],
    }
    assert refused(logs.test_metric_filter, **tried) == "InvalidParameterException"
    assert refused(logs.put_metric_filter, **put) == "InvalidParameterException"

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from onboarding.aws.actions.create_monitoring import TRIES, create_monitoring
from onboarding.aws.actions.entry import Credentials, LongTermKeys, WrongAccount
from onboarding.aws.actions.monitoring.part import MonitoringDiffers
from onboarding.aws.check import Turn
from onboarding.aws.errors import OwnAccount, Refused, Unavailable
from onboarding.facts import CONTROL_PLANE_ACCOUNT
from onboarding.policy import monitoring
from tests.aws.actions.watched import spec, watch
from tests.aws.simulated import SimulatedAws

WRITES = r":(Create|Put|Attach|Update|Delete|Tag|Set|Start|Subscribe)"
NAME = monitoring.NAME
ADDRESS = "security@acme.example"


def test_the_role_is_watched_from_the_event_to_the_reader(
    aws: SimulatedAws, account_id: str
) -> None:
    watch(aws, account_id, email=ADDRESS)

    trail = aws.admin(account_id, "cloudtrail").get_trail(Name=NAME)["Trail"]
    assert trail["IncludeGlobalServiceEvents"]
    assert trail["LogFileValidationEnabled"]
    assert aws.admin(account_id, "cloudtrail").get_trail_status(Name=NAME)["IsLogging"]
    assert trail["CloudWatchLogsLogGroupArn"] == monitoring.log_group_arn(account_id)
    logs = aws.admin(account_id, "logs")
    (made,) = logs.describe_metric_filters(logGroupName=NAME)["metricFilters"]
    assert made["filterPattern"] == monitoring.pattern()
    (alarm,) = aws.admin(account_id, "cloudwatch").describe_alarms()["MetricAlarms"]
    counted = made["metricTransformations"][0]
    assert (alarm["Namespace"], alarm["MetricName"]) == (
        counted["metricNamespace"],
        counted["metricName"],
    )
    assert alarm["TreatMissingData"] == "notBreaching"
    (topic,) = alarm["AlarmActions"]
    sns = aws.admin(account_id, "sns")
    (reader,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert reader["Endpoint"] == ADDRESS


def test_cloudtrail_may_write_to_the_log_and_the_bucket_and_the_public_may_not(
    aws: SimulatedAws, account_id: str
) -> None:
    watch(aws, account_id)

    role = aws.admin(account_id, "iam").get_role(RoleName=monitoring.LOG_ROLE)["Role"]
    assert role["AssumeRolePolicyDocument"] == monitoring.log_role_trust()
    assert {"Key": "customeraudit", "Value": "True"} in role["Tags"]
    s3, bucket = aws.admin(account_id, "s3"), monitoring.bucket_name(account_id)
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert policy == monitoring.bucket_policy(bucket, account_id)
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(block.values())
    assert len(block) == 4


def test_twice_is_once(aws: SimulatedAws, account_id: str) -> None:
    first = watch(aws, account_id, email=ADDRESS)
    written = aws.calls(account_id, WRITES)

    second = watch(aws, account_id, email=ADDRESS)

    assert all(step.startswith("Made the ") for step in first.steps)
    assert aws.calls(account_id, WRITES) == written
    assert all(step.startswith("Found the ") for step in second.steps)


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateRole",
        "s3:PutBucketPolicy",
        "cloudtrail:CreateTrail",
        "cloudtrail:StartLogging",
        "cloudwatch:PutMetricAlarm",
    ],
)
def test_a_run_that_breaks_off_is_finished_by_the_next(
    aws: SimulatedAws, account_id: str, action: str
) -> None:
    aws.fail(action, "ServiceUnavailable", times=4)
    with pytest.raises(Unavailable) as caught:
        watch(aws, account_id)

    made = watch(aws, account_id)

    found = [step for step in made.steps if step.startswith("Found")]
    assert len(found) <= len(caught.value.done)
    assert aws.admin(account_id, "cloudtrail").get_trail_status(Name=NAME)["IsLogging"]
    assert len(aws.admin(account_id, "cloudwatch").describe_alarms()["MetricAlarms"]) == 1


def test_cloudtrail_is_given_time_to_learn_of_the_new_role(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.fail("cloudtrail:CreateTrail", "InvalidCloudWatchLogsRoleArnException", times=3)
    waits: list[float] = []

    create_monitoring(
        aws.credentials(account_id), spec(account_id), account_id=account_id, sleep=waits.append
    )

    assert waits == [2.0] * 3
    assert len(aws.calls(account_id, "cloudtrail:CreateTrail")) == 4


def test_cloudtrail_is_not_asked_for_ever(aws: SimulatedAws, account_id: str) -> None:
    aws.fail("cloudtrail:CreateTrail", "InvalidCloudWatchLogsRoleArnException", times=99)

    with pytest.raises(Refused):
        watch(aws, account_id)

    assert len(aws.calls(account_id, "cloudtrail:CreateTrail")) == TRIES


def foreign_alarm(aws: SimulatedAws, account_id: str) -> None:
    theirs = monitoring.alarm("arn:aws:sns:us-east-1:111122223333:other") | {"Threshold": 5}
    aws.admin(account_id, "cloudwatch").put_metric_alarm(**theirs)


def foreign_filter(aws: SimulatedAws, account_id: str) -> None:
    logs = aws.admin(account_id, "logs")
    logs.create_log_group(logGroupName=NAME)
    logs.put_metric_filter(
        logGroupName=NAME,
        filterName=NAME,
        filterPattern=monitoring.GUIDE_PATTERN,
        metricTransformations=[monitoring.values(account_id)["transformation"]],
    )


def foreign_role(aws: SimulatedAws, account_id: str) -> None:
    trust = monitoring.log_role_trust()
    trust["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{account_id}:root"}
    text = json.dumps(trust)
    iam = aws.admin(account_id, "iam")
    iam.create_role(RoleName=monitoring.LOG_ROLE, AssumeRolePolicyDocument=text)


def foreign_bucket(aws: SimulatedAws, account_id: str) -> None:
    s3, bucket = aws.admin(account_id, "s3"), monitoring.bucket_name(account_id)
    s3.create_bucket(Bucket=bucket)
    policy = monitoring.bucket_policy(bucket, account_id)
    policy["Statement"] = policy["Statement"][:1]
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


@pytest.mark.parametrize(
    ("prepare", "kind"),
    [
        (foreign_alarm, "alarm"),
        (foreign_filter, "metric filter"),
        (foreign_role, "role"),
        (foreign_bucket, "policy of the bucket"),
    ],
)
def test_what_is_there_and_differs_stops_it_before_any_write(
    aws: SimulatedAws,
    account_id: str,
    prepare: Callable[[SimulatedAws, str], None],
    kind: str,
) -> None:
    prepare(aws, account_id)
    written = aws.calls(account_id, WRITES)

    with pytest.raises(MonitoringDiffers) as caught:
        watch(aws, account_id)

    assert caught.value.message.startswith(f"The {kind} ")
    assert caught.value.whose is Turn.CUSTOMER
    assert {line[0] for line in caught.value.diff_lines} >= {"-", "+"} or kind.startswith("policy")
    assert caught.value.diff_lines
    assert aws.calls(account_id, WRITES) == written


def test_credentials_of_another_account_write_nothing(aws: SimulatedAws, account_id: str) -> None:
    other = aws.new_account()

    with pytest.raises(WrongAccount):
        watch(aws, account_id, credentials=aws.credentials(other))

    assert aws.calls(other, ".") == ["sts:GetCallerIdentity"]


@pytest.mark.parametrize(
    "given",
    [
        Credentials("AKIAIOSFODNN7EXAMPLE", "s" * 40, ""),
        Credentials("ASIAIOSFODNN7EXAMPLE", "s", ""),
    ],
)
def test_long_term_keys_are_not_used(
    aws: SimulatedAws, account_id: str, given: Credentials
) -> None:
    with pytest.raises(LongTermKeys):
        watch(aws, account_id, credentials=given)

    assert not aws.journal(account_id)


def test_astros_own_account_is_refused(aws: SimulatedAws) -> None:
    with pytest.raises(OwnAccount):
        watch(aws, CONTROL_PLANE_ACCOUNT, credentials=Credentials("ASIA" + "A" * 16, "s", "t"))


def test_a_bucket_name_that_somebody_else_took_gets_no_logs(
    aws: SimulatedAws, account_id: str
) -> None:
    aws.fail("s3:CreateBucket", "BucketAlreadyExists", times=1)

    with pytest.raises(Refused) as caught:
        watch(aws, account_id)

    assert caught.value.code == "BucketAlreadyExists"
    assert not aws.admin(account_id, "cloudtrail").describe_trails()["trailList"]


def test_every_question_about_the_bucket_names_its_owner(
    aws: SimulatedAws, account_id: str
) -> None:
    asked: dict[str, Any] = {}

    def session(**settings: Any) -> boto3.Session:
        made = boto3.Session(**settings)
        made.events.register("provide-client-params.s3", keep)
        return made

    def keep(params: dict[str, Any], model: Any, **_: Any) -> None:
        asked[model.name] = params.get("ExpectedBucketOwner")

    create_monitoring(
        aws.credentials(account_id), spec(account_id), account_id=account_id, session=session
    )

    assert asked.pop("CreateBucket") is None, (
        "the one call that makes it, and has no such parameter"
    )
    assert len(asked) == 7
    assert set(asked.values()) == {account_id}

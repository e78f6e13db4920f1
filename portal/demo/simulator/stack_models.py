"""Resources that moto's CloudFormation does not know: those of a trail, its filter and its alarm.

Source: CloudFormation template reference; what Ref gives is each type's own.
"""

import json
from typing import Any, ClassVar

from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.logs.models import LogGroup, logs_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.sns.models import sns_backends

from portal.demo.simulator import metric_filters

Properties = dict[str, Any]


class _Made:
    """What a stack made: one subclass a type. moto asks for the class methods by these names."""

    type = ""
    name_property = ""
    attributes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, reference: str, arn: str = "") -> None:
        self.physical_resource_id = reference
        self.arn = arn

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> "_Made":
        raise NotImplementedError

    def delete(self, account_id: str, region: str) -> None:
        raise NotImplementedError

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.type

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return cls.name_property

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in cls.attributes

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.arn

    @classmethod
    def create_from_cloudformation_json(
        cls, name: str, resource: Any, account_id: str, region: str, **more: Any
    ) -> "_Made":
        return cls.make(name, resource["Properties"], account_id, region)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "_Made",
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> "_Made":
        original_resource.delete(account_id, region_name)
        properties = cloudformation_json["Properties"]
        return cls.make(new_resource_name, properties, account_id, region_name)


class Trail(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::CloudTrail::Trail"
    name_property = "TrailName"
    attributes = ("Arn", "SnsTopicArn")

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> "Trail":
        backend = cloudtrail_backends[account_id][region]
        trail = backend.create_trail(
            name=name,
            bucket_name=properties["S3BucketName"],
            s3_key_prefix=properties.get("S3KeyPrefix", ""),
            sns_topic_name=properties.get("SnsTopicName", ""),
            is_global=_true(properties.get("IncludeGlobalServiceEvents", False)),
            is_multi_region=_true(properties.get("IsMultiRegionTrail", False)),
            log_validation=_true(properties.get("EnableLogFileValidation", False)),
            is_org_trail=_true(properties.get("IsOrganizationTrail", False)),
            cw_log_group_arn=properties.get("CloudWatchLogsLogGroupArn", ""),
            cw_role_arn=properties.get("CloudWatchLogsRoleArn", ""),
            kms_key_id=properties.get("KMSKeyId", ""),
            tags_list=properties.get("Tags", []),
        )
        if properties.get("EventSelectors"):
            trail.put_event_selectors(properties["EventSelectors"], [])
        if _true(properties.get("IsLogging", False)):
            backend.start_logging(name)
        return cls(name, trail.arn)

    def delete(self, account_id: str, region: str) -> None:
        cloudtrail_backends[account_id][region].delete_trail(self.physical_resource_id)


class MetricFilter(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::Logs::MetricFilter"
    name_property = "FilterName"

    group = ""

    @classmethod
    def make(
        cls, name: str, properties: Properties, account_id: str, region: str
    ) -> "MetricFilter":
        reason = metric_filters.refused(properties["FilterPattern"])
        if reason:
            raise ServiceException(reason)
        backend, group = logs_backends[account_id][region], properties["LogGroupName"]
        if group not in backend.groups:
            raise ServiceException("The specified log group does not exist.")
        # As a call gives them: names in lower case, values as text.
        transformations: Any = [
            {key[0].lower() + key[1:]: _plain(key, value) for key, value in one.items()}
            for one in properties["MetricTransformations"]
        ]
        backend.put_metric_filter(name, properties["FilterPattern"], group, transformations)
        made = cls(name)
        made.group = group
        return made

    def delete(self, account_id: str, region: str) -> None:
        backend = logs_backends[account_id][region]
        backend.delete_metric_filter(self.physical_resource_id, self.group)


class Alarm(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::CloudWatch::Alarm"
    name_property = "AlarmName"
    attributes = ("Arn",)

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> "Alarm":
        backend = cloudwatch_backends[account_id][region]
        alarm = backend.put_metric_alarm(
            name=name,
            namespace=properties.get("Namespace", ""),
            metric_name=properties.get("MetricName", ""),
            comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=int(properties["EvaluationPeriods"]),
            period=int(properties.get("Period", 0)),
            threshold=float(properties.get("Threshold", 0)),
            statistic=properties.get("Statistic", ""),
            description=properties.get("AlarmDescription", ""),
            dimensions=properties.get("Dimensions", []),
            alarm_actions=properties.get("AlarmActions", []),
            ok_actions=properties.get("OKActions", []),
            datapoints_to_alarm=properties.get("DatapointsToAlarm"),
            actions_enabled=_true(properties.get("ActionsEnabled", True)),
            treat_missing_data=properties.get("TreatMissingData"),
            unit=properties.get("Unit"),
            tags=properties.get("Tags", []),
        )
        return cls(name, alarm.alarm_arn)

    def delete(self, account_id: str, region: str) -> None:
        cloudwatch_backends[account_id][region].delete_alarms([self.physical_resource_id])


class BucketPolicy(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::S3::BucketPolicy"

    @classmethod
    def make(
        cls, name: str, properties: Properties, account_id: str, region: str
    ) -> "BucketPolicy":
        document = json.dumps(properties["PolicyDocument"]).encode()
        s3_backends[account_id]["aws"].put_bucket_policy(properties["Bucket"], document)
        return cls(properties["Bucket"])

    def delete(self, account_id: str, region: str) -> None:
        """The bucket may have gone first: moto deletes in no order."""
        held = s3_backends[account_id]["aws"]
        if self.physical_resource_id in held.buckets:
            held.delete_bucket_policy(self.physical_resource_id)


class Subscription(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::SNS::Subscription"

    @classmethod
    def make(
        cls, name: str, properties: Properties, account_id: str, region: str
    ) -> "Subscription":
        made = sns_backends[account_id][region].subscribe(
            properties["TopicArn"], properties.get("Endpoint", ""), properties["Protocol"]
        )
        return cls(made.arn, made.arn)

    def delete(self, account_id: str, region: str) -> None:
        sns_backends[account_id][region].unsubscribe(self.arn)


class TopicPolicy(_Made, CloudFormationModel):  # type: ignore[misc]
    type = "AWS::SNS::TopicPolicy"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> "TopicPolicy":
        for arn in properties["Topics"]:
            topic = sns_backends[account_id][region].get_topic(arn)
            topic.policy = json.dumps(properties["PolicyDocument"])
        return cls(name)

    def delete(self, account_id: str, region: str) -> None:
        """The topic goes with the stack."""


def repair() -> None:
    """What moto's own types get wrong: a log group's Arn, and a bucket left open to the public."""
    arn_of_group = LogGroup.get_cfn_attribute
    create_bucket = FakeBucket.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]

    def with_streams(group: LogGroup, attribute: str) -> str:
        return f"{arn_of_group(group, attribute)}:*"

    def create(cls: type, name: str, resource: Any, account_id: str, *more: Any, **kw: Any) -> Any:
        bucket = create_bucket(cls, name, resource, account_id, *more, **kw)
        block = resource.get("Properties", {}).get("PublicAccessBlockConfiguration")
        if block:
            s3_backends[account_id]["aws"].put_public_access_block(name, block)
        return bucket

    LogGroup.get_cfn_attribute = with_streams  # type: ignore[method-assign, assignment]
    FakeBucket.create_from_cloudformation_json = classmethod(create)  # type: ignore


def _true(value: Any) -> bool:
    """CloudFormation takes true, and the text "true"."""
    return str(value).lower() == "true"


def _plain(key: str, value: Any) -> Any:
    return value if key in ("DefaultValue", "Dimensions") else str(value)

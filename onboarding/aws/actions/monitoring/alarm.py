"""The filter on the log group, the alarm on what it counts, and the topic that tells people."""

from typing import Any

from onboarding.aws.actions.iam import tag_list
from onboarding.aws.actions.monitoring.part import Part


class Topic(Part):
    kind = "topic"
    action = "sns:CreateTopic"

    def found(self) -> Any:
        topic = {"TopicArn": self.spec.topic_arn}
        return self.ask_for("sns", "get_topic_attributes", "NotFound", **topic) or None

    def make(self) -> None:
        self.ask("sns", "create_topic", Name=self.name, Tags=tag_list(self.spec.tags))


class Subscription(Part):
    """AWS asks the reader by mail first; until they agree, they are told nothing."""

    kind = "e-mail subscription of"
    action = "sns:Subscribe"

    @property
    def name(self) -> str:
        return self.spec.email

    def found(self) -> Any:
        topic = {"TopicArn": self.spec.topic_arn}
        answer = self.ask_for("sns", "list_subscriptions_by_topic", "NotFound", **topic)
        readers = {(one["Protocol"], one["Endpoint"]) for one in answer.get("Subscriptions", ())}
        return True if ("email", self.name) in readers else None

    def make(self) -> None:
        self.ask(
            "sns", "subscribe", TopicArn=self.spec.topic_arn, Protocol="email", Endpoint=self.name
        )


class Filter(Part):
    kind = "metric filter"
    action = "logs:PutMetricFilter"

    @property
    def _log_group(self) -> str:
        return self.spec.log_group or self.spec.name

    @property
    def wanted(self) -> Any:
        return {
            "filterPattern": self.spec.pattern,
            "metricTransformations": [self.spec.transformation],
        }

    def found(self) -> Any:
        answer = self.ask_for(
            "logs",
            "describe_metric_filters",
            "ResourceNotFoundException",
            logGroupName=self._log_group,
            filterNamePrefix=self.name,
        )
        filters = answer.get("metricFilters", ())
        found = next((one for one in filters if one["filterName"] == self.name), None)
        return found and {key: found.get(key) for key in self.wanted}

    def make(self) -> None:
        group = {"logGroupName": self._log_group, "filterName": self.name}
        self.ask("logs", "put_metric_filter", **group, **self.wanted)


class Alarm(Part):
    kind = "alarm"
    action = "cloudwatch:PutMetricAlarm"

    @property
    def wanted(self) -> Any:
        return self.spec.alarm

    def found(self) -> Any:
        alarms = self.ask("cloudwatch", "describe_alarms", AlarmNames=[self.name])["MetricAlarms"]
        return {key: alarms[0].get(key) for key in self.wanted} if alarms else None

    def make(self) -> None:
        self.ask("cloudwatch", "put_metric_alarm", **self.wanted, Tags=tag_list(self.spec.tags))

"""A trail of its own: the log group, the role that lets CloudTrail write to it, the trail."""

from typing import Any

from onboarding.aws.actions.iam import document_text, tag_list
from onboarding.aws.actions.monitoring.part import Part
from onboarding.aws.actions.monitoring.trails import log_group_arn, records_changes
from onboarding.aws.trust_text import parsed
from onboarding.facts import CONSOLE_REGION


class LogGroup(Part):
    kind = "log group"
    action = "logs:CreateLogGroup"

    def found(self) -> Any:
        answer = self.ask("logs", "describe_log_groups", logGroupNamePrefix=self.name)
        return next((one for one in answer["logGroups"] if one["logGroupName"] == self.name), None)

    def make(self) -> None:
        self.ask("logs", "create_log_group", logGroupName=self.name, tags=self.spec.tags)
        days = self.spec.retention_days
        self.ask("logs", "put_retention_policy", logGroupName=self.name, retentionInDays=days)


class LogRole(Part):
    kind = "role"
    action = "iam:CreateRole"

    @property
    def name(self) -> str:
        return self.spec.log_role

    @property
    def wanted(self) -> Any:
        return self.spec.log_role_trust

    def found(self) -> Any:
        answer = self.iam.found("get_role", RoleName=self.name)
        return answer and parsed(answer["Role"]["AssumeRolePolicyDocument"])

    def make(self) -> None:
        text = document_text(self.wanted)
        tags = tag_list(self.spec.tags)
        self.iam.ask("create_role", RoleName=self.name, AssumeRolePolicyDocument=text, Tags=tags)


class LogRolePolicy(Part):
    kind = "role's policy"
    action = "iam:PutRolePolicy"

    @property
    def name(self) -> str:
        return self.spec.log_role_policy_name

    @property
    def wanted(self) -> Any:
        return self.spec.log_role_policy

    @property
    def _key(self) -> dict[str, str]:
        return {"RoleName": self.spec.log_role, "PolicyName": self.name}

    def found(self) -> Any:
        answer = self.iam.found("get_role_policy", **self._key)
        return answer and parsed(answer["PolicyDocument"])

    def make(self) -> None:
        self.iam.ask("put_role_policy", **self._key, PolicyDocument=document_text(self.wanted))


class Trail(Part):
    kind = "trail"
    action = "cloudtrail:CreateTrail"

    @property
    def _writes_to(self) -> dict[str, str]:
        account_id = self.account.account_id
        return {
            "CloudWatchLogsLogGroupArn": log_group_arn(account_id, self.name),
            "CloudWatchLogsRoleArn": f"arn:aws:iam::{account_id}:role/{self.spec.log_role}",
        }

    @property
    def wanted(self) -> Any:
        """In which bucket the trail keeps its files, and of how many Regions, is the customer's."""
        return {
            "HomeRegion": CONSOLE_REGION,
            "IncludeGlobalServiceEvents": True,
            "RecordsChanges": True,
            **self._writes_to,
        }

    def found(self) -> Any:
        trails = self.ask("cloudtrail", "describe_trails", trailNameList=[self.name])["trailList"]
        if not trails:
            return None
        seen = {key: trails[0].get(key) for key in self.wanted}
        return seen | {"RecordsChanges": records_changes(self.account, trails[0]["TrailARN"])}

    def make(self) -> None:
        self.ask(
            "cloudtrail",
            "create_trail",
            Name=self.name,
            S3BucketName=self.spec.bucket,
            TagsList=tag_list(self.spec.tags),
            **self.spec.trail,
            **self._writes_to,
        )
        selectors = [self.spec.event_selector]
        self.ask("cloudtrail", "put_event_selectors", TrailName=self.name, EventSelectors=selectors)


class Recording(Part):
    """A trail is made switched off."""

    kind = "recording of the trail"
    action = "cloudtrail:StartLogging"

    def found(self) -> Any:
        answer = self.ask_for(
            "cloudtrail", "get_trail_status", "TrailNotFoundException", Name=self.name
        )
        return answer.get("IsLogging") or None

    def make(self) -> None:
        self.ask("cloudtrail", "start_logging", Name=self.name)

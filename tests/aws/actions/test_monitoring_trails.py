"""Trails: one the customer has is used if IAM's events reach its log group, and only then."""

import json
from typing import Any

import pytest

from onboarding.aws.actions.monitoring.part import MonitoringDiffers
from onboarding.aws.actions.monitoring.trails import NoTrail, selects_changes
from onboarding.aws.check import Turn
from onboarding.policy import monitoring
from tests.aws.actions.watched import watch
from tests.aws.simulated import SimulatedAws

WRITES = r":(Create|Put|Attach|Update|Delete|Tag|Set|Start|Subscribe)"
NAME = monitoring.NAME


def make_trail(
    aws: SimulatedAws, account_id: str, name: str, log_group: str, **settings: Any
) -> None:
    """A trail the customer has."""
    bucket = f"trails-of-{account_id}"
    aws.admin(account_id, "s3").create_bucket(Bucket=bucket)
    aws.admin(account_id, "logs").create_log_group(logGroupName=log_group)
    trust = json.dumps(monitoring.log_role_trust())
    role = aws.admin(account_id, "iam").create_role(
        RoleName="trails", AssumeRolePolicyDocument=trust
    )
    trails = aws.admin(account_id, "cloudtrail")
    logging = settings.pop("logging", True)
    wanted: dict[str, Any] = {
        "IncludeGlobalServiceEvents": True,
        "CloudWatchLogsLogGroupArn": monitoring.log_group_arn(account_id, log_group),
        "CloudWatchLogsRoleArn": role["Role"]["Arn"],
    }
    trails.create_trail(Name=name, S3BucketName=bucket, **(wanted | settings))
    if logging:
        trails.start_logging(Name=name)


def test_a_trail_the_customer_has_is_used(aws: SimulatedAws, account_id: str) -> None:
    make_trail(aws, account_id, "audit", "/audit/trail")

    made = watch(aws, account_id, log_group="/audit/trail")

    assert made.steps == tuple(
        f"Made the {kind} {NAME}" for kind in ("topic", "metric filter", "alarm")
    )
    filters = aws.admin(account_id, "logs").describe_metric_filters(logGroupName="/audit/trail")
    assert filters["metricFilters"][0]["filterPattern"] == monitoring.pattern()
    assert len(aws.admin(account_id, "cloudtrail").describe_trails()["trailList"]) == 1


def test_a_trail_of_that_name_that_writes_elsewhere_stops_it(
    aws: SimulatedAws, account_id: str
) -> None:
    make_trail(aws, account_id, NAME, "somewhere")

    with pytest.raises(MonitoringDiffers) as caught:
        watch(aws, account_id)

    assert any("somewhere" in line and line[0] == "-" for line in caught.value.diff_lines)


@pytest.mark.parametrize(
    "settings",
    [{"IncludeGlobalServiceEvents": False}, {"logging": False}],
    ids=["without IAM's events", "switched off"],
)
def test_a_log_group_that_iams_events_do_not_reach_is_refused(
    aws: SimulatedAws, account_id: str, settings: dict[str, Any]
) -> None:
    make_trail(aws, account_id, "audit", "/audit/trail", **settings)
    written = aws.calls(account_id, WRITES)

    with pytest.raises(NoTrail, match="but not IAM's events"):
        watch(aws, account_id, log_group="/audit/trail")

    assert aws.calls(account_id, WRITES) == written


def test_a_trail_that_records_reads_alone_is_refused(aws: SimulatedAws, account_id: str) -> None:
    make_trail(aws, account_id, "audit", "/audit/trail")
    selectors = [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]
    aws.admin(account_id, "cloudtrail").put_event_selectors(
        TrailName="audit", EventSelectors=selectors
    )

    with pytest.raises(NoTrail, match="but not IAM's events"):
        watch(aws, account_id, log_group="/audit/trail")


def test_a_log_group_of_no_trail_is_refused(aws: SimulatedAws, account_id: str) -> None:
    with pytest.raises(NoTrail, match="No trail of this account") as caught:
        watch(aws, account_id, log_group="/aws/lambda/hello")

    assert caught.value.whose is Turn.CUSTOMER
    assert not aws.calls(account_id, WRITES)


@pytest.mark.parametrize(
    ("fields", "selected"),
    [
        ([{"Field": "eventCategory", "Equals": ["Management"]}], True),
        ([{"Field": "eventCategory", "Equals": ["Data"]}], False),
        (
            [
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "readOnly", "Equals": ["false"]},
            ],
            True,
        ),
        (
            [
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "readOnly", "Equals": ["true"]},
            ],
            False,
        ),
    ],
)
def test_advanced_selectors_are_read(fields: list[dict[str, Any]], selected: bool) -> None:
    assert selects_changes(fields) is selected

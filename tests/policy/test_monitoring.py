"""The filter, proved on recorded CloudTrail events: it sees every change, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from onboarding import facts
from onboarding.policy import document, monitoring
from portal.demo.simulator.evaluate import Principal, Question, Verdict, evaluate
from portal.demo.simulator.log_patterns import matches
from tests.policy.conftest import Account

EDITION = document.shipped()

RECORDED = Path(__file__).parent / "cloudtrail"


def recorded(kind: str) -> dict[str, Any]:
    """Events by name: those that must raise the alarm (`alarm`), those that must not (`silent`)."""
    files = sorted((RECORDED / kind).glob("*.json"))
    return {file.stem: json.loads(file.read_text()) for file in files}


ALARM, SILENT = recorded("alarm"), recorded("silent")
KINDS = {one.event for one in monitoring.WATCHED}


@pytest.mark.parametrize("name", ALARM)
def test_the_filter_sees(name: str) -> None:
    assert matches(monitoring.pattern(), ALARM[name])


@pytest.mark.parametrize("name", SILENT)
def test_the_filter_passes_over(name: str) -> None:
    assert not matches(monitoring.pattern(), SILENT[name])


def test_every_watched_kind_has_a_recorded_event_of_its_name() -> None:
    assert {name for name in ALARM if "_" not in name} == KINDS
    assert {event["eventName"] for event in ALARM.values()} == KINDS


def test_the_guides_filter_sees_what_the_page_says_and_misses_the_rest() -> None:
    sees = {kind for kind in KINDS if matches(monitoring.GUIDE_PATTERN, ALARM[kind])}
    assert sees == {one.event for one in monitoring.WATCHED if one.in_guide}
    assert sees == {"AttachRolePolicy", "DetachRolePolicy", "CreatePolicyVersion"}


def test_the_guides_filter_misses_denied_attempts() -> None:
    denied = [event for name, event in ALARM.items() if "denied" in name]
    assert len(denied) == 3
    assert not any(matches(monitoring.GUIDE_PATTERN, event) for event in denied)


def test_ours_sees_all_that_the_guides_sees() -> None:
    events = [*ALARM.values(), *SILENT.values()]
    guide = [event for event in events if matches(monitoring.GUIDE_PATTERN, event)]
    assert guide
    assert all(matches(monitoring.pattern(), event) for event in guide)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_counts(kind: str) -> None:
    """Without its name in the pattern, the event would be missed."""
    without = monitoring.pattern().replace(f"$.eventName = {kind} ||", "")
    without = without.replace(f"|| $.eventName = {kind})", ")")
    assert not matches(without, ALARM[kind])


@pytest.mark.parametrize("policy", [policy.name for policy in EDITION.policies])
def test_every_policy_of_the_role_is_watched(policy: str) -> None:
    event = ALARM["CreatePolicyVersion"]
    arn = f"arn:aws:iam::444455556666:policy/vendors/{policy}"
    changed = event | {"requestParameters": event["requestParameters"] | {"policyArn": arn}}
    assert matches(monitoring.pattern(), changed)


@pytest.mark.parametrize("text", [monitoring.pattern(), monitoring.GUIDE_PATTERN])
def test_the_filter_is_no_longer_than_aws_takes(text: str) -> None:
    assert text.isascii()
    assert len(text) <= monitoring.PATTERN_LIMIT


def test_recorded_events_are_those_of_cloudtrail() -> None:
    for name, event in (ALARM | SILENT).items():
        assert {"eventVersion", "userIdentity", "requestParameters", "eventID"} <= set(event), name
        assert event["recipientAccountId"] == "111122223333"
        if event["eventSource"] == "iam.amazonaws.com":
            assert event["awsRegion"] == monitoring.REGION


def test_astro_can_touch_neither_the_bucket_nor_the_role_that_writes_the_log() -> None:
    """Astro's own permissions reach buckets by name, and spare roles with a certain tag."""
    buckets = [
        resource.removeprefix("arn:aws:s3:::").split("/")[0].removesuffix("*")
        for policy in EDITION.policies
        for statement in policy.document["Statement"]
        if statement["Effect"] == "Allow" and str(statement["Action"]).count("s3:PutBucketPolicy")
        for resource in statement["Resource"]
    ]
    assert buckets
    assert all(one and not monitoring.NAME.startswith(one) for one in buckets)
    assert monitoring.TAGS["customeraudit"] == "True"


def test_names_and_documents_fit_aws() -> None:
    assert len(monitoring.LOG_ROLE) <= 64
    assert len(f"{monitoring.NAME}-") + 36 <= 63, "the template adds an id of 36 characters"
    assert facts.ROLE_NAME not in monitoring.LOG_ROLE


@pytest.mark.parametrize("kind", ["alarm", "silent"])
def test_cloudwatch_logs_tests_the_filter_alike(kind: str, account: Account) -> None:
    events = list(recorded(kind).values())
    answer = account.client("logs").test_metric_filter(
        filterPattern=monitoring.pattern(), logEventMessages=[json.dumps(one) for one in events]
    )
    assert len(answer["matches"]) == (len(events) if kind == "alarm" else 0)


BUCKET = f"arn:aws:s3:::{monitoring.bucket_name('111122223333')}"
OF_ACCOUNT = "us-east-1:111122223333"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cloudtrail:StopLogging", monitoring.trail_arn("111122223333")),
        ("cloudtrail:DeleteTrail", monitoring.trail_arn("111122223333")),
        ("cloudtrail:PutEventSelectors", monitoring.trail_arn("111122223333")),
        ("logs:DeleteMetricFilter", f"arn:aws:logs:{OF_ACCOUNT}:log-group:{monitoring.NAME}"),
        ("logs:PutMetricFilter", f"arn:aws:logs:{OF_ACCOUNT}:log-group:{monitoring.NAME}"),
        ("logs:DeleteLogGroup", f"arn:aws:logs:{OF_ACCOUNT}:log-group:{monitoring.NAME}"),
        ("cloudwatch:DeleteAlarms", f"arn:aws:cloudwatch:{OF_ACCOUNT}:alarm:{monitoring.NAME}"),
        ("cloudwatch:PutMetricAlarm", f"arn:aws:cloudwatch:{OF_ACCOUNT}:alarm:{monitoring.NAME}"),
        (
            "cloudwatch:DisableAlarmActions",
            f"arn:aws:cloudwatch:{OF_ACCOUNT}:alarm:{monitoring.NAME}",
        ),
        ("sns:DeleteTopic", monitoring.topic_arn("111122223333")),
        ("sns:Unsubscribe", monitoring.topic_arn("111122223333")),
        ("s3:PutBucketPolicy", BUCKET),
        ("s3:DeleteBucket", BUCKET),
        ("s3:DeleteObject", f"{BUCKET}/AWSLogs/111122223333/x"),
        ("iam:DeleteRole", f"arn:aws:iam::111122223333:role/{monitoring.LOG_ROLE}"),
        ("iam:DeleteRolePolicy", f"arn:aws:iam::111122223333:role/{monitoring.LOG_ROLE}"),
    ],
)
def test_astro_may_not_touch_what_watches_it(action: str, resource: str) -> None:
    assert judged(action, resource) is not Verdict.ALLOWED


def test_the_judgement_would_see_what_astro_may_do() -> None:
    bucket = "arn:aws:s3:::astro-logs"
    assert judged("s3:PutBucketPolicy", bucket) is Verdict.ALLOWED
    assert judged("s3:DeleteObject", f"{bucket}/x") is Verdict.ALLOWED


def judged(action: str, resource: str) -> Verdict:
    """What the published policies say, evaluated as IAM does."""
    astro = Principal("111122223333", f"arn:aws:iam::111122223333:role/{facts.ROLE_NAME}")
    context = {f"iam:resourcetag/{key.lower()}": (value,) for key, value in monitoring.TAGS.items()}
    context |= {"aws:resourceaccount": ("111122223333",), "aws:principalaccount": ("111122223333",)}
    written = [policy.document for policy in EDITION.policies]
    return evaluate(written, Question(astro, action, resource, context))

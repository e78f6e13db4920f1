"""The template and the script make one and the same alarm, and change nobody else's things."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from onboarding import facts
from onboarding.policy import monitoring, monitoring_shell, monitoring_template
from tests.policy.conftest import Account, Run

BIN = Path(sys.executable).parent
NAME = monitoring.NAME
ADDRESS = "security@acme.example"


def parsed() -> dict[str, Any]:
    return yaml.safe_load(monitoring_template.template())


def resolved(value: Any, account_id: str, bucket: str) -> Any:
    """The template's text as CloudFormation would fill it in."""
    if isinstance(value, list):
        return [resolved(one, account_id, bucket) for one in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Sub" in value:
        known = {"AWS::AccountId": account_id, "AWS::Partition": "aws", "Bucket": bucket}
        return re.sub(r"\$\{([^}]+)\}", lambda found: known[found[1]], value["Fn::Sub"])
    return {key: resolved(one, account_id, bucket) for key, one in value.items()}


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "monitoring.yaml"
    path.write_text(monitoring_template.template())
    told = subprocess.run(
        [BIN / "cfn-lint", "--include-checks", "I", "--", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_template_and_script_are_the_same_bytes_in_every_process() -> None:
    code = (
        "from onboarding.policy import monitoring_template as t, monitoring_shell as s;"
        "print(t.template() + s.script(), end='')"
    )
    ours = monitoring_template.template() + monitoring_shell.script()
    for seed in ("1", "2"):
        again = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert again.stdout == ours


def test_template_holds_the_definition_word_for_word() -> None:
    resources = parsed()["Resources"]
    there = {name: each["Properties"] for name, each in resources.items()}
    account_id, bucket = "111122223333", "the-bucket"

    def document(name: str, key: str) -> Any:
        return resolved(there[name][key], account_id, bucket)

    assert document("LogRole", "AssumeRolePolicyDocument") == monitoring.log_role_trust()
    (inline,) = document("LogRole", "Policies")
    assert inline["PolicyDocument"] == monitoring.log_role_policy(account_id)
    assert document("BucketPolicy", "PolicyDocument") == monitoring.bucket_policy(
        bucket, account_id
    )
    assert there["Filter"]["FilterPattern"] == monitoring.pattern()
    assert there["Filter"]["MetricTransformations"] == [monitoring.transformation()]
    assert there["Alarm"].items() >= monitoring.alarm({"Ref": "Topic"}).items()
    assert there["Trail"].items() >= monitoring.trail().items()


def test_the_stack_watches_the_role(account: Account) -> None:
    account.client("cloudformation").create_stack(
        StackName="alarm",
        TemplateBody=monitoring_template.template(),
        Parameters=[{"ParameterKey": "Email", "ParameterValue": ADDRESS}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    found = state(account)
    assert found["on"]
    assert found["filters"][0]["filterPattern"] == monitoring.pattern()
    wanted = monitoring.alarm(monitoring.topic_arn(account.account_id))
    assert found["alarms"][0].items() >= wanted.items()
    assert found["readers"] == [("email", ADDRESS)]


def test_what_the_stack_leaves_behind_does_not_block_the_next_one() -> None:
    resources = parsed()["Resources"]
    assert resources["Bucket"]["DeletionPolicy"] == "Retain"
    assert "AWS::StackId" in json.dumps(resources["Bucket"]["Properties"]["BucketName"])
    kept = [name for name, one in resources.items() if one.get("DeletionPolicy") == "Retain"]
    assert kept == ["Bucket"]


def test_with_a_log_group_given_the_stack_makes_no_trail() -> None:
    needed = {
        name for name, one in parsed()["Resources"].items() if one.get("Condition") == "OwnTrail"
    }
    assert needed == {"Log", "LogRole", "Bucket", "BucketPolicy", "Trail"}


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("LogGroupName", "", True),
        ("LogGroupName", "/aws/trail_1.a-b#c", True),
        ("LogGroupName", "a b", False),
        ("LogGroupName", "a$b", False),
        ("Email", "", True),
        ("Email", ADDRESS, True),
        ("Email", "nobody", False),
        ("Email", "a@b c@d", False),
    ],
)
def test_parameters_take_what_aws_takes(name: str, value: str, taken: bool) -> None:
    pattern = parsed()["Parameters"][name]["AllowedPattern"]
    assert bool(re.search(pattern, value)) is taken


@pytest.mark.parametrize("dialect", ["sh", "dash", "bash"])
def test_shellcheck_finds_nothing(dialect: str) -> None:
    told = subprocess.run(
        [BIN / "shellcheck", "--shell", dialect, "--enable", "quote-safe-variables", "-"],
        input=monitoring_shell.script(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_every_call_of_aws_names_its_output_format() -> None:
    text = monitoring_shell.script().replace("\\\n", " ")
    calls = re.findall(
        r"(?:\baws|\blook \w+) (?:sts|iam|logs|sns|s3api|cloudtrail|cloudwatch) .*", text
    )
    assert len(calls) > 12
    joined = re.sub(r"\n +'", " '", text)
    assert joined.count("--output") >= len(calls)
    assert not re.search(r"\bcurl\b|\bwget\b|https?:|/tmp|mktemp|\beval\b", text)


def state(account: Account) -> dict[str, Any]:
    """What a customer's auditor sees of it."""
    logs, trails = account.client("logs"), account.client("cloudtrail")
    (trail,) = trails.describe_trails()["trailList"]
    role = account.client("iam").get_role(RoleName=monitoring.LOG_ROLE)["Role"]
    policy = account.client("s3").get_bucket_policy(Bucket=trail["S3BucketName"])["Policy"]
    topic = monitoring.topic_arn(account.account_id)
    readers = account.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return {
        "trail": trail,
        "selectors": trails.get_event_selectors(TrailName=NAME)["EventSelectors"],
        "on": trails.get_trail_status(Name=NAME)["IsLogging"],
        "groups": logs.describe_log_groups()["logGroups"],
        "filters": logs.describe_metric_filters()["metricFilters"],
        "alarms": account.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "role": (role["RoleId"], role["AssumeRolePolicyDocument"], role["Tags"]),
        "bucket": json.loads(policy),
        "readers": [(one["Protocol"], one["Endpoint"]) for one in readers],
    }


@pytest.mark.parametrize(
    ("first", "second", "output"), [("dash", "bash", "text"), ("bash", "dash", "table")]
)
def test_script_makes_the_alarm_and_a_second_run_changes_nothing(
    first: str, second: str, output: str, account: Account, run_script: Run
) -> None:
    # The pager fails: whoever waits for it fails too.
    env = account.env | {"AWS_DEFAULT_OUTPUT": output, "ALARM_EMAIL": ADDRESS, "PAGER": "false"}
    done = run_script(monitoring_shell.script(), shell=first, env=env, path=str(BIN))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index(account.account_id) < done.stdout.index("create  ")
    found = state(account)
    assert found["on"]
    assert found["trail"]["IncludeGlobalServiceEvents"]
    assert found["selectors"][0].items() >= monitoring.event_selector().items()
    assert found["bucket"] == monitoring.bucket_policy(
        monitoring.bucket_name(account.account_id), account.account_id
    )
    assert found["role"][1] == monitoring.log_role_trust()
    assert found["filters"][0]["filterPattern"] == monitoring.pattern()
    wanted = monitoring.alarm(monitoring.topic_arn(account.account_id))
    assert found["alarms"][0].items() >= wanted.items()
    assert found["readers"] == [("email", ADDRESS)]
    assert found["groups"][0]["retentionInDays"] == monitoring.RETENTION_DAYS

    again = run_script(monitoring_shell.script(), shell=second, env=env, path=str(BIN))
    assert (again.returncode, again.stderr) == (0, "")
    assert "create  " not in again.stdout
    assert state(account) == found


def test_script_uses_a_trail_there_is(account: Account, run_script: Run) -> None:
    make_trail(account, "/audit/trail", global_events=True)
    env = account.env | {"LOG_GROUP": "/audit/trail"}
    done = run_script(monitoring_shell.script(), env=env, path=str(BIN))
    assert (done.returncode, done.stderr) == (0, "")
    assert "keep    trail audit" in done.stdout
    assert len(account.client("cloudtrail").describe_trails()["trailList"]) == 1
    filters = account.client("logs").describe_metric_filters(logGroupName="/audit/trail")
    assert filters["metricFilters"][0]["filterPattern"] == monitoring.pattern()


@pytest.mark.parametrize(
    ("log_group", "global_events", "said"),
    [
        ("/audit/trail", False, "No trail of this account writes IAM's events"),
        ("/another", True, "No trail of this account writes IAM's events"),
        ("a b", True, "LOG_GROUP is not the name of a log group"),
        ("x'] | [0", True, "LOG_GROUP is not the name of a log group"),
    ],
)
def test_script_refuses_a_log_group_that_iams_events_do_not_reach(
    log_group: str, global_events: bool, said: str, account: Account, run_script: Run
) -> None:
    make_trail(account, "/audit/trail", global_events=global_events)
    done = run_script(
        monitoring_shell.script(), env=account.env | {"LOG_GROUP": log_group}, path=str(BIN)
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert not account.client("cloudwatch").describe_alarms()["MetricAlarms"]


def make_trail(account: Account, log_group: str, *, global_events: bool) -> None:
    bucket = f"trails-of-{account.account_id}"
    account.client("s3").create_bucket(Bucket=bucket)
    account.client("logs").create_log_group(logGroupName=log_group)
    trust = json.dumps(monitoring.log_role_trust())
    role = account.client("iam").create_role(RoleName="trails", AssumeRolePolicyDocument=trust)
    account.client("cloudtrail").create_trail(
        Name="audit",
        S3BucketName=bucket,
        IncludeGlobalServiceEvents=global_events,
        CloudWatchLogsLogGroupArn=monitoring.log_group_arn(account.account_id, log_group),
        CloudWatchLogsRoleArn=role["Role"]["Arn"],
    )
    account.client("cloudtrail").start_logging(Name="audit")


@pytest.mark.parametrize("address", ["nobody", "$(id)@x.example", "a b@x.example", "-a@x.example"])
def test_script_refuses_what_is_no_address(address: str, account: Account, run_script: Run) -> None:
    env = account.env | {"ALARM_EMAIL": address}
    done = run_script(monitoring_shell.script(), env=env, path=str(BIN))
    assert done.returncode == 1
    assert "ALARM_EMAIL is not an e-mail address" in done.stderr
    assert "uid=" not in done.stdout + done.stderr


def test_script_leaves_a_foreign_alarm_alone(account: Account, run_script: Run) -> None:
    theirs = monitoring.alarm("arn:aws:sns:us-east-1:111122223333:other")
    account.client("cloudwatch").put_metric_alarm(**theirs)
    done = run_script(monitoring_shell.script(), env=account.env, path=str(BIN))
    assert done.returncode == 1
    assert f"The alarm {NAME} exists already" in done.stderr
    assert not account.client("cloudtrail").describe_trails()["trailList"]


def test_script_leaves_a_foreign_filter_alone(account: Account, run_script: Run) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName=NAME)
    logs.put_metric_filter(
        logGroupName=NAME,
        filterName=NAME,
        filterPattern=monitoring.GUIDE_PATTERN,
        metricTransformations=[monitoring.values("")["transformation"]],
    )
    done = run_script(monitoring_shell.script(), env=account.env, path=str(BIN))
    assert done.returncode == 1
    assert f"The metric filter {NAME} exists already" in done.stderr
    (kept,) = logs.describe_metric_filters(logGroupName=NAME)["metricFilters"]
    assert kept["filterPattern"] == monitoring.GUIDE_PATTERN


def test_script_refuses_astros_own_account(run_script: Run, tmp_path: Path) -> None:
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "aws").write_text(f"#!/bin/sh\necho {facts.CONTROL_PLANE_ACCOUNT}\n")
    (stub / "aws").chmod(0o755)
    done = run_script(monitoring_shell.script(), path=str(stub))
    assert done.returncode == 1
    assert "This is Astro's own AWS account" in done.stderr

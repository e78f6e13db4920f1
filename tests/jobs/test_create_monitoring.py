from typing import Any

import pytest

from onboarding.aws.actions.entry import Credentials
from onboarding.jobs import handoff
from onboarding.models import AwsCall, Installation, Operation
from onboarding.policy import monitoring
from onboarding.services import monitoring as service
from tests.factories import make_installation
from tests.harness import canary
from tests.harness.simulator import Simulator
from tests.harness.work import RunTasks

pytestmark = pytest.mark.django_db

HEALTHY, NEW = "210987654321", "320987654321"
ADDRESS = "security@acme.example"


def keys(simulator: Simulator, account_id: str = HEALTHY) -> Credentials:
    found = simulator.credentials(account_id)
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def create(
    credentials: Credentials, installation: Installation | None = None, **wishes: str
) -> Operation:
    installation = installation or make_installation(aws_account_id=HEALTHY)
    return service.create(installation, credentials, **wishes)


def alarms(simulator: Simulator, account_id: str = HEALTHY) -> list[Any]:
    answer = simulator.session(account_id).client("cloudwatch").describe_alarms()
    return list(answer["MetricAlarms"])


def test_the_alarm_is_set_up_and_it_is_on_record(simulator: Simulator, run_tasks: RunTasks) -> None:
    operation = create(keys(simulator), email=ADDRESS)

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE
    assert [one["AlarmName"] for one in alarms(simulator)] == [monitoring.NAME]
    event = operation.installation.events.get(kind="monitoring_created")
    assert event.data["email"] == ADDRESS
    assert f"Made the trail {monitoring.NAME}" in event.data["steps"]
    calls = AwsCall.objects.filter(installation=operation.installation)
    assert calls.order_by("at", "pk").values_list("action", flat=True)[0] == "GetCallerIdentity"
    assert set(calls.values_list("identity", flat=True)) == {"pasted"}


def test_asking_twice_makes_one_alarm(simulator: Simulator, run_tasks: RunTasks) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    for _ in range(2):
        operation = create(keys(simulator), installation)
        run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE
    assert len(alarms(simulator)) == 1
    last = installation.events.filter(kind="monitoring_created").last()
    assert last is not None
    assert all(step.startswith("Found ") for step in last.data["steps"])


def test_credentials_of_another_account_write_nothing(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    operation = create(keys(simulator, NEW))

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert NEW in operation.problem.replace("-", "")
    assert not alarms(simulator)
    assert not alarms(simulator, NEW)


def test_a_worker_that_died_with_the_credentials_asks_for_them_again(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    operation = create(keys(simulator))
    assert handoff.take(str(operation.pk)) is not None

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert "Paste them again" in operation.problem


def test_a_newer_request_replaces_one_that_waits(simulator: Simulator, run_tasks: RunTasks) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    first = create(keys(simulator), installation)
    second = create(keys(simulator), installation)

    run_tasks()

    states = [Operation.objects.get(pk=one.pk).state for one in (first, second)]
    assert states == [Operation.State.FAILED, Operation.State.DONE]


def test_a_foreign_alarm_is_left_alone_and_the_difference_shown(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    theirs = monitoring.alarm("arn:aws:sns:us-east-1:111122223333:other") | {"Threshold": 5}
    simulator.session(HEALTHY).client("cloudwatch").put_metric_alarm(**theirs)

    operation = create(keys(simulator))
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert "exists and is not as the alarm needs it" in operation.problem
    assert any(line.startswith("-") and "5" in line for line in operation.data["details"])
    assert alarms(simulator)[0]["Threshold"] == 5
    assert not operation.installation.events.filter(kind="monitoring_created").exists()


def test_a_denied_call_is_explained_with_what_was_done_before(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    simulator.knobs(fail={"cloudtrail:CreateTrail": ["AccessDeniedException", 1]})

    operation = create(keys(simulator))
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert operation.data["explanation"]["report"]["action"] == "cloudtrail:CreateTrail"
    assert f"Made the log group {monitoring.NAME}" in operation.data["details"]


def test_a_log_group_of_no_trail_is_explained(simulator: Simulator, run_tasks: RunTasks) -> None:
    operation = create(keys(simulator), log_group="/aws/lambda/hello")

    run_tasks()

    operation.refresh_from_db()
    assert "No trail of this account writes to the log group /aws/lambda/hello" in operation.problem
    assert operation.data["explanation"]["turn"] == "customer"


@pytest.mark.parametrize("account_id", [HEALTHY, NEW], ids=["created", "refused"])
def test_the_credentials_are_found_nowhere_afterwards(
    account_id: str,
    simulator: Simulator,
    run_tasks: RunTasks,
    everything_logged: list[str],
    redis_url: str,
) -> None:
    credentials = keys(simulator, account_id)
    operation = create(credentials, email=ADDRESS)
    run_tasks()

    places = {
        "database": canary.whole_database(),
        "Redis": canary.whole_redis(),
        "logs": "\n".join(everything_logged),
        "operation": repr(Operation.objects.filter(pk=operation.pk).values().get()),
        "repr": repr(credentials),
        "pages": canary.pages_of(operation.installation),
    }

    assert "Watch the role for changes" in places["pages"]
    assert "GetCallerIdentity" in places["database"], "the search must be able to find something"
    for place, text in places.items():
        for secret in (credentials.secret_access_key, credentials.session_token):
            assert secret not in text, place
        assert credentials.access_key_id not in text, place

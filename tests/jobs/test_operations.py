from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from onboarding.aws.errors import AwsError, Denied, Misconfigured, Unavailable
from onboarding.jobs import operations
from onboarding.models import MAX_ATTEMPTS, Operation
from tests.factories import make_installation

pytestmark = pytest.mark.django_db

Kind, State = Operation.Kind, Operation.State


class Job:
    """A job that counts its runs and ends as told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs = 0
        self.error = error

    def __call__(self, operation: Operation) -> timedelta | None:
        self.runs += 1
        if self.error:
            raise self.error
        operation.finish()
        return None


@pytest.fixture
def operation() -> Operation:
    return Operation.request(make_installation(), Kind.CHECK_ACCOUNT)


def run(operation: Operation, job: Job) -> timedelta | None:
    Operation.objects.filter(pk=operation.pk).update(run_after="2020-01-01T00:00Z")
    again = operations.run(str(operation.pk), jobs={Kind.CHECK_ACCOUNT: job})
    operation.refresh_from_db()
    return again


def aws_error(kind: type[AwsError]) -> AwsError:
    return kind(
        code="Test",
        action="sts:AssumeRole",
        account_id="210987654321",
        region="us-east-1",
        request_id="",
        message="AWS said no.",
    )


def test_ten_copies_of_a_message_do_the_work_once(operation: Operation) -> None:
    job = Job()

    for _ in range(10):
        run(operation, job)

    assert job.runs == 1
    assert operation.state == State.DONE


def test_a_crash_is_tried_again_with_a_pause(operation: Operation) -> None:
    again = run(operation, Job(RuntimeError("boom")))

    assert again is not None
    assert again > timedelta(0)
    assert operation.state == State.QUEUED


def test_a_job_that_always_crashes_is_given_up(operation: Operation) -> None:
    job = Job(RuntimeError("boom"))

    for _ in range(MAX_ATTEMPTS + 3):
        run(operation, job)

    assert job.runs == MAX_ATTEMPTS
    assert operation.state == State.FAILED
    assert "on our side" in operation.problem


def test_what_aws_will_not_change_its_mind_about_fails_at_once_and_is_explained(
    operation: Operation,
) -> None:
    run(operation, Job(aws_error(Denied)))

    why = operation.data["explanation"]
    assert operation.state == State.FAILED
    assert operation.problem == why["cause"] == why["report"]["causes"][0]
    assert why["report"]["said"] == "AWS said no."
    assert why["fix"]["steps"]
    assert why["turn"] == "customer"


def test_what_may_pass_at_aws_is_tried_again(operation: Operation) -> None:
    again = run(operation, Job(aws_error(Unavailable)))

    assert again is not None
    assert operation.state == State.QUEUED


def test_what_does_not_pass_at_aws_ends_with_what_aws_said(operation: Operation) -> None:
    for _ in range(MAX_ATTEMPTS + 1):
        run(operation, Job(aws_error(Unavailable)))

    assert operation.state == State.FAILED
    assert "on our side" not in operation.problem
    assert operation.data["explanation"]["turn"] == "aws"


def test_what_aws_said_before_a_crash_does_not_explain_the_crash(operation: Operation) -> None:
    run(operation, Job(aws_error(Unavailable)))
    for _ in range(MAX_ATTEMPTS):
        run(operation, Job(RuntimeError("boom")))

    assert operation.state == State.FAILED
    assert "on our side" in operation.problem
    assert not operation.data["explanation"]


@pytest.mark.parametrize(
    ("kind", "pages"), [(Misconfigured, True), (Denied, False)], ids=["ours", "theirs"]
)
def test_a_fault_of_ours_pages_the_vendor_and_no_other_does(
    operation: Operation, kind: type[AwsError], pages: bool
) -> None:
    with capture_logs() as logs:
        run(operation, Job(aws_error(kind)))

    told = [line for line in logs if line["event"] == "aws_misconfigured"]
    assert bool(told) is pages
    assert all(line["log_level"] == "error" for line in told)
    assert (operation.data["explanation"]["turn"] == "support") is pages


def test_a_fault_of_ours_that_lasts_pages_the_vendor_too(operation: Operation) -> None:
    unreachable = aws_error(Unavailable)
    unreachable.code = "EndpointConnectionError"

    with capture_logs() as logs:
        for _ in range(MAX_ATTEMPTS + 1):
            run(operation, Job(unreachable))

    assert [line["code"] for line in logs if line["event"] == "aws_misconfigured"] == [
        "EndpointConnectionError"
    ]
    assert "network on our side" in operation.problem


def test_an_operation_that_is_gone_is_no_error() -> None:
    assert operations.run("7b1c3f0e-1111-4222-8333-444455556666", jobs={}) is None

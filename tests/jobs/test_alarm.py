"""A fault of ours pages the vendor: once, and no other fault does."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from onboarding.aws.check import Finding, Status
from onboarding.aws.errors import AwsError, Denied, Misconfigured
from onboarding.aws.explain import explain
from onboarding.jobs import results
from onboarding.models import Operation
from tests.factories import make_installation

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    waiting = Operation.request(make_installation(), Operation.Kind.VERIFY_ROLE)
    claimed = Operation.claim(str(waiting.pk))
    assert claimed
    return claimed


def alarms(operation: Operation, *errors: AwsError) -> list[Any]:
    """Those that writing what each error means, one after another, raises."""
    with capture_logs() as logs:
        for error in errors:
            why = explain(error)
            silence = Finding(
                Status.COULD_NOT_CHECK, saw="", cause=why.cause, turn=why.turn, report=why.report
            )
            results.write(
                operation,
                code="role_exists",
                title="",
                blocking=True,
                position=0,
                relies_on=(),
                finding=silence,
            )
    return [line for line in logs if line["event"] == "aws_misconfigured"]


def ours(code: str) -> Misconfigured:
    return Misconfigured("No.", code=code, action="sts:AssumeRole", region="us-east-1")


def test_a_fault_of_ours_is_told_of_with_all_that_finds_it(operation: Operation) -> None:
    (told,) = alarms(operation, ours("NoCredentialsError"))

    assert told["log_level"] == "error"
    assert told["installation"] == str(operation.installation_id)
    assert (told["action"], told["code"]) == ("sts:AssumeRole", "NoCredentialsError")


def test_what_is_looked_at_again_and_again_pages_once_a_fault(operation: Operation) -> None:
    one, other = ours("NoCredentialsError"), ours("RequestTimeTooSkewed")

    assert len(alarms(operation, one, one, one, other, other)) == 2


def test_a_fault_of_the_customers_pages_nobody(operation: Operation) -> None:
    assert alarms(operation, Denied("No.", code="AccessDenied", action="ec2:DescribeVpcs")) == []

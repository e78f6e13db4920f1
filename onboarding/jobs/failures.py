"""How a failure of AWS ends an operation: explained to the customer, and told to us if it is ours."""

from collections.abc import Iterable
from typing import Any

from onboarding.aws.errors import AwsError
from onboarding.aws.explain import explain
from onboarding.jobs import alarm
from onboarding.jobs.results import explanation_data
from onboarding.models import Operation

EXPLANATION = "explanation"
WE_FAILED = "Something went wrong on our side. We have been told; try again in a few minutes."


def fail(operation: Operation, error: AwsError, *, details: Iterable[str] = ()) -> None:
    """End the operation with what AWS said and what the customer can do about it."""
    why = explain(error)
    operation.fail(why.cause, details=list(details), explanation=explanation_data(why))
    alarm.raise_if_ours(operation, why.turn, why.report)


def kept(operation: Operation, error: AwsError) -> dict[str, Any]:
    """The operation's data with the explanation of a failure that is worth another try."""
    return operation.data | {EXPLANATION: explanation_data(explain(error))}


def forgotten(operation: Operation) -> dict[str, Any]:
    return {key: value for key, value in operation.data.items() if key != EXPLANATION}


def give_up(operation: Operation) -> None:
    """End an operation that was tried often enough, with the failure of AWS that stopped it last."""
    last = operation.data.get(EXPLANATION)
    if not last:
        operation.fail(WE_FAILED)
        return
    operation.fail(last["cause"], explanation=last)
    alarm.raise_if_ours(operation, last["turn"], last["report"])

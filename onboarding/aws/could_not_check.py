"""What to say when AWS gave no answer: why, whose turn it is, where a person can look instead."""

from onboarding.aws.check import Check, Finding, Fix, Status, Turn
from onboarding.aws.errors import AwsError, Denied, NotReported
from onboarding.aws.explain import explain


def judge_error(check: Check, error: AwsError) -> Finding:
    """The finding of a check that AWS did not answer: `COULD_NOT_CHECK`, never a failure."""
    why = explain(error)
    return Finding(
        Status.COULD_NOT_CHECK,
        saw=f"We could not check this: {_silence(error, why.turn)}.",
        needed=f"{check.title}: an answer from AWS",
        cause=why.cause,
        turn=why.turn,
        fix=why.fix,
        request_ids=(error.request_id,) if error.request_id else (),
        report=why.report,
    )


def _silence(error: AwsError, turn: Turn) -> str:
    if isinstance(error, NotReported):
        return "your report does not hold the answer"
    if turn is Turn.SUPPORT:
        return "something went wrong on our side"
    what = error.action or "the question"
    return f"AWS denied {what}" if isinstance(error, Denied) else f"AWS did not answer {what}"


def unexpected(check: Check) -> Finding:
    """The finding of a check that failed in itself: ours to mend."""
    return Finding(
        Status.COULD_NOT_CHECK,
        saw="We could not check this: something went wrong on our side.",
        needed=f"{check.title}: an answer from AWS",
        turn=Turn.SUPPORT,
        fix=Fix(("You need do nothing. Our support team looks into it.",)),
    )

"""Keeps the AWS calls of one job and writes them down for the customer to see."""

from onboarding.aws.calls import Call
from onboarding.models import AwsCall, Installation


class CallLog:
    """A recorder. Threads may add to it; `write` stores what came since the last time."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> None:
        self.calls.append(call)

    def write(self) -> None:
        calls, self.calls = self.calls, []
        AwsCall.objects.bulk_create(
            AwsCall(
                installation=self.installation,
                at=call.at,
                service=call.service,
                action=call.action,
                region=call.region,
                request_id=call.request_id,
                outcome=call.outcome,
                milliseconds=call.milliseconds,
                identity=call.identity,
            )
            for call in calls
        )

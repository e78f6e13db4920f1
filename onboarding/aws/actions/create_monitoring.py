"""“Create it for me”: what watches the cross-account role, with the customer's own credentials.

Safe to run again: what exists and is equal is adopted, what differs stops it. Nothing is
overwritten.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import boto3

from onboarding.aws.account import Account, refuse_unfit
from onboarding.aws.actions.entry import Credentials, confirmed_caller, enter
from onboarding.aws.actions.iam import Iam
from onboarding.aws.actions.monitoring import alarm, bucket, trail
from onboarding.aws.actions.monitoring.part import MonitoringSpec, Part
from onboarding.aws.actions.monitoring.trails import require_trail
from onboarding.aws.calls import Recorder, forget
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import AwsError, Refused
from onboarding.facts import CONSOLE_REGION

TAKEN = frozenset(
    {
        "AlarmAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "EntityAlreadyExists",
        "ResourceAlreadyExistsException",
        "TrailAlreadyExistsException",
    }
)
"""Somebody made it in between, or the answer to our own call was lost."""
NOT_YET = frozenset(
    {
        "CloudWatchLogsDeliveryUnavailableException",
        "InsufficientS3BucketPolicyException",
        "InvalidCloudWatchLogsRoleArnException",
    }
)
"""How CloudTrail answers while what was made a moment ago is not known everywhere at AWS."""
TRIES, PAUSE_SECONDS = 30, 2.0
"""A minute: IAM mostly needs seconds."""


@dataclass(frozen=True)
class Watching:
    """The role is watched."""

    steps: tuple[str, ...]
    """What was done and what was found done, in order."""


def create_monitoring(
    credentials: Credentials,
    spec: MonitoringSpec,
    *,
    account_id: str,
    record: Recorder = forget,
    session: SessionFactory = boto3.Session,
    sleep: Callable[[float], None] = time.sleep,
) -> Watching:
    """Make what `spec` describes in us-east-1 of `account_id`.

    Raises `LongTermKeys`, `WrongAccount`, `NoTrail` or `MonitoringDiffers` before anything is
    written, and the other members of `AwsError` as they come; `done` then holds the steps taken.
    """
    refuse_unfit(account_id, CONSOLE_REGION)
    account = enter(credentials, account_id, CONSOLE_REGION, record=record, session=session)
    iam = Iam(account, caller=confirmed_caller(account))
    steps: list[str] = []
    try:
        _make(_parts(account, iam, spec), steps, sleep)
    except AwsError as error:
        error.done = tuple(steps)
        raise
    return Watching(tuple(steps))


TRAIL = (trail.LogGroup, trail.LogRole, trail.LogRolePolicy)
BUCKET = (bucket.Bucket, bucket.BlockedPublicAccess, bucket.Encryption, bucket.BucketPolicy)
RECORDING = (trail.Trail, trail.Recording)
TELLING = (alarm.Topic, alarm.Subscription)
WATCHING: tuple[type[Part], ...] = (alarm.Filter, alarm.Alarm)


def _parts(account: Account, iam: Iam, spec: MonitoringSpec) -> list[Part]:
    """All that is wanted, in the order in which it is made."""
    kinds: list[type[Part]] = []
    if spec.log_group:
        require_trail(account, spec.log_group)
    else:
        # A trail that stands has its bucket, whichever that is.
        needs_bucket = trail.Trail(account, iam, spec).found() is None
        kinds += [*TRAIL, *(BUCKET if needs_bucket else ()), *RECORDING]
    kinds += TELLING if spec.email else TELLING[:1]
    return [kind(account, iam, spec) for kind in (*kinds, *WATCHING)]


def _make(parts: Iterable[Part], steps: list[str], sleep: Callable[[float], None]) -> None:
    # Everything is compared before anything is written, so that a difference leaves no half.
    looked = [(part, part.look()) for part in parts]
    for part, is_there in looked:
        made = not is_there and _made(part, sleep)
        steps.append(f"{'Made' if made else 'Found'} the {part.kind} {part.name}")


def _made(part: Part, sleep: Callable[[float], None]) -> bool:
    """False when it stands already, as wanted."""
    for _ in range(TRIES - 1):
        try:
            return _made_now(part)
        except Refused as error:
            if error.code not in NOT_YET:
                raise
        sleep(PAUSE_SECONDS)
    return _made_now(part)


def _made_now(part: Part) -> bool:
    try:
        part.make()
    except Refused as error:
        if error.code in TAKEN and part.look():
            return False
        raise
    return True

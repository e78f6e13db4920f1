"""An installation with something of everything that an evidence pack tells."""

from datetime import timedelta

from django.utils import timezone

from onboarding.models import (
    AwsCall,
    CheckResult,
    Event,
    Handover,
    HandoverVisit,
    Installation,
    InternalNote,
    Mail,
    Message,
    Override,
    Submission,
    User,
)
from tests.factories import make_answered, make_organization, make_user

CLUSTER = "analytics"
SECRETS = ("note-canary", "mail-canary", "message-canary")
"""What must be in no pack, beside the external ID."""


def scene(owner: User | None = None, *, cluster: str = CLUSTER, calls: int = 3) -> Installation:
    owner = owner or make_user("grace@example.com", name="Grace Hopper")
    agent = make_user("agent-of-evidence@support.example", name="Alan Turing", is_staff=True)
    installation = make_answered(make_organization(owner), cluster_name=cluster)
    _proofs(installation)
    _override(installation, agent)
    for kind, by, note in (
        (Event.Kind.SUBMITTED, owner, ""),
        (Event.Kind.CLAIMED, agent, ""),
        (Event.Kind.NOTED, agent, "note-canary"),
        (Event.Kind.BUILDING, agent, ""),
        (Event.Kind.READY, agent, "The cluster is there."),
        (Event.Kind.CONFIRMED, owner, ""),
    ):
        _happened(installation, kind, by, note)
    _happened(installation, Event.Kind.EXTERNAL_ID_SHOWN, owner, reason="AWS console")
    steps = ["Log group astro-role", "Alarm astro-role"]
    _happened(installation, Event.Kind.MONITORING_CREATED, None, steps=steps)
    Submission.objects.create(
        installation=installation,
        number=1,
        by=owner,
        answers=[{"field": "region", "label": "AWS Region", "value": "us-east-1"}],
    )
    _handover(installation, owner)
    InternalNote.objects.create(installation=installation, by=agent, text="note-canary")
    Message.objects.create(
        installation=installation, by=owner, side=Message.Side.CUSTOMER, text="message-canary"
    )
    Mail.objects.create(
        installation=installation,
        name="ready",
        to=owner.email,
        subject="mail-canary",
        text="mail-canary",
        html="mail-canary",
    )
    log(installation, calls)
    return Installation.objects.with_everything().get(pk=installation.pk)


def log(installation: Installation, count: int) -> None:
    start = timezone.now()
    AwsCall.objects.bulk_create(
        AwsCall(
            installation=installation,
            at=start - timedelta(milliseconds=300 * number),
            service=("sts", "iam", "ec2", "servicequotas")[number % 4],
            action=("AssumeRole", "GetRole", "DescribeVpcs", "GetServiceQuota")[number % 4],
            region="us-east-1",
            request_id=f"0a1b2c3d-{number:04}-4e5f-8a9b-112233445566",
            outcome="AccessDenied" if number % 4 == 0 else "ok",
            milliseconds=80 + number % 50,
        )
        for number in range(count)
    )


def _proofs(installation: Installation) -> None:
    looks = [
        {"at": f"2026-03-01T12:0{minute}:00+00:00", "right": f"req-right-{minute}", "without": f"req-{minute}"}
        for minute in range(3)
    ]  # fmt: skip
    _happened(
        installation, Event.Kind.ROLE_PROVED, None, version=1, permissions="passed", looks=looks
    )


def _override(installation: Installation, agent: User) -> None:
    one = installation.check_results.of_account().first()
    assert one is not None
    CheckResult.objects.filter(pk=one.pk).update(
        status=CheckResult.Status.FAILED, saw="8 vCPU", needed="40 vCPU", request_ids=["req-quota"]
    )
    Override.objects.create(
        installation=installation,
        code=one.code,
        reason="The quota was raised by AWS support, case 123.",
        saw="8 vCPU",
        by=agent,
    )


def _handover(installation: Installation, owner: User) -> None:
    handover = Handover.objects.create(
        installation=installation,
        email="platform@example.com",
        token_fingerprint=f"f-{installation.pk}",
        created_by=owner,
        expires_at=timezone.now() + timedelta(days=7),
    )
    HandoverVisit.objects.create(handover=handover, kind=HandoverVisit.Kind.OPENED)


def _happened(
    installation: Installation, kind: Event.Kind, by: User | None, note: str = "", **data: object
) -> None:
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=kind,
        by=by,
        note=note,
        data=data,
    )

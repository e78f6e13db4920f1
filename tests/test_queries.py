"""The customer's pages ask the database as often for much as for little, and never often."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onboarding.models import (
    AwsCall,
    CheckResult,
    Event,
    Installation,
    Invitation,
    Membership,
    Operation,
    Organization,
    PeerVpc,
    QuotaRequest,
    Status,
)
from onboarding.wizard import STEPS
from tests.views.cast import Cast, make_cast, person, put

pytestmark = pytest.mark.django_db
MOST = 12
MANY = 30


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True, connectivity="peering")


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def add(cast: Cast, count: int) -> None:
    """More of everything a page may list."""
    ours, agent = cast.installation, cast.people["staff"]
    common = {"organization": cast.organization, "by": agent}
    Installation.objects.bulk_create(
        Installation(organization=cast.organization, cluster_name=f"more-{number}")
        for number in range(count)
    )
    PeerVpc.objects.bulk_create(
        PeerVpc(
            installation=ours,
            vpc=f"vpc-{number:08x}",
            account_id="210987654321",
            region="us-east-1",
            cidrs=f"10.{number}.0.0/16",
        )
        for number in range(count)
    )
    Event.objects.bulk_create(
        Event(installation=ours, kind=kind, **common)
        for _ in range(count)
        for kind in ("submitted", "external_id_shown")
    )
    for number in range(count):
        ours.change_requests.create(field="region", text=f"Wish {number}", by=agent)
        ours.messages.create(side="support", by=agent, text=f"Message {number}")
        ours.messages.create(side="customer", by=cast.people["member"], text=f"Answer {number}")
        Operation.objects.create(installation=ours, kind="verify_role", state="failed")
        Membership.objects.create(
            organization=cast.organization, user=person(f"m{number}-{count}@example.com")
        )
    add_people(cast, count)
    add_evidence(cast, count)


def add_people(cast: Cast, count: int) -> None:
    """Open invitations, and other Organizations to choose from in the header."""
    owner = cast.people["owner"]
    for number in range(count):
        Invitation.objects.create(
            organization=cast.organization,
            email=f"i{number}-{count}@example.com",
            invited_by=person(f"by{number}-{count}@example.com"),
            token_fingerprint=f"{number}-{count}",
            expires_at=timezone.now(),
        )
        Event.objects.create(organization=cast.organization, kind="invited", by=owner)
        another = Organization.objects.create(
            name=f"Another {number}",
            short_name=f"n{number}-{count}",
            external_id_fingerprint=f"{number}-{count}",
        )
        Membership.objects.create(organization=another, user=owner)


def add_evidence(cast: Cast, count: int) -> None:
    ours, agent = cast.installation, cast.people["staff"]
    now = timezone.now()
    AwsCall.objects.bulk_create(
        AwsCall(installation=ours, at=now, service="sts", action="A", milliseconds=1)
        for _ in range(count)
    )
    CheckResult.objects.bulk_create(
        CheckResult(installation=ours, code=f"more-{n}", status="passed", saw="x", checked_at=now)
        for n in range(count)
    )
    QuotaRequest.objects.bulk_create(
        QuotaRequest(
            installation=ours,
            aws_account_id=ours.aws_account_id,
            region=ours.region,
            quota_code=f"L-{count:03}{n:05}",
            quota_name=f"Quota {n}",
            desired=n,
            state="open",
            by=agent,
        )
        for n in range(count)
    )


def steps(cast: Cast) -> dict[str, str]:
    return {s.slug: reverse("step", args=[cast.installation.pk, s.slug]) for s in STEPS}


PAGES: dict[str, Callable[[Cast], str]] = {
    "home": lambda cast: reverse("home"),
    "organization": lambda cast: reverse("organization", args=[cast.organization.pk]),
    "history": lambda cast: reverse("organization_history", args=[cast.organization.pk]),
    "status": lambda cast: reverse("status", args=[cast.installation.pk]),
    "conversation": lambda cast: reverse("conversation", args=[cast.installation.pk]),
    "evidence": lambda cast: reverse("evidence", args=[cast.installation.pk]),
    "calls": lambda cast: reverse("calls", args=[cast.installation.pk]),
    "status_live": lambda cast: reverse("status_live", args=[cast.installation.pk]),
    "access_live": lambda cast: reverse("live", args=[cast.installation.pk, "access"]),
    "monitoring": lambda cast: reverse("monitoring", args=[cast.installation.pk]),
    "update_role": lambda cast: reverse("update_role", args=[cast.installation.pk]),
    "preflight": lambda cast: reverse("preflight", args=[cast.installation.pk]),
    "checks_live": lambda cast: reverse("live", args=[cast.installation.pk, "checks"]),
} | {step.slug: lambda cast, slug=step.slug: steps(cast)[slug] for step in STEPS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_for_thirty_as_for_one_and_at_most_twelve_times(
    cast: Cast, name: str
) -> None:
    if name == "status":
        put(cast.installation, Status.SUBMITTED)
    url, client = PAGES[name](cast), cast.client("owner")
    add(cast, 1)
    few = queries(client, url)
    Operation.objects.all().delete()
    PeerVpc.objects.all().delete()
    CheckResult.objects.filter(code__startswith="more-").delete()
    Installation.objects.filter(cluster_name__startswith="more-").delete()
    add(cast, MANY)
    assert (queries(client, url), few) == (few, few)
    assert few <= MOST

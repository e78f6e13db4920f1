"""What Owners, Members and others see of the versions of the permissions."""

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.jobs import policies as job
from onboarding.models import Mail, Membership, Notice, PolicyVersion
from onboarding.services import policies
from tests import policy_ledger as ledger
from tests.factories import make_organization, make_user
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def version(cast: Cast) -> PolicyVersion:
    """Announced, with a notice to each Owner."""
    wider = ledger.edition(more="eks:CreateFargateProfile")
    made = policies.propose(wider, what="It may <more>.", why="To run.", by=ledger.lead())
    policies.approve(made, by=ledger.lead())
    job.tell_owners()
    made.refresh_from_db()
    return made


def show(client: Client, version: PolicyVersion) -> str:
    response = client.get(reverse("policy", args=[version.number]))
    assert response.status_code == 200
    return response.content.decode()


def of(organization_owner: str, cast: Cast) -> Notice:
    return Notice.objects.get(owner=cast.people[organization_owner])


def test_what_is_coming_is_told_at_home_and_on_the_page_of_the_organization(
    cast: Cast, version: PolicyVersion
) -> None:
    link = reverse("policy", args=[version.number])
    for who in ("owner", "member"):
        client = cast.client(who)
        for address in ("/", reverse("organization", args=[cast.organization.pk])):
            assert link in client.get(address).content.decode()
    assert (
        "was announced"
        in cast.client("owner")
        .get(reverse("organization", args=[cast.organization.pk]))
        .content.decode()
    )


def test_the_page_says_what_why_and_when_and_escapes_it(cast: Cast, version: PolicyVersion) -> None:
    client = cast.client("owner")
    page = show(client, version)
    for text in ("It may &lt;more&gt;.", "To run.", "not known yet", "On its way"):
        assert text in page
    for notice in Notice.objects.all():
        ledger.settle(notice, Mail.State.ACCEPTED)
    assert "at the earliest" in show(client, version)


def test_an_owner_acknowledges_for_every_organization_they_own(
    cast: Cast, version: PolicyVersion
) -> None:
    owner = cast.people["owner"]
    make_organization(owner)
    job.tell_owners()
    client = cast.client("owner")
    client.post(reverse("policy_acknowledge", args=[version.number]))
    mine = Notice.objects.filter(owner=owner)
    assert mine.count() == 2
    assert not mine.filter(acknowledged_at=None).exists()
    page = show(client, version)
    assert "you have read it" in page
    assert "I have read this" not in page
    assert of("stranger", cast).acknowledged_at is None


def test_each_sees_their_own_notices_alone(cast: Cast, version: PolicyVersion) -> None:
    other = Membership.objects.create(
        organization=cast.organization, user=make_user(), role=Membership.Role.OWNER
    )
    job.tell_owners()
    page = show(cast.client("owner"), version)
    assert cast.organization.name in page
    for somebody in (other.user.email, "stranger@example.net"):
        assert somebody not in page


def test_members_read_and_acknowledge_nothing(cast: Cast, version: PolicyVersion) -> None:
    client = cast.client("member")
    page = show(client, version)
    assert "I have read this" not in page
    assert "The Owners of your Organization" in page
    client.post(reverse("policy_acknowledge", args=[version.number]))
    assert not Notice.objects.exclude(acknowledged_at=None).exists()


def test_who_is_no_owner_any_more_has_nothing_to_acknowledge(
    cast: Cast, version: PolicyVersion
) -> None:
    Membership.objects.filter(user=cast.people["owner"]).update(role=Membership.Role.MEMBER)
    client = cast.client("owner")
    assert "I have read this" not in show(client, version)
    client.post(reverse("policy_acknowledge", args=[version.number]))
    assert of("owner", cast).acknowledged_at is None


def test_a_notice_that_came_back_says_what_to_do(cast: Cast, version: PolicyVersion) -> None:
    ledger.settle(of("owner", cast), Mail.State.REFUSED)
    page = show(cast.client("owner"), version)
    assert "came back" in page
    assert reverse("account_email") in page


def test_a_proposal_is_nobodys_business_yet_and_what_was_withdrawn_says_so(
    cast: Cast, version: PolicyVersion
) -> None:
    proposal = ledger.proposed()
    client = cast.client("owner")
    assert client.get(reverse("policy", args=[proposal.number])).status_code == 404
    assert f"Version {proposal.number}" not in client.get(reverse("policies")).content.decode()
    policies.withdraw(version, by=ledger.lead())
    assert "was withdrawn" in show(client, version)
    assert "Withdrawn" in client.get(reverse("policies")).content.decode()
    assert reverse("policy", args=[version.number]) not in client.get("/").content.decode()

"""Founding an Organization, and its page."""

from typing import Any

import pytest
from django.urls import reverse

from onboarding.models import Event, Membership, Organization
from onboarding.services import external_id, organizations
from tests.views.cast import Cast, make_cast, person

pytestmark = pytest.mark.django_db
NEW = "/organizations/new/"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    cast.people["new"] = person("new@example.com")
    return cast


def found(cast: Cast, **posted: str) -> Any:
    return cast.client("new").post(NEW, posted)


def test_the_founder_becomes_owner_and_an_external_id_is_made(cast: Cast) -> None:
    response = found(cast, name="Umbrella", short_name="umbrella")
    assert response["Location"] == "/"
    organization = Organization.objects.get(short_name="umbrella")
    membership = organization.memberships.get()
    assert membership.user == cast.people["new"]
    assert (membership.role, membership.is_founder) == (Membership.Role.OWNER, True)
    assert organization.reveal_external_id().startswith("astro-")
    assert organization.events.get().kind == Event.Kind.FOUNDED


def test_a_taken_short_name_is_told_at_its_field(cast: Cast) -> None:
    response = found(cast, name="Acme again", short_name="acme")
    assert response.status_code == 200
    assert "“acme” is taken. Choose another." in response.content.decode()
    assert Organization.objects.filter(short_name="acme").count() == 1


def test_a_short_name_taken_in_the_same_moment_is_told_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(**values: Any) -> None:
        raise organizations.ShortNameTaken

    monkeypatch.setattr(organizations, "found", taken)
    response = found(cast, name="Umbrella", short_name="umbrella")
    assert "Another Organization has this short name." in response.content.decode()


def test_the_database_lets_no_two_organizations_share_a_short_name(cast: Cast) -> None:
    with pytest.raises(organizations.ShortNameTaken):
        organizations.found(name="Twin", short_name="acme", by=cast.people["new"])
    assert not cast.people["new"].memberships.exists()


def test_without_a_short_name_one_is_suggested_to_keep_or_change(cast: Cast) -> None:
    response = found(cast, name="Umbrella & Söhne GmbH", short_name="")
    assert response.status_code == 200
    suggestion = response.context["form"]["short_name"].value()
    assert suggestion
    assert f"We suggest “{suggestion}”." in response.content.decode()
    assert found(cast, name="Umbrella", short_name=suggestion).status_code == 302


def test_owners_see_who_looked_at_the_external_id_and_members_do_not(cast: Cast) -> None:
    url = reverse("organization", args=[cast.organization.pk])
    external_id.show(cast.organization, by=cast.people["owner"], reason="shown")
    owner, member = (cast.client(who).get(url).content.decode() for who in ("owner", "member"))
    assert "Who looked at the external ID" in owner
    assert owner.count("owner@example.com") > member.count("owner@example.com")
    assert "Who looked" not in member
    assert "Only Organization Owners can see it." in member
    for page in (owner, member):
        assert "member@example.com" in page


@pytest.mark.parametrize("near", ["acrne", "a-cme"])
def test_a_short_name_that_looks_like_anothers_is_refused_at_its_field(
    cast: Cast, near: str
) -> None:
    response = found(cast, name="Acme?", short_name=near)
    assert response.status_code == 200
    assert f"“{near}” looks too much like one that is taken." in response.content.decode()


def test_the_header_names_the_organization_and_of_several_lets_choose(cast: Cast) -> None:
    client, url = cast.client("owner"), reverse("organization", args=[cast.organization.pk])
    assert '<span class="organization">Acme</span>' in client.get(url).content.decode()
    second = organizations.found(name="Second", short_name="second", by=cast.people["owner"])
    switch = reverse("organization_switch", args=[second.pk])
    header = client.get(url).content.decode()
    assert f'action="{switch}"' in header
    assert '<button aria-current="true">Acme</button>' in header
    assert client.post(switch)["Location"] == "/"
    for page in ("/", reverse("organization_new"), reverse("account"), "/nowhere/"):
        assert '<button aria-current="true">Second</button>' in client.get(page).content.decode()
    # A page about the other one says which it is about, and leaves the choice.
    assert '<button aria-current="true">Acme</button>' in client.get(url).content.decode()
    assert '<button aria-current="true">Second</button>' in client.get("/").content.decode()
    assert 'class="menu organization"' not in cast.client("member").get(url).content.decode()


def test_a_new_organization_is_the_one_chosen(cast: Cast) -> None:
    client = cast.client("stranger")
    client.post(NEW, {"name": "Umbrella", "short_name": "umbrella"})
    assert '<button aria-current="true">Umbrella</button>' in client.get("/").content.decode()

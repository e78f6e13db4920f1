"""The pages about who belongs: what Members see of them, and each change of an Owner's."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import Event, Membership, Organization
from onboarding.services import members, organizations
from tests.factories import PASSWORD, make_member, make_organization
from tests.views.cast import Cast, make_cast, person

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def page(cast: Cast, who: str, name: str = "organization", query: str = "") -> str:
    url = reverse(name, args=[cast.organization.pk]) + query
    return unescape(cast.client(who).get(url).content.decode())


def membership(cast: Cast, who: str) -> Membership:
    found: Membership = cast.organization.memberships.get(user=cast.people[who])
    return found


def address(cast: Cast, name: str, who: str) -> str:
    return reverse(name, args=[cast.organization.pk, membership(cast, who).pk])


def press(client: Client, url: str, **posted: str) -> str:
    return unescape(client.post(url, posted, follow=True).content.decode())


def test_everybody_sees_who_belongs_and_what_each_may(cast: Cast) -> None:
    for who in ("member", "owner"):
        shown = page(cast, who)
        for words in ("owner@example.com", "member@example.com", "2 people belong", "1 of them"):
            assert words in shown
        assert "See and renew the external ID" in shown
        assert "Submit an installation to support, or cancel it" in shown


def test_asvs_8_3_1_members_see_no_button_that_is_not_theirs(cast: Cast) -> None:
    owners, shown = page(cast, "owner"), page(cast, "member")
    for name in ("organization_name", "organization_invite"):
        url = reverse(name, args=[cast.organization.pk])
        assert url in owners
        assert url not in shown
    assert address(cast, "member_role", "member") in owners
    assert "/people/" not in shown
    assert "invited@example.com" in owners
    assert "invited@example.com" not in shown
    assert reverse("organization_leave", args=[cast.organization.pk]) in shown


def test_making_somebody_owner_asks_who_one_is_and_then_does_it(cast: Cast) -> None:
    url, client = address(cast, "member_role", "member"), cast.client("owner")
    assert "Make member@example.com an Organization Owner?" in unescape(
        client.get(url).content.decode()
    )
    asked = client.post(url, {"role": "owner"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert membership(cast, "member").role == Role.MEMBER
    done = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert "member@example.com is an Organization Owner now." in done.content.decode()
    assert membership(cast, "member").role == Role.OWNER


def test_a_button_pressed_twice_does_not_turn_the_role_back(cast: Cast) -> None:
    url, client = address(cast, "member_role", "member"), cast.confirmed("owner")
    press(client, url, role="owner")
    press(client, url, role="owner")
    assert membership(cast, "member").role == Role.OWNER
    assert cast.organization.events.filter(kind=Event.Kind.ROLE_CHANGED).count() == 1


def test_whoever_steps_down_stays_signed_in_under_another_session_id(cast: Cast) -> None:
    members.change_role(membership(cast, "member"), Role.OWNER, by=cast.people["owner"])
    client = cast.confirmed("owner")
    before = client.session.session_key
    url = address(cast, "member_role", "owner")
    assert "Step down to Member?" in client.get(url).content.decode()
    shown = press(client, url, role="member")
    assert "owner@example.com is a Member now." in shown
    assert client.session.session_key not in (None, before)
    assert not cast.organization.is_owned_by(cast.people["owner"])
    assert reverse("organization_invite", args=[cast.organization.pk]) not in shown


@pytest.mark.parametrize("way", ["member_role", "organization_leave"])
def test_the_last_owner_is_told_what_to_do_first(cast: Cast, way: str) -> None:
    client = cast.confirmed("owner")
    url = (
        reverse(way, args=[cast.organization.pk])
        if way == "organization_leave"
        else address(cast, way, "owner")
    )
    assert "Make somebody else an Owner first." in press(client, url, role="member")
    assert cast.organization.is_owned_by(cast.people["owner"])
    assert "The only Owner" in page(cast, "owner")
    assert "You are the only Owner" in page(cast, "owner", "organization_leave")


def test_somebody_removed_is_out_at_once_and_the_page_says_so(cast: Cast) -> None:
    theirs, url = cast.client("member"), address(cast, "member_remove", "member")
    assert "Remove member@example.com?" in cast.client("owner").get(url).content.decode()
    shown = press(cast.confirmed("owner"), url)
    assert "member@example.com does not belong to Acme any more." in shown
    # Whatever becomes of the session: nothing of the Organization is theirs to read.
    status = reverse("status", args=[cast.installation.pk])
    assert theirs.get(status).status_code in (302, 404)
    assert cast.client("member").get(status).status_code == 404


def test_removing_oneself_is_leaving(cast: Cast) -> None:
    url = address(cast, "member_remove", "owner")
    assert cast.client("owner").get(url)["Location"] == reverse(
        "organization_leave", args=[cast.organization.pk]
    )


def test_two_owners_who_remove_the_same_person_are_both_told(cast: Cast) -> None:
    url = address(cast, "member_remove", "member")
    press(cast.confirmed("owner"), url)
    assert cast.confirmed("owner").post(url).status_code == 404


def test_leaving_keeps_the_session_and_takes_the_organization_away(cast: Cast) -> None:
    client = cast.client("member")
    client.post(reverse("organization_switch", args=[cast.organization.pk]))
    before = client.session.session_key
    shown = press(client, reverse("organization_leave", args=[cast.organization.pk]))
    assert "You left Acme." in shown
    assert client.session.session_key not in (None, before)
    assert client.get(reverse("status", args=[cast.installation.pk])).status_code == 404


def test_the_name_changes_and_the_short_name_says_why_it_stays(cast: Cast) -> None:
    url = reverse("organization_name", args=[cast.organization.pk])
    client = cast.client("owner")
    assert "is part of the domains" in client.get(url).content.decode()
    shown = press(client, url, name="Acme & Söhne")
    assert "Renamed." in shown
    organization = Organization.objects.get(short_name="acme")
    assert organization.name == "Acme & Söhne"
    assert "owner@example.com renamed it from “Acme” to “Acme & Söhne”" in shown


def test_a_name_that_is_none_is_told_at_its_field(cast: Cast) -> None:
    url = reverse("organization_name", args=[cast.organization.pk])
    shown = press(cast.client("owner"), url, name="x")
    assert "Use at least 2 characters." in shown
    assert not cast.organization.events.filter(kind=Event.Kind.RENAMED).exists()


def test_two_hundred_people_are_shown_in_pages(cast: Cast) -> None:
    for number in range(200):
        make_member(cast.organization, person(f"p{number:03}@example.com"))
    first, last = page(cast, "owner"), page(cast, "owner", query="?page=5")
    assert "202 people belong" in first
    assert "Page 1 of 5" in first
    assert first.count("since ") == 50
    assert "p199@example.com" in last
    assert "p199@example.com" not in first
    assert "Page 5 of 5" in page(cast, "owner", query="?page=99999999999999999999")
    assert "Page 1 of 5" in page(cast, "owner", query="?page=x")


def test_what_happened_is_told_in_sentences_and_hostile_names_are_harmless(cast: Cast) -> None:
    organizations.rename(cast.organization, name="{by.password} <script>", by=cast.people["owner"])
    members.change_role(membership(cast, "member"), Role.OWNER, by=cast.people["owner"])
    url = reverse("organization_history", args=[cast.organization.pk])
    shown = cast.client("member").get(url).content.decode()
    assert "to “{by.password} &lt;script&gt;”" in shown
    assert "owner@example.com made member@example.com an Organization Owner" in shown
    assert "owner@example.com founded the Organization" in shown


FIELDS = (
    "role", "is_founder", "user", "user_id", "organization", "organization_id", "id", "pk",
    "is_staff", "is_superuser", "external_id", "external_id_sealed", "external_id_fingerprint",
    "short_name", "requires_second_factor", "email", "accepted_at", "accepted_by", "expires_at",
    "invited_by", "token_fingerprint", "revoked_at", "created_at", "member", "by",
)  # fmt: skip


def fuzzed(cast: Cast) -> dict[str, str]:
    """Every field of the models behind these forms, as a hostile form would send it."""
    values = dict.fromkeys(FIELDS, "1")
    theirs = Organization.objects.get(short_name="other")
    mine = cast.people["member"].pk
    return values | {
        "role": "owner",
        "email": "new@example.com",
        "name": "Fuzzed",
        "short_name": "fuzzed",
        "user": str(mine),
        "user_id": str(mine),
        "organization": str(theirs.pk),
        "organization_id": str(theirs.pk),
    }


def test_asvs_15_3_3_forms_take_the_fields_they_show_and_no_other(cast: Cast) -> None:
    """Renaming with everything else in the form changes the name; inviting, one invitation."""
    client, organization = cast.confirmed("owner"), cast.organization
    before: Any = Organization.objects.filter(pk=organization.pk).values().get()
    people = list(organization.memberships.order_by("pk").values())
    client.post(reverse("organization_name", args=[organization.pk]), fuzzed(cast))
    client.post(reverse("organization_invite", args=[organization.pk]), fuzzed(cast))
    after = Organization.objects.filter(pk=organization.pk).values().get()
    assert after == before | {"name": "Fuzzed"}
    assert list(organization.memberships.order_by("pk").values()) == people
    invitation = organization.invitations.get(email="new@example.com")
    assert invitation.invited_by == cast.people["owner"]
    assert (invitation.accepted_at, invitation.revoked_at) == (None, None)
    assert (invitation.expires_at - invitation.created_at).days == 7
    assert not Organization.objects.get(short_name="other").invitations.exists()


def test_asvs_15_3_3_founding_with_everything_in_the_form_founds_a_plain_organization(
    cast: Cast,
) -> None:
    cast.people["new"] = person("new@example.com")
    cast.client("new").post(reverse("organization_new"), fuzzed(cast))
    founded = Organization.objects.get(short_name="fuzzed")
    assert founded.memberships.get().user == cast.people["new"]
    assert founded.requires_second_factor is False
    assert founded.reveal_external_id().startswith("astro-")
    assert not cast.people["new"].is_staff


def test_asvs_15_3_3_members_do_not_raise_themselves_by_any_form(cast: Cast) -> None:
    client, before = cast.client("member"), list(Membership.objects.order_by("pk").values())
    second = make_organization(cast.people["stranger"], "second")
    for name in ("organization_leave", "organization_switch", "organization_name"):
        client.post(reverse(name, args=[second.pk]), fuzzed(cast))
    for name in ("organization_switch", "organization_name", "organization_invite", "organization"):
        client.post(reverse(name, args=[cast.organization.pk]), fuzzed(cast))
    for name in ("member_role", "member_remove"):
        client.post(address(cast, name, "member"), fuzzed(cast))
        client.post(address(cast, name, "owner"), fuzzed(cast))
    after = list(Membership.objects.exclude(organization=second).order_by("pk").values())
    assert after == before


@pytest.mark.parametrize("name", ["member_role", "member_remove"])
def test_asvs_8_2_2_an_owner_reaches_no_member_of_another_organization(
    cast: Cast, name: str
) -> None:
    """Neither through the other Organization's address nor through the own one."""
    client = cast.confirmed("stranger")
    own = Organization.objects.get(short_name="other")
    theirs = membership(cast, "member")
    for organization in (own, cast.organization):
        url = reverse(name, args=[organization.pk, theirs.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"role": "owner"}).status_code == 404
    assert membership(cast, "member").role == Role.MEMBER


@pytest.mark.parametrize("posted", ["role=owner&role=member", "role[]=owner", "role=%00", ""])
def test_asvs_15_3_7_odd_parameters_are_no_fault(cast: Cast, posted: str) -> None:
    client = cast.confirmed("owner")
    url = address(cast, "member_role", "member")
    form = "application/x-www-form-urlencoded"
    assert client.post(url, posted, content_type=form).status_code == 302
    assert membership(cast, "member").role == Role.MEMBER

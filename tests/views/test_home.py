"""Home: what there is, and what to do when there is nothing yet."""

import pytest
from django.urls import reverse

from onboarding.models import Installation, Status
from tests.factories import make_installation, make_organization
from tests.views.cast import Cast, make_cast, person, put

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def cast() -> Cast:
    return make_cast(cluster_name="analytics")


def home(cast: Cast, who: str) -> str:
    return cast.client(who).get(HOME).content.decode()


def test_somebody_new_is_led_to_their_organization(cast: Cast) -> None:
    cast.people["new"] = person("new@example.com")
    page = home(cast, "new")
    assert "Set up your Organization" in page
    assert f'href="{reverse("organization_new")}"' in page
    assert "Install a cluster" not in page
    started = cast.client("new").post(reverse("installation_new"))
    assert started["Location"] == reverse("organization_new")


def test_an_organization_without_installations_says_what_is_needed(cast: Cast) -> None:
    cast.people["new"] = person("new@example.com")
    make_organization(cast.people["new"])
    page = home(cast, "new")
    assert "What you will need" in page
    assert f'action="{reverse("installation_new")}"' in page


def test_the_list_shows_ones_own_installations_and_no_others(cast: Cast) -> None:
    Installation.objects.exclude(pk=cast.installation.pk).update(cluster_name="theirs")
    for who in ("owner", "member"):
        page = home(cast, who)
        assert "analytics" in page
        assert "2109-8765-4321" in page
        assert "Your turn" in page
        assert "theirs" not in page


@pytest.mark.parametrize(
    ("status", "turn"),
    [
        (Status.SUBMITTED, "Support's turn"),
        (Status.READY, "Your turn"),
        (Status.CONFIRMED, "Nothing left to do"),
    ],
)
def test_the_list_says_whose_turn_it_is(cast: Cast, status: Status, turn: str) -> None:
    put(cast.installation, status)
    assert turn in home(cast, "member")


def test_with_two_organizations_home_is_about_the_one_chosen_in_the_header(cast: Cast) -> None:
    second = make_organization(cast.people["owner"], "second")
    make_installation(second, cluster_name="theirs")
    client = cast.client("owner")
    first = client.get(HOME).content.decode()
    assert "Installations of Acme" in first
    assert "analytics" in first
    assert "theirs" not in first
    client.post(reverse("organization_switch", args=[second.pk]))
    chosen = client.get(HOME).content.decode()
    assert "Installations of Second" in chosen
    assert "theirs" in chosen
    assert "analytics" not in chosen
    assert '<input type="hidden" name="organization" value="second">' in chosen
    client.post(reverse("installation_new"), {"organization": "second"})
    client.post(reverse("installation_new"))
    assert second.installations.count() == 3


def test_the_choice_is_forgotten_with_the_membership(cast: Cast) -> None:
    second = make_organization(cast.people["stranger"], "second")
    membership = second.memberships.create(user=cast.people["owner"])
    client = cast.client("owner")
    client.post(reverse("organization_switch", args=[second.pk]))
    membership.delete()
    page = client.get(HOME).content.decode()
    assert "analytics" in page
    assert "Second" not in page


def test_starting_leads_to_the_first_step_and_is_recorded(cast: Cast) -> None:
    response = cast.client("member").post(reverse("installation_new"))
    newest = Installation.objects.visible_to(cast.people["member"]).first()
    assert newest is not None
    assert response["Location"] == reverse("step", args=[newest.pk, "account"])
    assert newest.events.get().by == cast.people["member"]
    assert newest != cast.installation


def test_support_is_led_to_the_desk_and_hostile_names_are_harmless(cast: Cast) -> None:
    desk = cast.client("staff").get(HOME)
    assert desk["Location"] == reverse("admin:onboarding_installation_changelist")
    make_installation(cast.organization, cluster_name="<script>alert(1)</script>")
    assert "<script>alert" not in home(cast, "member")

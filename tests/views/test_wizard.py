"""The step pages: each saves alone, tells what is wrong, and overwrites nobody silently."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import Installation, Status
from onboarding.wizard import STEPS
from tests.factories import make_result
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "aws_account_id": "2109-8765-4321",
    "account_is_dedicated": "on",
    "status_page_subscribed": "on",
    "domains_allowed": "on",
}
CLUSTER = {
    "cluster_name": "etl",
    "region": "eu-west-1",
    "node_type": "m5.2xlarge",
    "max_nodes": "12",
}
NETWORK = {"connectivity": "public", "astro_cidr": "172.24.0.0/19"}
POSTED = {"account": ACCOUNT, "cluster": CLUSTER, "network": NETWORK}
STORED = {"aws_account_id": "210987654321", "cluster_name": "etl", "max_nodes": 12}


@pytest.fixture
def cast() -> Cast:
    return make_cast(aws_account_id="")


def address(cast: Cast, slug: str, name: str = "step") -> str:
    return reverse(name, args=[cast.installation.pk, slug])


def save(client: Client, cast: Cast, slug: str, **changes: Any) -> Any:
    version = cast.fresh().version
    return client.post(
        address(cast, slug), {**POSTED[slug], "version": version, "then": "next", **changes}
    )


@pytest.mark.parametrize("slug", ["network", "cluster", "account"])
def test_each_step_saves_alone_and_in_any_order(cast: Cast, slug: str) -> None:
    response = save(cast.client("member"), cast, slug)
    assert response.status_code == 302
    stored = cast.fresh()
    assert stored.version == 1
    for name, value in STORED.items():
        assert (getattr(stored, name) == value) == (name in POSTED[slug])
    assert stored.events.get(kind="step_saved").data["step"] == slug


def test_saving_leads_to_the_next_step_that_is_left(cast: Cast) -> None:
    client = cast.client("owner")
    assert save(client, cast, "account")["Location"] == address(cast, "cluster")
    assert save(client, cast, "network")["Location"] == address(cast, "access")
    assert save(client, cast, "cluster")["Location"] == address(cast, "access")


def test_a_step_left_half_way_is_resumed_by_a_colleague(cast: Cast) -> None:
    half = {**CLUSTER, "region": "eu-west-1", "max_nodes": "", "cluster_name": ""}
    response = save(cast.client("owner"), cast, "cluster", **half, then="later")
    assert response["Location"] == reverse("home")
    page = cast.client("member").get(address(cast, "cluster"))
    assert page.context["form"]["region"].value() == "eu-west-1"
    assert page.context["form"]["node_type"].value() == "m5.2xlarge"
    assert not page.context["flow"].page("cluster").is_complete


def test_leaving_does_not_let_wrong_answers_in(cast: Cast) -> None:
    response = save(cast.client("owner"), cast, "cluster", region="mars-1", then="later")
    assert response.status_code == 200
    assert "region" in response.context["form"].errors
    assert cast.fresh().version == 0


def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    response = save(cast.client("owner"), cast, "cluster", max_nodes="1000", cluster_name="a b")
    page = response.content.decode()
    assert set(response.context["form"].errors) == {"cluster_name", "max_nodes"}
    assert 'value="1000"' in page
    assert 'value="a b"' in page
    assert "<title>Error: " in page
    assert cast.fresh().cluster_name == ""


def test_the_later_of_two_people_sees_both_answers_and_may_keep_theirs(cast: Cast) -> None:
    save(cast.client("owner"), cast, "cluster", cluster_name="first")
    late = cast.client("member")
    response = save(late, cast, "cluster", version="0", cluster_name="second")
    assert response.status_code == 409
    assert ("Cluster name", "first", "second") in response.context["conflict"]
    page = response.content.decode()
    assert "<td>first</td><td>second</td>" in page
    assert cast.fresh().cluster_name == "first"
    version = response.context["version"]
    again = save(late, cast, "cluster", version=version, cluster_name="second")
    assert again.status_code == 302
    assert cast.fresh().cluster_name == "second"


@pytest.mark.parametrize("version", ["", "x", "-1", "１", "99999999999999999999", "1"])
def test_a_version_that_is_none_saves_nothing(cast: Cast, version: str) -> None:
    assert save(cast.client("owner"), cast, "account", version=version).status_code == 409
    assert cast.fresh().aws_account_id == ""


def test_a_double_click_saves_once(cast: Cast) -> None:
    client = cast.client("owner")
    answers = [save(client, cast, "account", version="0").status_code for _ in range(2)]
    assert answers == [302, 409]
    assert cast.fresh().version == 1


@pytest.mark.parametrize(
    ("slug", "needed"),
    [
        ("account", []),
        ("network", []),
        ("access", ["account"]),
        ("checks", ["account", "cluster", "access"]),
    ],
)
def test_a_step_names_the_steps_it_needs_with_links(
    cast: Cast, slug: str, needed: list[str]
) -> None:
    response = cast.client("owner").get(address(cast, slug))
    assert [page.step.slug for page in response.context["needed"]] == needed
    page = response.content.decode()
    assert ("this step needs" in page) == bool(needed)
    for other in needed:
        assert f'<a href="{address(cast, other)}">' in page


def test_the_review_lists_what_is_left_and_cannot_be_submitted_before(cast: Cast) -> None:
    client = cast.client("owner")
    page = client.get(address(cast, "review")).content.decode()
    assert "Still to do before you can submit" in page
    assert "Submit to support" not in page
    response = client.post(address(cast, "review"), follow=True)
    assert "Not submitted yet. Still to do: Your AWS account" in response.content.decode()
    assert cast.fresh().status == Status.DRAFT


def test_an_owner_submits_and_a_member_is_told_whom_to_ask() -> None:
    cast = make_cast(answered=True)
    member, owner = cast.client("member"), cast.client("owner")
    assert "Submit to support" not in member.get(address(cast, "review")).content.decode()
    told = member.post(address(cast, "review"), follow=True).content.decode()
    assert "Ask an Organization Owner to submit." in told
    assert cast.fresh().status == Status.DRAFT
    assert "Submit to support" in owner.get(address(cast, "review")).content.decode()
    response = owner.post(address(cast, "review"))
    assert response["Location"] == reverse("status", args=[cast.installation.pk])
    assert cast.fresh().status == Status.SUBMITTED


@pytest.mark.parametrize("slug", ["account", "cluster", "network", "review"])
def test_nothing_can_be_edited_once_support_has_it(slug: str) -> None:
    cast = make_cast(answered=True)
    put(cast.installation, Status.IN_REVIEW)
    before = Installation.objects.values().get(pk=cast.installation.pk)
    client = cast.client("owner")
    page = client.get(address(cast, slug)).content.decode()
    assert "Support has this installation." in page
    assert '<fieldset class="plain" disabled>' in page
    assert "Save and continue</button>" not in page.replace("hidden>Save and continue", "")
    response = client.post(address(cast, slug), POSTED.get(slug, {}) | {"version": "0"})
    assert response["Location"] == reverse("status", args=[cast.installation.pk])
    assert Installation.objects.values().get(pk=cast.installation.pk) == before


def test_wanted_changes_stand_beside_their_field_until_it_changes() -> None:
    cast = make_cast(answered=True)
    put(cast.installation, Status.CHANGES_REQUESTED)
    cast.installation.change_requests.create(
        field="region", text="Please choose eu-west-1.", by=cast.people["staff"]
    )
    client = cast.client("owner")
    assert "Please choose eu-west-1." in client.get(address(cast, "cluster")).content.decode()
    assert "Please choose" not in client.get(address(cast, "network")).content.decode()
    assert save(client, cast, "cluster").status_code == 302
    assert "Please choose" not in client.get(address(cast, "cluster")).content.decode()


@pytest.mark.parametrize("name", ["step", "live", "preview"])
@pytest.mark.parametrize("slug", ["nothing", "STEPS", "account-2"])
def test_a_step_that_is_none_is_not_found(cast: Cast, name: str, slug: str) -> None:
    client = cast.client("owner")
    ask = client.post if name == "preview" else client.get
    assert ask(address(cast, slug, name)).status_code == 404


@pytest.mark.parametrize("slug", [step.slug for step in STEPS])
def test_only_steps_with_a_preview_have_one_and_it_saves_nothing(cast: Cast, slug: str) -> None:
    before = Installation.objects.values().get(pk=cast.installation.pk)
    response = cast.client("owner").post(address(cast, slug, "preview"), POSTED.get(slug, {}))
    assert response.status_code == (200 if slug in ("cluster", "network") else 404)
    assert Installation.objects.values().get(pk=cast.installation.pk) == before


def test_the_preview_follows_what_is_typed(cast: Cast) -> None:
    client = cast.client("owner")
    typed = {**CLUSTER, "max_nodes": "50", "node_type": "m5.4xlarge"}
    page = client.post(address(cast, "cluster", "preview"), typed).content.decode()
    assert "800" in page  # vCPU: 50 nodes of 16
    wrong = client.post(address(cast, "cluster", "preview"), {**typed, "max_nodes": "x"})
    assert wrong.status_code == 200
    assert "800" not in wrong.content.decode()


def test_an_answer_a_check_relied_on_makes_its_result_ask_for_another_check() -> None:
    cast = make_cast(answered=True)
    client = cast.client("owner")
    assert "Check again</b>" not in client.get(address(cast, "checks")).content.decode()
    save(client, cast, "cluster")
    response = client.get(address(cast, "checks"))
    assert response.context["stale"] > 0
    assert "Your answers have changed since" in response.content.decode()
    assert not response.context["flow"].page("checks").is_complete


def test_a_blocking_result_says_whose_turn_it_is_and_how_to_put_it_right() -> None:
    cast = make_cast(answered=True)
    cast.installation.check_results.filter(code="on_demand_quota").delete()
    fix = {"steps": ["Ask AWS for 80 vCPU."], "command": "", "link": "", "link_label": ""}
    make_result(
        cast.installation,
        "on_demand_quota",
        status="failed",
        saw="5 vCPU",
        turn="customer",
        fix=fix,
    )
    page = cast.client("member").get(address(cast, "checks")).content.decode()
    assert "Blocks" in page
    assert "5 vCPU" in page
    assert "Ask AWS for 80 vCPU." in page
    assert "One thing needs you</b> before support can build." in page

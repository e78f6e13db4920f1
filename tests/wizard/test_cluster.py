"""The cluster step."""

from typing import Any

import pytest

from onboarding.models import Installation
from onboarding.wizard.steps.cluster import STEP, ClusterForm
from tests.factories import make_installation, make_organization

pytestmark = pytest.mark.django_db

TYPED = {
    "cluster_name": "analytics",
    "region": "us-east-1",
    "node_type": "m5.xlarge",
    "max_nodes": "20",
}


def form(installation: Installation, *, partial: bool = False, **typed: Any) -> ClusterForm:
    return ClusterForm(installation, TYPED | typed, partial=partial)


def test_a_new_installation_has_the_defaults_and_lacks_only_its_name() -> None:
    stored = ClusterForm.stored(make_installation())
    assert not stored.is_valid()
    assert list(stored.errors) == ["cluster_name"]
    assert stored["max_nodes"].value() == "20"


def test_what_is_saved_is_complete() -> None:
    installation = make_installation()
    filled = form(installation, max_nodes=" 40 ")
    assert filled.is_valid(), filled.errors
    filled.save()
    installation.refresh_from_db()
    assert installation.max_nodes == 40
    assert STEP.is_complete(installation)


def test_a_name_is_unique_in_the_organization_whatever_its_case() -> None:
    organization = make_organization()
    make_installation(organization, cluster_name="Prod")
    second = form(make_installation(organization), cluster_name="prod")
    assert second.errors["cluster_name"] == [
        "Your Organization has a cluster named “prod” already. Choose another name."
    ]


@pytest.mark.parametrize("elsewhere", ["another Organization", "cancelled", "itself"])
def test_a_name_is_free_when_no_open_installation_of_the_organization_has_it(
    elsewhere: str,
) -> None:
    organization = make_organization()
    installation = make_installation(organization)
    if elsewhere == "another Organization":
        make_installation(cluster_name="prod")
    elif elsewhere == "cancelled":
        make_installation(organization, cluster_name="prod", status="cancelled")
    else:
        installation = make_installation(organization, cluster_name="prod")
    assert form(installation, cluster_name="prod").is_valid()


def test_a_node_type_that_the_region_does_not_offer_is_refused() -> None:
    wrong = form(make_installation(), region="ap-northeast-3", node_type="m6id.xlarge")
    assert wrong.outlook is not None
    assert not wrong.outlook.is_offered
    assert "AWS does not offer m6id.xlarge in ap-northeast-3" in wrong.errors["node_type"][0]


def test_an_opt_in_region_is_accepted_with_a_warning() -> None:
    filled = form(make_installation(), region="ap-east-1")
    assert filled.is_valid(), filled.errors
    assert "off by default" in filled.warnings["region"][0]


def test_burstable_node_types_are_accepted_with_a_warning() -> None:
    filled = form(make_installation(), node_type="t3.xlarge")
    assert filled.is_valid(), filled.errors
    assert "not recommended for production" in filled.warnings["node_type"][0]


def test_half_way_a_name_may_be_missing_but_not_wrong() -> None:
    installation = make_installation()
    assert form(installation, partial=True, cluster_name="").is_valid()
    assert "cluster_name" in form(installation, partial=True, cluster_name="-x").errors


def test_an_emptied_number_keeps_the_stored_one_when_saved_half_way() -> None:
    installation = make_installation(max_nodes=30)
    left = form(installation, partial=True, max_nodes="")
    assert left.is_valid(), left.errors
    left.save()
    installation.refresh_from_db()
    assert installation.max_nodes == 30


@pytest.mark.parametrize(
    ("nodes", "vcpu", "quota"), [("20", 80, 80), ("2", 8, 40), ("10", 40, 40), ("11", 44, 44)]
)
def test_the_outlook_is_nodes_times_vcpu_and_never_below_what_astro_asks(
    nodes: str, vcpu: int, quota: int
) -> None:
    outlook = form(make_installation(), max_nodes=nodes).outlook
    assert outlook is not None
    assert (outlook.vcpu, outlook.on_demand_quota) == (vcpu, quota)


@pytest.mark.parametrize(
    "typed", [{"max_nodes": "many"}, {"region": "mars-1"}, {"node_type": ""}, {"max_nodes": ""}]
)
def test_there_is_no_outlook_while_an_answer_is_missing_or_wrong(typed: dict[str, str]) -> None:
    assert form(make_installation(), partial=True, **typed).outlook is None


def test_the_stored_answers_have_an_outlook_before_anything_is_typed() -> None:
    outlook = ClusterForm(make_installation()).outlook
    assert outlook is not None
    assert outlook.vcpu == 80

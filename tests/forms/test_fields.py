"""The fields that judge what a customer types."""

from typing import Any

import pytest
from django import forms

from onboarding.facts.node_types import node_types
from onboarding.facts.regions import regions
from onboarding.forms import fields


class EveryField(forms.Form):
    account = fields.AccountIdField()
    nodes = fields.MaxNodesField()
    region = fields.RegionField()
    peer_region = fields.PeerRegionField()
    node_type = fields.NodeTypeField()
    cidrs = fields.CidrListField()


def test_what_was_typed_is_shown_again_as_typed_and_escaped() -> None:
    form = EveryField({"account": ' 12"><b>', "nodes": "020", "cidrs": "</textarea>"})
    assert {"account", "nodes", "cidrs"} <= set(form.errors)
    assert form["account"].value() == ' 12"><b>'
    assert form["nodes"].value() == "020"
    assert "<b>" not in str(form["account"])
    assert "&lt;/textarea&gt;" in str(form["cidrs"])


def offered(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    return list(field.widget.choices)


def test_lists_offer_every_region_and_node_type_and_nothing_else() -> None:
    assert [code for code, _ in offered(fields.RegionField())] == list(regions())
    families = offered(fields.NodeTypeField())
    assert [name for _, group in families for name, _ in group] == list(node_types())
    peers = {code for code, _ in offered(fields.PeerRegionField())}
    assert set(regions()) < peers
    assert len(peers) == 34


@pytest.mark.parametrize(
    "typed", ["US-EAST-1", " us-east-1", "us-east-1\n", "aws-global", "cn-north-1"]
)
def test_a_region_is_a_member_of_the_list_exactly(typed: str) -> None:
    form = EveryField({"region": typed, "peer_region": typed})
    assert form.errors["region"] == ["Choose a Region from the list."]
    assert form.errors["peer_region"] == ["Choose a Region from the list."]


def test_regions_that_must_be_enabled_first_say_so() -> None:
    labels = dict(offered(fields.RegionField()))
    marked = {code for code, label in labels.items() if "must be enabled first" in str(label)}
    assert marked == {"af-south-1", "ap-east-1", "eu-south-1", "me-south-1"}


@pytest.mark.parametrize(
    "field",
    [fields.AccountIdField(), fields.VpcField(), fields.ShortNameField(), fields.AddressField()],
)
def test_what_is_no_text_is_refused_like_something_empty(field: fields.TypedField) -> None:
    with pytest.raises(forms.ValidationError):
        field.clean(None)

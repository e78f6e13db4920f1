"""The network step."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import Installation, PeerVpc
from onboarding.wizard.steps.network import STEP, NetworkForm
from tests.factories import make_installation

pytestmark = pytest.mark.django_db


def peer(number: int = 0, **values: str) -> dict[str, str]:
    row = {
        "vpc": f"vpc-1a2b3c{number:02d}",
        "account_id": "1234-5678-9012",
        "region": "eu-central-2",
        "cidrs": f"10.{number}.0.0/16",
    }
    return {f"peers-{number}-{name}": value for name, value in (row | values).items()}


def peering(*rows: dict[str, str], **typed: Any) -> dict[str, Any]:
    data = {"connectivity": "peering", "astro_cidr": "172.20.0.0/19", "dns_servers": ""} | typed
    for row in rows or (peer(),):
        data |= row
    return data


def form(data: dict[str, Any], *, partial: bool = False, **stored: Any) -> NetworkForm:
    return NetworkForm(make_installation(**stored), data, partial=partial)


def stored(installation: Installation) -> list[str]:
    return list(PeerVpc.objects.filter(installation=installation).values_list("vpc", flat=True))


def test_public_needs_the_block_of_the_astro_vpc_alone() -> None:
    filled = form({"connectivity": "public", "astro_cidr": "10.60.0.0/19"})
    assert filled.is_valid(), filled.errors
    saved = filled.save()
    assert saved.astro_cidr == "10.60.0.0/19"
    assert STEP.is_complete(Installation.objects.get(pk=saved.pk))


def test_peers_in_other_regions_and_accounts_are_stored_in_their_order_and_complete() -> None:
    filled = form(
        peering(peer(3), peer(1, cidrs="10.8.0.0/16, 10.9.0.0/24\r\n"), dns_servers="10.8.1.1")
    )
    assert filled.is_valid(), filled.more_errors
    saved = Installation.objects.get(pk=filled.save().pk)
    rows = list(saved.peers.values_list("vpc", "account_id", "region", "cidrs"))
    assert rows == [
        ("vpc-1a2b3c01", "123456789012", "eu-central-2", "10.8.0.0/16,10.9.0.0/24"),
        ("vpc-1a2b3c03", "123456789012", "eu-central-2", "10.3.0.0/16"),
    ]
    assert STEP.is_complete(saved)
    assert "10.8.0.0/16, 10.9.0.0/24" in STEP.answers(saved)[2].value


def test_saving_again_replaces_the_peers() -> None:
    installation = make_installation()
    for rows in ((peer(1), peer(2)), (peer(3),)):
        filled = NetworkForm(installation, peering(*rows))
        assert filled.is_valid(), filled.more_errors
        filled.save()
    assert stored(installation) == ["vpc-1a2b3c03"]


def test_public_removes_the_peers_and_servers_that_were_stored_once_it_is_saved() -> None:
    installation = make_installation(dns_servers="10.0.0.5")
    PeerVpc.objects.create(installation=installation, vpc="old", cidrs="10.0.0.0/16")
    filled = NetworkForm(installation, peering(connectivity="public", dns_servers="nonsense"))
    assert filled.is_valid(), filled.errors
    assert stored(installation) == ["old"]
    assert filled.save().dns_servers == ""
    assert stored(installation) == []


def test_peering_needs_a_peer_but_not_half_way() -> None:
    nothing = {name: "" for name in peer() if not name.endswith("region")}
    data = peering(peer() | nothing)
    assert form(data).errors["peers"] == ["Name at least one VPC to peer with."]
    assert form(data, partial=True).is_valid()


def test_an_untouched_row_is_ignored_and_a_begun_one_is_not() -> None:
    prefilled = peer(1, vpc="", cidrs="", account_id="210987654321", region="us-east-1")
    filled = form(peering(peer(), prefilled), aws_account_id="210987654321")
    assert filled.is_valid(), filled.more_errors
    begun = form(peering(peer(), prefilled), aws_account_id="555555555555")
    assert not begun.is_valid()
    assert [place for place, _ in begun.more_errors] == ["id_peers-1-vpc", "id_peers-1-cidrs"]


def test_a_half_filled_row_is_kept_half_way_and_is_not_complete() -> None:
    left = form(peering(peer(cidrs="", region="us-east-1")), partial=True)
    assert left.is_valid(), left.more_errors
    saved = Installation.objects.get(pk=left.save().pk)
    assert saved.peers.get().vpc == "vpc-1a2b3c00"
    assert not STEP.is_complete(saved)


@pytest.mark.parametrize(
    ("rows", "place", "sentence"),
    [
        (
            [peer(0, cidrs="172.20.16.0/20")],
            "id_peers-0-cidrs",
            "VPC 1: 172.20.16.0/20 overlaps 172.20.0.0/19, the block of the Astro VPC.",
        ),
        (
            [peer(0), peer(1, cidrs="10.7.0.0/16,10.0.9.0/24")],
            "id_peers-1-cidrs",
            "VPC 2: 10.0.9.0/24 overlaps 10.0.0.0/16 of VPC 1.",
        ),
        (
            [peer(0), peer(1, vpc="vpc-1a2b3c00")],
            "id_peers-1-vpc",
            "VPC 2: This is VPC 1 again. List each VPC once.",
        ),
        (
            [peer(0, region="cn-north-1")],
            "id_peers-0-region",
            "VPC 1: Choose a Region from the list.",
        ),
        (
            [peer(0, account_id="406882777402")],
            "id_peers-0-account_id",
            "VPC 1: This is Astronomer’s own account. Type the ID of your account.",
        ),
    ],
)
def test_what_is_wrong_in_a_row_is_told_beside_its_field(
    rows: list[dict[str, str]], place: str, sentence: str
) -> None:
    filled = form(peering(*rows))
    assert not filled.is_valid()
    assert (place, sentence) in filled.more_errors


def test_ranges_that_mean_something_else_are_warned_of() -> None:
    filled = form(
        peering(
            peer(0, cidrs="10.100.0.0/24"),
            astro_cidr="172.17.0.0/16",
            dns_servers="10.100.0.2,8.8.8.8",
        )
    )
    assert filled.is_valid(), filled.more_errors
    assert "Docker" in filled.warnings["astro_cidr"][0]
    assert "Kubernetes services" in filled.rows[0].warnings["cidrs"][0]
    assert "own resolver" in filled.warnings["dns_servers"][0]
    assert "not a private address" in filled.warnings["dns_servers"][1]


def test_a_free_block_is_suggested_once_the_typed_one_is_taken() -> None:
    taken = form(peering(peer(0, cidrs="172.20.0.0/16")), partial=True).plan
    assert [(one.owner, other.owner) for one, other in taken.clashes] == [("Astro VPC", "VPC 1")]
    assert taken.suggestion is not None
    again = form(peering(peer(0, cidrs="172.20.0.0/16"), astro_cidr=taken.suggestion))
    assert again.is_valid(), again.more_errors
    assert again.plan.suggestion is None


def test_rows_come_and_go_with_all_that_was_typed_and_nothing_judged() -> None:
    typed = peering(peer(0, cidrs="nonsense"), peer(4), astro_cidr="soon")
    more = form(typed | {"row": "add"}).rows_changed()
    assert isinstance(more, NetworkForm)
    assert [row["vpc"].value() for row in more.rows] == ["vpc-1a2b3c00", "vpc-1a2b3c04", ""]
    assert more["astro_cidr"].value() == "soon"
    assert more.rows[0]["cidrs"].value() == "nonsense"
    assert (more.errors, more.more_errors) == ({}, [])
    less = form(typed | {"row": "remove-1"}).rows_changed()
    assert isinstance(less, NetworkForm)
    assert [row["vpc"].value() for row in less.rows] == ["vpc-1a2b3c04"]
    assert form(typed).rows_changed() is None


@pytest.mark.parametrize("asked", ["", "remove-0", "remove-9", "remove-x", "remove-１", "drop"])
def test_a_button_that_does_not_exist_leaves_the_rows_and_saves_nothing(asked: str) -> None:
    same = form(peering(peer(0), peer(1)) | {"row": asked}).rows_changed()
    assert isinstance(same, NetworkForm)
    assert [row["vpc"].value() for row in same.rows] == ["vpc-1a2b3c00", "vpc-1a2b3c01"]


def test_a_new_row_has_the_account_and_region_of_the_cluster() -> None:
    row = NetworkForm(make_installation(aws_account_id="210987654321", region="eu-west-1")).rows[0]
    assert (row["account_id"].value(), row["region"].value()) == ("210987654321", "eu-west-1")


def test_at_most_fifty_peers_are_taken() -> None:
    assert form(peering(*(peer(number) for number in range(50)))).is_valid()
    assert "peers" in form(peering(*(peer(number) for number in range(51)))).errors


def test_what_changed_is_known() -> None:
    filled = form(peering())
    filled.save() if filled.is_valid() else pytest.fail(str(filled.errors))
    installation = Installation.objects.get()
    same = peering(peer(0, account_id="123456789012"))
    assert NetworkForm(installation, same).changed_data == []
    assert NetworkForm(installation, same | peer(0, cidrs="10.9.0.0/16")).changed_data == ["peers"]


def test_the_page_adds_a_row_and_shows_errors_without_scripts(client: Client) -> None:
    installation = make_installation()
    client.force_login(installation.organization.owners().get().user)
    url = reverse("step", args=[installation.pk, "network"])
    added = client.post(url, peering(peer(0, cidrs="<b>")) | {"row": "add"}).content.decode()
    assert 'name="peers-1-vpc"' in added
    assert "&lt;b&gt;" in added
    assert "Error:" not in added
    wrong = client.post(url, peering(peer(0, cidrs="<b>")) | {"version": "0"}).content.decode()
    assert '<a href="#id_peers-0-cidrs">VPC 1: “&lt;b&gt;” is not a CIDR block.' in wrong
    assert stored(installation) == []


def test_the_preview_says_who_uses_what_and_saves_nothing(client: Client) -> None:
    installation = make_installation()
    client.force_login(installation.organization.owners().get().user)
    url = reverse("preview", args=[installation.pk, "network"])
    page = client.post(url, peering(peer(0, cidrs="172.20.0.0/24"))).content.decode()
    assert "8,192 addresses, 172.20.0.0 to 172.20.31.255" in page
    assert "share addresses" in page
    assert 'data-fill="#id_astro_cidr"' in page
    assert stored(installation) == []

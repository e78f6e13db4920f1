"""Address ranges, against the standard library's reading of them."""

import re
from ipaddress import IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.facts import networks


@st.composite
def private_blocks(draw: st.DrawFn, smallest: int = 28) -> str:
    pool = draw(st.sampled_from(networks.PRIVATE))
    length = draw(st.integers(16, smallest))
    place = draw(st.integers(0, pool.num_addresses - 1))
    return str(IPv4Network((int(pool[0]) + place, length), strict=False))


@given(private_blocks())
def test_every_private_block_of_a_vpcs_size_is_taken_as_it_stands(block: str) -> None:
    assert networks.cidr(f" {block}\n") == block


@given(private_blocks(), private_blocks())
def test_overlapping_is_what_the_standard_library_says(one: str, other: str) -> None:
    assert networks.overlaps(one, other) == ip_network(one).overlaps(ip_network(other))


@given(st.lists(private_blocks(), max_size=12))
def test_a_block_clashes_exactly_when_it_overlaps_another(blocks: list[str]) -> None:
    found = {place for pair in networks.clashes(blocks) for place in pair}
    nets = [IPv4Network(block) for block in blocks]
    expected = {
        place
        for place, net in enumerate(nets)
        if any(net.overlaps(other) for at, other in enumerate(nets) if at != place)
    }
    assert found == expected
    assert all(nets[one].overlaps(nets[other]) for one, other in networks.clashes(blocks))


@given(st.lists(private_blocks(), max_size=40), st.integers(16, 19))
def test_a_suggestion_is_free_and_fit_for_astro(taken: list[str], prefix: int) -> None:
    block = networks.suggest_free(taken, prefix)
    assert block is not None
    assert networks.astro_cidr(block) == block
    assert block.endswith(f"/{prefix}")
    assert not any(networks.overlaps(block, each) for each in (*taken, networks.DOCKER))


def test_there_is_no_suggestion_when_everything_is_taken() -> None:
    assert networks.suggest_free(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "172.20.0.1/19",
            "172.20.0.1/19 does not begin where its block begins: that is 172.20.0.0/19.",
        ),
        ("10.0.0.0/20", "A /20 is too small. Use /16 to /19."),
        ("10.0.0.0/8", "A /8 is too large. Use /16 to /19."),
        ("8.8.0.0/19", "“8.8.0.0/19” is not a private range."),
        ("172.32.0.0/19", "“172.32.0.0/19” is not a private range."),
        ("010.0.0.0/19", "“010.0.0.0” is not an IPv4 address"),
        ("10.0.0.0/255.255.224.0", "“10.0.0.0/255.255.224.0” is not a CIDR block."),
        ("10.0.0.0/64", "/64 is not a size."),
    ],
)
def test_a_wrong_block_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        networks.astro_cidr(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "10.0.0.0/16,10.1.0.0/16",
        "10.0.0.0/16\r\n10.1.0.0/16\r\n",
        "10.0.0.0/16,\n10.1.0.0/16,",
        " 10.0.0.0/16 ,\t10.1.0.0/16\n\n",
    ],
)
def test_lists_take_commas_and_lines(typed: str) -> None:
    assert networks.cidr_list(typed) == ("10.0.0.0/16", "10.1.0.0/16")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("10.0.0.0/16,,10.1.0.0/16", "There is a comma with nothing before it."),
        (",10.0.0.0/16", "There is a comma with nothing before it."),
        ("10.0.0.0/16 10.1.0.0/16", "is not a CIDR block"),
        ("10.0.0.0/16;10.1.0.0/16", "is not a CIDR block"),
        ("10.0.0.0/16，10.1.0.0/16", "is not a CIDR block"),
        ("10.0.0.0/16,10.0.0.0/16", "10.0.0.0/16 is listed twice."),
        ("10.0.0.0/16,10.0.4.0/24", "10.0.0.0/16 and 10.0.4.0/24 overlap."),
        (",".join(f"10.0.{n}.0/24" for n in range(51)), "Give at most 50 here. There are 51."),
    ],
)
def test_wrong_lists_are_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        networks.cidr_list(typed)


@pytest.mark.parametrize(
    "typed",
    ["10.0.0.2,10.0.0.2", "169.254.169.253", "224.0.0.1", "10.0.0.2:53", "10.0.0.2/32", "fe80::1"],
)
def test_what_can_be_no_dns_server_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"DNS|IPv4|twice"):
        networks.dns_servers(typed)


def test_a_vpcs_own_resolver_is_warned_of_when_it_is_a_peers() -> None:
    assert networks.dns_warnings(["10.0.0.2"], ["10.0.0.0/16"]) != []
    assert networks.dns_warnings(["10.0.0.2"], ["10.1.0.0/16"]) == []
    assert "not a private address" in networks.dns_warnings(["8.8.8.8"], [])[0]


@pytest.mark.parametrize(
    ("astro", "peer", "is_reached"),
    [
        ("172.20.0.0/19", "10.100.3.0/24", False),
        ("172.20.0.0/19", "172.20.32.0/24", True),
        ("10.0.0.0/16", "172.20.32.0/24", False),
        ("10.0.0.0/16", "10.100.3.0/24", True),
        ("192.168.0.0/16", "10.100.0.0/16", False),
        ("192.168.0.0/16", "172.17.1.0/24", False),
    ],
)
def test_a_peer_in_the_service_range_of_this_cluster_is_warned_of(
    astro: str, peer: str, is_reached: bool
) -> None:
    warning = networks.reserved_warning(peer, networks.service_range(astro))
    assert (warning is None) == is_reached

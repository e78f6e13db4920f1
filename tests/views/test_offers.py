"""Taking up what a check offers: only what the stored result says, and only while it counts."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from onboarding.models import CheckResult, Event, Installation, Operation, QuotaRequest, Status
from tests.factories import make_answered, make_result
from tests.views.cast import Cast, Stored, everything_stored, make_cast, put

pytestmark = pytest.mark.django_db
QUOTA = {"service": "ec2", "code": "L-1216C47A", "desired": 80}
OFFERS: dict[str, dict[str, Any]] = {
    "ask_quota": {"kind": "ask_quota", "label": "Ask AWS for 80", "data": QUOTA},
    "enable_region": {
        "kind": "enable_region",
        "label": "Turn us-east-1 on",
        "data": {"region": "us-east-1"},
    },
    "answer": {
        "kind": "answer",
        "label": "Use 10.60.0.0/19",
        "data": {"field": "astro_cidr", "value": "10.60.0.0/19"},
    },
}
KINDS = pytest.mark.parametrize("kind", OFFERS)
CLOSED = (Status.CANCELLED, Status.CONFIRMED)
WITH_SUPPORT = (Status.SUBMITTED, Status.IN_REVIEW, Status.BUILDING, Status.FAILED)


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def offering(cast: Cast, kind: str, code: str = "on_demand_quota") -> CheckResult:
    """The stored result of a check that offers something."""
    result = cast.installation.check_results.get(code=code)
    result.status = "failed"
    result.fix = {"steps": ["Do it."], "command": "", "link": "", "offer": deepcopy(OFFERS[kind])}
    result.save()
    return result


def press(cast: Cast, code: str = "on_demand_quota", who: str = "member", **data: str) -> Any:
    return cast.client(who).post(reverse("offer", args=[cast.installation.pk, code]), data)


def stored() -> Stored:
    """All but the people: signing in leaves a trace there."""
    return {name: rows for name, rows in everything_stored().items() if "User" not in name}


def waiting(cast: Cast) -> set[str]:
    return set(cast.installation.operations.unfinished().values_list("kind", flat=True))


def told(response: Any) -> str:
    """What the person reads on the page that the button leads to."""
    return response.client.get(response["Location"]).content.decode()


def test_a_quota_is_asked_for_as_the_stored_result_says(cast: Cast) -> None:
    offering(cast, "ask_quota")
    response = press(cast, desired="100000", quota="L-34B43A08", region="eu-west-1")

    request = QuotaRequest.objects.get()
    assert (request.quota_code, request.desired, request.region) == (
        "L-1216C47A",
        80,
        "us-east-1",
    )
    assert (request.state, request.by) == ("to_ask", cast.people["member"])
    assert request.aws_account_id == cast.installation.aws_account_id
    assert waiting(cast) == {Operation.Kind.WATCH_QUOTAS}
    assert response["Location"].endswith("/steps/checks/#result-on_demand_quota")


def test_pressing_twice_asks_once(cast: Cast) -> None:
    offering(cast, "ask_quota")
    press(cast)
    press(cast, who="owner")

    assert QuotaRequest.objects.get().by == cast.people["member"]
    assert Operation.objects.filter(kind="watch_quotas").count() == 1


def test_a_region_is_turned_on_as_the_stored_result_says(cast: Cast) -> None:
    offering(cast, "enable_region", "region_enabled")
    press(cast, "region_enabled", region="eu-south-1")

    operation = Operation.objects.get(kind="enable_region")
    assert operation.data["region"] == "us-east-1"
    event = Event.objects.get(kind="region_requested")
    assert event.by == cast.people["member"]


def test_an_answer_goes_through_its_steps_form(cast: Cast) -> None:
    offering(cast, "answer", "astro_cidr_free")
    before = cast.fresh()
    press(cast, "astro_cidr_free", value="8.8.8.0/24")

    now = cast.fresh()
    assert (now.astro_cidr, now.version) == ("10.60.0.0/19", before.version + 1)
    assert (now.connectivity, now.cluster_name) == (before.connectivity, before.cluster_name)
    event = Event.objects.get(kind="step_saved")
    assert event.data == {"step": "network", "fields": ["astro_cidr"]}
    assert event.by == cast.people["member"]
    assert waiting(cast) == {Operation.Kind.CHECK_ACCOUNT}


def test_an_answer_its_form_refuses_changes_nothing(cast: Cast) -> None:
    result = offering(cast, "answer", "astro_cidr_free")
    result.fix["offer"]["data"] = {"field": "astro_cidr", "value": "8.8.8.0/24"}
    result.save()
    before = stored()

    response = press(cast, "astro_cidr_free")

    assert stored() == before
    assert response["Location"].endswith("/steps/network/")
    assert "Not changed:" in told(response)


def test_an_answer_that_breaks_another_answer_changes_nothing() -> None:
    """The suggested block lies in a network that the customer wants to peer with."""
    cast = make_cast(answered=True, connectivity="peering")
    cast.installation.peers.create(
        vpc="vpc-0a1b2c3d",
        account_id="210987654321",
        region="us-east-1",
        cidrs="10.60.0.0/16",
    )
    for each in cast.installation.check_results.all():
        each.relied_on = {name: cast.fresh().answers()[name] for name in each.relied_on}
        each.save()
    offering(cast, "answer", "astro_cidr_free")
    before = stored()

    press(cast, "astro_cidr_free")

    assert stored() == before


def test_an_unfinished_step_may_take_one_answer() -> None:
    cast = make_cast(answered=True, connectivity="")
    offering(cast, "answer", "astro_cidr_free")
    press(cast, "astro_cidr_free")

    assert (cast.fresh().astro_cidr, cast.fresh().connectivity) == ("10.60.0.0/19", "")


@KINDS
def test_strangers_find_nothing_there(cast: Cast, kind: str) -> None:
    offering(cast, kind)
    before = stored()
    for who in ("stranger", "staff"):
        assert press(cast, who=who).status_code == 404
    assert press(cast, who="anonymous").status_code == 302
    assert stored() == before


@KINDS
def test_it_is_not_taken_up_by_a_link(cast: Cast, kind: str) -> None:
    offering(cast, kind)
    url = reverse("offer", args=[cast.installation.pk, "on_demand_quota"])
    before = stored()
    assert cast.client("member").get(url).status_code == 405
    assert stored() == before


def refused(cast: Cast, code: str = "on_demand_quota") -> None:
    before = stored()
    response = press(cast, code)
    assert response.status_code == 302
    assert "/steps/checks/" in response["Location"]
    assert stored() == before
    assert "This has changed since the page was made" in told(response)


@KINDS
def test_a_stale_offer_is_refused_calmly(cast: Cast, kind: str) -> None:
    offering(cast, kind)
    Installation.objects.filter(pk=cast.installation.pk).update(region="eu-west-1")
    refused(cast)


def test_an_offer_that_has_gone_is_refused_calmly(cast: Cast) -> None:
    refused(cast)
    CheckResult.objects.all().delete()
    refused(cast)


@KINDS
def test_an_offer_of_a_check_that_passes_by_now_is_refused_calmly(cast: Cast, kind: str) -> None:
    result = offering(cast, kind)
    result.status = "passed"
    result.save()
    refused(cast)


def test_a_code_made_up_is_refused_calmly(cast: Cast) -> None:
    offering(cast, "ask_quota")
    refused(cast, "no-such-check")


def test_another_installations_offer_is_not_to_be_had(cast: Cast) -> None:
    other = make_answered()
    make_result(other, "on_demand_quota_of_theirs", fix={"offer": OFFERS["ask_quota"]})
    refused(cast, "on_demand_quota_of_theirs")


@KINDS
@pytest.mark.parametrize("status", CLOSED)
def test_nothing_is_taken_up_once_all_is_over(cast: Cast, kind: str, status: Status) -> None:
    offering(cast, kind)
    put(cast.installation, status)
    refused(cast)


@pytest.mark.parametrize("status", WITH_SUPPORT)
def test_with_support_aws_may_be_asked_but_no_answer_changed(cast: Cast, status: Status) -> None:
    put(cast.installation, status)
    offering(cast, "answer")
    refused(cast)
    offering(cast, "ask_quota")
    press(cast)
    assert QuotaRequest.objects.count() == 1

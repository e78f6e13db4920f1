"""Taking up what a check offers: only what the stored result says, and only while it counts."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from onboarding.models import CheckResult, Event, Installation, Operation, QuotaRequest, Status
from tests.factories import make_answered, make_result
from tests.views.cast import Cast, Stored, everything_stored, make_cast, person, put

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


# ── the pages ───────────────────────────────────────────────────────────────────────────────────


def page(cast: Cast, name: str = "checks", who: str = "member") -> str:
    pk = cast.installation.pk
    url = reverse("status", args=[pk]) if name == "status" else reverse("step", args=[pk, name])
    return cast.client(who).get(url).content.decode()


def asked(cast: Cast, **values: Any) -> QuotaRequest:
    common = {
        "aws_account_id": cast.installation.aws_account_id,
        "region": "us-east-1",
        "service_code": "ec2",
        "quota_code": "L-1216C47A",
        "quota_name": "Running On-Demand Standard instances",
        "desired": 80,
        "before": 5,
        "by": cast.people["owner"],
    }
    return cast.installation.quota_requests.create(**common | values)


@pytest.mark.parametrize(
    ("state", "word", "sentence"),
    [
        ("to_ask", "Asking", "Next: we ask AWS."),
        ("open", "Open", "AWS decides, usually within a day."),
        ("case_opened", "Case opened", "A person at AWS looks at it"),
        ("granted", "Granted", "Nothing is left to do here."),
        ("granted_less", "Granted in part", "or choose fewer nodes"),
        ("refused", "Refused", "Write to AWS Support"),
        ("not_asked", "Could not be asked", "AWS denied it."),
        ("unwatched", "No longer watched", "AWS denied it."),
    ],
)
def test_the_checks_page_says_how_each_request_stands(
    cast: Cast, state: str, word: str, sentence: str
) -> None:
    asked(cast, state=state, case_id="4711", problem="AWS denied it." if word[-1] == "d" else "")
    shown = page(cast)
    for text in ("Asked of AWS", "80 in us-east-1", "owner@example.com", sentence):
        assert text in shown
    assert f">{word}</span>" in shown


def test_a_request_found_at_aws_says_so(cast: Cast) -> None:
    asked(cast, by=None, aws_request_id="abc", state="open")
    assert "was open at AWS already" in page(cast)


def test_only_the_newest_request_of_a_quota_and_account_is_shown(cast: Cast) -> None:
    asked(cast, state="refused", desired=111)
    asked(cast, state="open", desired=222)
    asked(cast, state="granted", desired=333, aws_account_id="790987654321")
    shown = page(cast)
    assert "222 in us-east-1" in shown
    assert "111 in us-east-1" not in shown
    assert "333 in us-east-1" not in shown


def test_a_request_under_way_is_on_the_status_page_until_it_is_decided(cast: Cast) -> None:
    put(cast.installation, Status.SUBMITTED)
    request = asked(cast, state="open")
    assert "Quota asked of AWS" in page(cast, "status")
    QuotaRequest.objects.filter(pk=request.pk).update(state="granted")
    assert "Quota asked of AWS" not in page(cast, "status")


def test_support_sees_every_request(cast: Cast) -> None:
    asked(cast, state="refused", case_id="4711", aws_request_id="abc123")
    asked(cast, state="open")
    agent = person("lead@support.example", is_staff=True)
    agent.is_superuser = True
    agent.save()
    cast.people["lead"] = agent
    url = reverse("admin:onboarding_installation_change", args=[cast.installation.pk])
    shown = cast.client("lead").get(url).content.decode()
    for text in ("Quotas asked of AWS", "Refused", "Open", "Case 4711", "abc123"):
        assert text in shown


def test_a_region_being_turned_on_says_that_both_things_are_needed(cast: Cast) -> None:
    Operation.request(
        cast.installation,
        Operation.Kind.ENABLE_REGION,
        {"region": "ap-east-1", "status": "ENABLING"},
    )
    shown = page(cast)
    assert "AWS is turning ap-east-1 on." in shown
    assert "version-2 STS tokens" in shown


def test_a_region_that_could_not_be_turned_on_shows_the_steps(cast: Cast) -> None:
    fix = {"steps": ["Choose Enable."], "command": "aws account enable-region", "link": "https://x"}
    Operation.objects.create(
        installation=cast.installation,
        kind="enable_region",
        state="failed",
        problem="AWS denied account:EnableRegion.",
        data={"explanation": {"fix": fix}},
    )
    shown = page(cast)
    for text in ("AWS denied account:EnableRegion.", "Choose Enable.", "enable-region"):
        assert text in shown

"""The pages that say what AWS was asked for, how it stands and what comes next."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Operation, QuotaRequest, Status
from tests.views.cast import Cast, make_cast, person, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


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
    url = reverse("admin:onboarding_installation_log", args=[cast.installation.pk])
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


def failing(cast: Cast) -> None:
    """The On-Demand check as it is stored while the quota is too low."""
    result = cast.installation.check_results.get(code="on_demand_quota")
    result.status, result.turn = "failed", "customer"
    data = {"service": "ec2", "code": "L-1216C47A", "desired": 80}
    result.fix = {
        "steps": ["Ask."],
        "offer": {"kind": "ask_quota", "label": "Ask AWS for 80", "data": data},
    }
    result.save()


@pytest.mark.parametrize(
    ("state", "sentence", "button"),
    [
        ("", "AWS usually answers within a day.", True),
        ("to_ask", "We ask AWS for 80.", False),
        ("open", "We watch the request", False),
        ("not_asked", "We could not ask AWS.", True),
        ("refused", "AWS decided on 80 already.", True),
    ],
)
def test_the_check_says_what_was_asked_and_offers_it_no_second_time(
    cast: Cast, state: str, sentence: str, button: bool
) -> None:
    failing(cast)
    if state:
        asked(cast, state=state)
    shown = page(cast)
    assert sentence in shown
    assert ("Ask AWS for 80</button>" in shown) is button


@pytest.mark.parametrize(
    ("status", "button"), [(Status.DRAFT, True), (Status.BUILDING, True), (Status.CANCELLED, False)]
)
def test_the_button_is_there_as_long_as_something_is_to_be_built(
    cast: Cast, status: Status, button: bool
) -> None:
    failing(cast)
    put(cast.installation, status)
    assert ("Ask AWS for 80</button>" in page(cast)) is button


def test_a_watcher_that_broke_down_is_told(cast: Cast) -> None:
    asked(cast, state="open", checked_at=timezone.now())
    told = "We stopped for a fault of ours"
    assert told not in page(cast)
    Operation.objects.create(installation=cast.installation, kind="watch_quotas", state="failed")
    assert told in page(cast)

"""The checks page: what needs whom, what was only reported, and what runs again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding.aws.checks import CHECKS
from onboarding.models import Operation
from tests.factories import make_result
from tests.views.cast import Cast, make_cast
from tests.views.checks_page import change, page, show

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def titles(cast: Cast) -> list[str]:
    return [row.title for row in show(cast).context["rows"]]


def run(cast: Cast, *, seconds_ago: float = 0, **values: Any) -> Operation:
    made = Operation.objects.create(
        installation=cast.installation, kind=Operation.Kind.CHECK_ACCOUNT
    )
    at = timezone.now() - timedelta(seconds=seconds_ago)
    Operation.objects.filter(pk=made.pk).update(created_at=at, **values)
    return made


def test_everything_passed_is_said_with_when_and_how_long_it_took(cast: Cast) -> None:
    ended = timezone.now() - timedelta(seconds=10)
    run(cast, seconds_ago=11.9, state="done", finished_at=ended)

    text = page(cast)

    assert "Everything support needs is there." in text
    with_the_role = len(CHECKS) + 1
    assert f"{with_the_role} of {with_the_role} passed · last run" in text
    assert "took 1.9 s" in text


def test_a_run_that_waited_for_a_worker_tells_no_duration(cast: Cast) -> None:
    run(cast, seconds_ago=3600, state="done", finished_at=timezone.now() - timedelta(seconds=9))

    assert "took" not in page(cast)


def test_what_blocks_comes_first_then_what_warns(cast: Cast) -> None:
    change(cast, "account_is_clean", status="warning", turn="customer")
    change(cast, "astro_cidr_free", status="failed", turn="customer")

    assert titles(cast)[:3] == [
        "172.20.0.0/19 is free",
        "The account is empty",
        "us-east-1 is turned on",
    ]
    text = page(cast)
    assert "One thing needs you</b> before support can build." in text
    assert ">Blocks</span>" in text
    assert ">Warns</span>" in text


def test_a_warning_alone_needs_nobody(cast: Cast) -> None:
    change(cast, "account_is_clean", status="warning", turn="customer", blocking=False)

    text = page(cast)

    assert "Everything support needs is there. One thing is worth knowing and stops nothing" in text
    assert show(cast).context["is_checked"]


def test_what_waits_for_aws_is_not_the_customers(cast: Cast) -> None:
    change(cast, "spot_quota", status="waiting", turn="aws", cause="AWS decides.")

    text = page(cast)

    assert "Nothing needs you now: one thing waits for somebody else." in text
    assert ">Waiting</span>" in text
    assert "It is AWS&#x27;s turn." in text or "It is AWS's turn." in text
    assert not show(cast).context["is_checked"]


def test_what_could_not_be_checked_is_a_state_of_its_own_with_a_place_to_look(cast: Cast) -> None:
    fix = {
        "steps": ["Look."],
        "command": "aws it",
        "link": "https://example.com/",
        "link_label": "",
    }
    change(cast, "spot_quota", status="could_not_check", turn="customer", fix=fix)

    text = page(cast)

    assert ">Could not check</span>" in text
    assert "aws it" in text
    assert 'href="https://example.com/"' in text


def test_the_way_to_a_report_is_shown_until_there_is_access(cast: Cast) -> None:
    way = "Find out before you give access"
    account = cast.installation.check_results.exclude(code__startswith="role_")
    account.delete()
    assert way not in page(cast)
    cast.installation.check_results.all().delete()
    assert way in page(cast)


def report(cast: Cast, code: str, **values: Any) -> None:
    check = next(one for one in CHECKS if one.code == code)
    cast.installation.check_results.filter(code=code).delete()
    make_result(cast.installation, code, check.relies_on, source="reported", **values)


def test_what_was_reported_is_shown_before_any_role_and_counts_for_nothing(cast: Cast) -> None:
    cast.installation.check_results.all().delete()
    report(cast, "spot_quota", saw="64 vCPU")

    text = page(cast)

    assert "You reported what you saw" in text
    assert "64 vCPU" in text
    assert ">Reported by you</span>" in text
    assert "Check now" not in text
    assert not show(cast).context["is_checked"]


def test_a_reported_result_keeps_the_step_open_until_aws_was_asked(cast: Cast) -> None:
    assert show(cast).context["is_checked"]

    report(cast, "spot_quota")

    assert not show(cast).context["is_checked"]
    assert ">Check again</button>" in page(cast)


def test_without_anything_to_show_the_page_names_what_comes_first(cast: Cast) -> None:
    cast.installation.check_results.all().delete()

    text = page(cast)

    assert "with the role you create" in text
    assert 'id="live"' not in text


def test_only_what_is_asked_again_shows_as_being_asked(cast: Cast) -> None:
    change(cast, "spot_quota", status="failed", turn="customer")
    earlier = timezone.now() - timedelta(minutes=1)
    cast.installation.check_results.update(checked_at=earlier)

    run(cast)

    going = [row.result.code for row in show(cast).context["rows"] if row.is_running]
    assert going == ["spot_quota"]
    assert "Asking AWS…" in page(cast)


def test_everything_shows_as_being_asked_when_everything_is(cast: Cast) -> None:
    cast.installation.check_results.update(checked_at=timezone.now() - timedelta(minutes=1))
    run(cast, data={"everything": True})
    change(cast, "spot_quota", checked_at=timezone.now() + timedelta(seconds=1))

    rows = show(cast).context["rows"]

    assert {row.result.code for row in rows if not row.is_running} == {"spot_quota"}


def test_the_first_button_is_there_only_while_something_is_due(cast: Cast) -> None:
    assert not re.search(r">Check (again|now)</button>", page(cast))
    assert "Check everything again</button>" in page(cast)

    change(cast, "spot_quota", checked_at=timezone.now() - timedelta(hours=25))

    assert ">Check again</button>" in page(cast)


def test_the_second_button_asks_for_everything(cast: Cast) -> None:
    url = reverse("check_account", args=[cast.installation.pk])

    cast.client("member").post(url, {"everything": "1"})

    assert Operation.objects.get(kind="check_account").data == {"everything": True}


def test_the_role_is_the_first_row_and_links_to_its_step(cast: Cast) -> None:
    text = page(cast)
    access = reverse("step", args=[cast.installation.pk, "access"])

    assert text.index("The role opens for Astro alone") < text.index("us-east-1 is turned on")
    assert f'<a href="{access}">See the proofs</a>' in text


def test_a_proof_that_did_not_pass_is_named_and_mended_in_its_own_step(cast: Cast) -> None:
    fix = {"steps": ["Mend it."], "command": "", "link": "", "link_label": ""}
    change(cast, "role_opens", status="failed", title="It opens", saw="It does not.", fix=fix)

    text = page(cast)

    assert "It does not." in text
    assert "Put it right in the step Give Astro access" in text
    assert "Mend it." not in text
    assert "The role opens for Astro alone" not in text


def test_before_the_role_is_there_its_proofs_are_left_to_their_own_step(cast: Cast) -> None:
    cast.installation.check_results.all().delete()
    make_result(cast.installation, "role_exists", ("aws_account_id",), status="waiting")
    report(cast, "spot_quota")

    text = page(cast)

    assert 'id="result-spot_quota"' in text
    assert 'id="result-role_exists"' not in text

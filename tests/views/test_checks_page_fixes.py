"""What the checks page says puts a result right: once, with one click first."""

import pytest

from onboarding.models import CheckResult, Status
from tests.views.cast import Cast, make_cast, put
from tests.views.checks_page import change, page

pytestmark = pytest.mark.django_db

OFFER = {"kind": "answer", "label": "Use 10.0.0.0/19", "data": {}}
FIX = {"steps": ["One.", "Two."], "command": "aws it", "link": "", "link_label": "", "offer": OFFER}


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def test_what_one_fix_puts_right_is_one_thing_and_is_said_once(cast: Cast) -> None:
    fix = {"steps": ["Turn it on."], "command": "", "link": "", "link_label": ""}
    for code in ("on_demand_quota", "spot_quota", "node_type_offered"):
        look = fix | {"command": f"aws look {code}"}
        change(cast, code, status="could_not_check", turn="customer", cause="It is off.", fix=look)
    # Another row may stand between.
    change(cast, "node_quota", status="warning", turn="customer", cause="It is small.", fix={})
    change(
        cast, "vpc_quota", status="could_not_check", turn="customer", cause="It is off.", fix=fix
    )

    text = page(cast)

    assert "One thing needs you</b> before support can build." in text
    assert text.count("Turn it on.") == 1
    above = 'What is said <a href="#result-on_demand_quota">above</a> puts this right too.'
    assert text.count(above) == 3
    assert all(f"aws look {code}" in text for code in ("spot_quota", "node_type_offered"))


def test_what_one_click_puts_right_is_one_thing_and_is_offered_once(cast: Cast) -> None:
    offer = {"kind": "enable_region", "label": "Turn it on", "data": {"region": "us-east-1"}}
    for number, code in enumerate(("region_enabled", "on_demand_quota", "spot_quota")):
        fix = {"steps": [f"Way {number}."], "command": "", "link": "", "link_label": ""}
        cause = f"Cause {min(number, 1)}."
        change(
            cast, code, status="failed", turn="customer", cause=cause, fix=fix | {"offer": offer}
        )

    text = page(cast)

    assert "One thing needs you</b> before support can build." in text
    assert text.count(">Turn it on") == 1
    assert text.count('href="#result-region_enabled">above</a> puts this right too.') == 2
    assert "Way 0." in text
    assert "Way 1." not in text
    assert text.count("Cause 1.") == 1  # another cause is told, once


def test_one_click_comes_before_doing_it_oneself(cast: Cast) -> None:
    change(cast, "astro_cidr_free", status="failed", turn="customer", fix=FIX)

    text = page(cast)

    assert (
        text.index("Use 10.0.0.0/19</button>")
        < text.index("Or do it yourself")
        < text.index("Two.")
    )


@pytest.mark.parametrize("case", ["reported", "locked"])
def test_nothing_is_offered_that_could_not_be_carried_out(cast: Cast, case: str) -> None:
    change(cast, "astro_cidr_free", status="failed", turn="customer", fix=FIX)
    if case == "reported":
        change(cast, "astro_cidr_free", source=CheckResult.Source.REPORTED)
    else:
        put(cast.installation, Status.SUBMITTED)

    text = page(cast)

    assert "Use 10.0.0.0/19</button>" not in text
    assert "Two." in text


def test_a_failed_call_is_explained_in_its_row(cast: Cast) -> None:
    told = {
        "action": "ec2:DescribeVpcs",
        "account_id": "210987654321",
        "region": "us-east-1",
        "code": "UnauthorizedOperation",
        "request_id": "req-1",
        "said": "You are not authorized.",
        "layer": "",
        "causes": ["The role lacks it."],
        "identity": "role",
    }
    change(
        cast,
        "vpc_quota",
        status="could_not_check",
        turn="customer",
        cause="AWS denied it.",
        report=told,
    )

    text = page(cast)

    assert "AWS denied it." in text
    assert "UnauthorizedOperation" in text

"""A failed check that support lets pass: which, for how long, and what is kept of it."""

from typing import Any

import pytest

from onboarding.models import (
    Installation,
    Mail,
    Override,
    User,
)
from onboarding.models.groups import LEAD
from onboarding.services import review
from onboarding.services.review import NotOverridable
from onboarding.wizard import flow
from tests.factories import make_answered, make_result, make_user
from tests.services.review_scene import again, blocked, last, let_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db: None) -> User:
    return make_user("lead@support.example", is_staff=True, group=LEAD)


def test_what_is_let_pass_no_longer_stops_and_says_why(lead: User) -> None:
    installation = blocked()
    assert not flow(installation).is_answered
    let_pass(installation, lead)
    assert flow(again(installation)).is_answered
    event = last(installation)
    assert (event.kind, event.note) == ("overridden", "AWS has agreed by phone.")
    mail = Mail.objects.get(name="overridden")
    assert "AWS has agreed by phone." in mail.text


def test_it_holds_as_long_as_the_answers_it_is_about(lead: User) -> None:
    installation = blocked()
    let_pass(installation, lead)
    Installation.objects.filter(pk=installation.pk).update(region="eu-west-1")
    assert again(installation).overrides_that_hold() == {}


def test_a_check_counts_again_when_it_is_taken_back(lead: User) -> None:
    installation = blocked()
    let_pass(installation, lead)
    review.withdraw_override(installation, code="on_demand_quota", by=lead)
    assert not flow(again(installation)).is_answered
    kept = Override.objects.get()
    assert (kept.withdrawn_by, kept.reason) == (lead, "AWS has agreed by phone.")
    with pytest.raises(NotOverridable):
        review.withdraw_override(installation, code="on_demand_quota", by=lead)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("role_refuses_without", {"status": "failed"}),
        ("on_demand_quota", {"status": "passed"}),
        ("on_demand_quota", {"status": "failed", "blocking": False}),
        ("on_demand_quota", {"status": "failed", "source": "reported"}),
        ("on_demand_quota", {"status": "failed", "relied_on": {"region": "sa-east-1"}}),
        ("no_such_check", {}),
    ],
)
def test_neither_safety_nor_what_stops_nobody_is_let_pass(
    lead: User, code: str, values: dict[str, Any]
) -> None:
    installation = make_answered()
    if values:
        installation.check_results.filter(code=code).update(**values)
    with pytest.raises(NotOverridable):
        let_pass(again(installation), lead, code)


def test_a_reason_is_needed(lead: User) -> None:
    with pytest.raises(NotOverridable, match="Say why"):
        review.override(blocked(), code="on_demand_quota", reason="  ", by=lead)


def test_a_result_of_yesterday_may_be_let_pass_too(lead: User) -> None:
    installation = blocked()
    make_result(installation, "another", status="failed")
    assert let_pass(again(installation), lead, "another").saw == "Seen."
